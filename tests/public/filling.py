"""People at a contact form: what the tests of forms do over and over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from majlis.channels.forms import stamps
from majlis.channels.forms.fields import Field, Kind, kept
from majlis.channels.forms.models import Form
from majlis.people.models import Brand
from tests import cast

OWN = "http://testserver"
MESSAGE = Field("message", Kind.LONG, label_ar="رسالتك", label_en="Your message", is_required=True)


def brand(name: str = "متجر سدرة") -> Brand:
    """A brand of the house."""
    cast.company()
    return Brand.objects.get_or_create(
        name=name, defaults={"name_latin": "Sidra", "created_at": timezone.now()}
    )[0]


def form(*fields: Field, **changes: Any) -> Form:
    """A form of the support mailbox that asks these and the message."""
    given: dict[str, Any] = {
        "brand": brand(),
        "mailbox": cast.support(),
        "key": f"form{Form.objects.count()}",
        "name": "تواصل",
        "title_ar": "راسلنا",
        "title_en": "Write to us",
        "fields": kept([*fields, MESSAGE]),
        "created_at": timezone.now(),
    }
    return Form.objects.create(**given | changes)


def stamp(of: Form, *, seconds: float = 60) -> str:
    """A stamp that was given out so long ago."""
    return stamps.give(of, now=timezone.now() - timedelta(seconds=seconds))


def send(
    of: Form,
    *,
    client: Client | None = None,
    seconds: float = 60,
    where: str = "",
    origin: str | None = OWN,
    ip: str = "192.0.2.7",
    language: str = "ar",
    **answers: Any,
) -> HttpResponseBase:
    """Fill in and send, as a browser without scripts does; `answers` by field, others (stamp, proof …) with a "_" before."""
    given: dict[str, Any] = {"stamp": stamp(of, seconds=seconds), "f-name": "ليلى", "f-email": cast.LAYLA}
    given |= {"f-message": "أين طلبي؟"}
    for name, value in answers.items():
        given[name[1:] if name.startswith("_") else f"f-{name}"] = value
    headers = {} if origin is None else {"origin": origin}
    address = f"/form/{of.key}{where}?language={language}"
    return (client or Client()).post(
        address,
        {name: value for name, value in given.items() if value is not None},
        headers=headers,
        REMOTE_ADDR=ip,
    )


def text(answer: HttpResponseBase) -> str:
    """The page."""
    return str(answer.content.decode())  # type: ignore[attr-defined]


def stamp_in(page: str) -> str:
    """The stamp a page was given."""
    found = re.search(r'name="stamp" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def options(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Options with the same words in both languages."""
    return tuple((word, word) for word in words)
