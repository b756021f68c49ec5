"""A shop's page as far as a server can see it: a widget, and visitors who ask it things."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import orjson
from django.test import Client
from django.utils import timezone

from majlis.channels.chat import widgets
from majlis.channels.chat.models import Widget
from majlis.conversations.models import Conversation
from majlis.people.models import Brand, Mailbox
from tests import cast

SITE = "https://shop.example"
PAGE = f"{SITE}/coffee/dallah?utm=x&token=secret#top"


def brand(name: str = "سدرة", **more: Any) -> Brand:
    """A brand, the house's own if it is the first."""
    return Brand.objects.get_or_create(name=name, defaults={"created_at": timezone.now(), **more})[0]


def widget(
    *, sites: tuple[str, ...] = (SITE,), mailbox: Mailbox | None = None, of: Brand | None = None
) -> Widget:
    """A widget of the support mailbox on the shop's site."""
    return widgets.create(
        cast.salma(), brand=of or brand(), mailbox=mailbox or cast.support(), name="المتجر", sites=sites
    )


class Visitor:
    """Somebody's browser at the shop, with what it has in store."""

    def __init__(self, at: Widget, *, origin: str = SITE, address: str = "203.0.113.7") -> None:
        self.widget, self.origin, self.token = at, origin, ""
        self._client = Client(REMOTE_ADDR=address)
        self.status = 0
        self.headers: Mapping[str, str] = {}

    def ask(self, what: str, **said: Any) -> dict[str, Any]:
        """Ask for `what` and take the answer; a token that comes is kept."""
        told = {"token": self.token, "page": PAGE, "language": "ar-SA", "zone": "Asia/Riyadh", **said}
        return self.post(what, json.dumps(told).encode())

    def post(self, what: str, body: bytes, content_type: str = "text/plain;charset=UTF-8") -> dict[str, Any]:
        """The same with a body of its own."""
        answer = self._client.post(
            f"/chat/{self.widget.key}/{what}", body, content_type=content_type, HTTP_ORIGIN=self.origin
        )
        return self._taken(answer)

    def upload(self, name: str, content: bytes, content_type: str = "text/plain") -> dict[str, Any]:
        """Send a file."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        answer = self._client.post(
            f"/chat/{self.widget.key}/upload",
            {"token": self.token, "file": SimpleUploadedFile(name, content, content_type)},
            HTTP_ORIGIN=self.origin,
        )
        return self._taken(answer)

    def say(self, text: str, **more: Any) -> dict[str, Any]:
        """Say something, under a key of its own unless one is given."""
        return self.ask("say", **{"key": str(uuid4()), "text": text, **more})

    def fetch(self, url: str) -> Any:
        """GET something with the origin of the shop."""
        return self._client.get(url, HTTP_ORIGIN=self.origin)

    def _taken(self, answer: Any) -> dict[str, Any]:
        self.status, self.headers = answer.status_code, answer.headers
        told: dict[str, Any] = orjson.loads(answer.content)
        self.token = told.get("token", self.token)
        return told


def signed(at: Widget, sub: str = "c-17", *, secret: str = "", minutes: float = 10, **claims: Any) -> str:
    """What the shop's back end writes into its page for somebody it knows."""
    said = {"sub": sub, "exp": timezone.now() + timedelta(minutes=minutes), "jti": uuid4().hex, **claims}
    said = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(said, secret or widgets.secret_of(at), algorithm="HS256")


def newest() -> Conversation:
    """The conversation that came last."""
    return Conversation.objects.order_by("-pk")[0]
