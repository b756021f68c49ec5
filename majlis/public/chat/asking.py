"""A widget's question: who may ask from where, how often, and how a refusal is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import available_timezones

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from majlis.channels import pace, rules
from majlis.channels.chat import queries, visitors
from majlis.channels.chat.models import Visitor, Widget
from majlis.channels.chat.visitors import Come, Here
from majlis.channels.pace import network_of
from majlis.lib.errors import Refused
from majlis.public.limits import open_to_all

from . import words

MOST_BYTES: Final = 64 * 1024
MOST_UPLOAD_BYTES: Final = 12 * 1024 * 1024
LONGEST_PAGE: Final = 1_000
MOST_ASKED: Final = (
    6_000  # of all questions in ten minutes from one address: a whole office may stand behind it
)
LANGUAGES: Final = ("ar", "en")
STATUS: Final = {
    "unknown_visitor": 401,
    "wrong_site": 403,
    "not_shown": 403,
    "identity_off": 403,
    "identity_forged": 403,
    "identity_incomplete": 403,
    "identity_too_long_lived": 403,
    "identity_expired": 403,
    "identity_replayed": 403,
    "no_such_widget": 404,
    "not_found": 404,
    "too_large": 413,
    "too_often": 429,
}


@dataclass(slots=True)
class Asked:
    """A question at a widget. `token` is one handed out just now, to be told with the answer."""

    request: HttpRequest
    widget: Widget
    said: dict[str, Any]
    language: str
    token: str = ""
    visitor: Visitor | None = field(default=None)

    @property
    def here(self) -> Here:
        """Where the visitor is."""
        zone = text(self.said, "zone", longest=60)
        return Here(
            page=page_of(text(self.said, "page", longest=4_000)),
            language=self.language,
            time_zone=zone if zone in _zones() else "",
        )

    def come(self) -> Visitor | None:
        """Who asks, by token or by what the site signed; None for somebody unknown."""
        signed = text(self.said, "identity", longest=10_000)
        if signed and not self.said.get("token"):
            pace.count(f"identity:{address_of(self.request)}", most=60, seconds=600)
        token, secret = text(self.said, "token", longest=200), text(self.said, "secret", longest=200)
        self._keep(visitors.come(self.widget, token, signed, self.here, secret=secret))
        return self.visitor

    def somebody(self, *, key: UUID | None = None) -> Visitor:
        """Who asks; somebody unknown is a visitor of their own from now on, one for the same `key`."""
        if self.come() is None:
            if not self.is_shown():
                raise Refused("not_shown")
            if key is not None and (before := visitors.begun(self.widget, key)) is not None:
                self._keep(before)
            else:
                self._begin(key)
        assert self.visitor is not None
        return self.visitor

    def _begin(self, key: UUID | None) -> None:
        pace.count(f"visitors:{address_of(self.request)}", most=20, seconds=600)
        pace.count(f"visitors:widget:{self.widget.pk}", most=2_000, seconds=600)
        here = self.here
        self._keep(visitors.begin_with(self.widget, here, key) if key else visitors.begin(self.widget, here))

    def is_shown(self) -> bool:
        """Whether the widget's rule shows it to who asks, where they are now; kept with them for their stream."""
        page = self.here.page or (self.visitor.page if self.visitor is not None else "")
        is_shown = rules.to_visitor(self.widget, self.visitor, page).is_shown
        if self.visitor is not None and self.visitor.is_shown != is_shown:
            self.visitor.is_shown = is_shown
            self.visitor.save(update_fields=["is_shown"])
        return is_shown

    def known(self) -> Visitor:
        """Who asks, by their token. Raises Refused("unknown_visitor") for nobody."""
        visitor = visitors.found(self.widget, text(self.said, "token", longest=200))
        if visitor is None:
            raise Refused("unknown_visitor")
        self.visitor = visitor
        return visitor

    def _keep(self, come: Come) -> None:
        self.visitor, self.token = come.visitor, come.token
        if self.visitor is not None:
            self.visitor.widget = self.widget


View = Callable[[Asked], dict[str, Any]]


def answering(view: View) -> Callable[..., HttpResponseBase]:
    """A view that takes what a widget asks and answers JSON, or says in a sentence why not.

    The question is a POST of JSON as text/plain: a browser asks no leave for that. No cookie is read or set.
    """

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, key: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        language = "ar"
        try:
            widget = queries.widget_of(key)
            language = widget.brand.language
            _check_site(request, widget)
            pace.count(f"ask:{address_of(request)}", most=MOST_ASKED, seconds=600)
            said = _said(request)
            language = language_of(said, widget)
            with translation.override(language):
                asked = Asked(request, widget, said, language)
                told = view(asked)
            if asked.token:
                told = {**told, "token": asked.token}
            return _answer(request, told)
        except Refused as refused:
            with translation.override(language):
                return refusal(request, refused)

    return open_to_all(answered)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A refusal as the widget reads it."""
    told = {"error": refused.code, "say": words.of_refusal(refused)}
    response = _answer(request, told, status=STATUS.get(refused.code, 400))
    if refused.code == "too_often":
        response["Retry-After"] = str(refused.data.get("seconds", 60))
    return response


def text(said: dict[str, Any], name: str, *, longest: int) -> str:
    """A field that is text; what is none is empty, what is too long is cut."""
    value = said.get(name)
    return value[:longest].replace("\x00", "") if isinstance(value, str) else ""


def number(said: dict[str, Any], name: str) -> int:
    """A field that is a number of ours. Raises Refused("not_a_number")."""
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**62:
        raise Refused("not_a_number")
    return value


def address_of(request: HttpRequest) -> str:
    """Who asks, as the network says it; one line of IPv6 is one."""
    return network_of(str(request.META.get("REMOTE_ADDR", "")))


def page_of(address: str) -> str:
    """An address without what may be anybody's: no query, no fragment, no name or password."""
    try:
        parts = urlsplit("".join(letter for letter in address if letter.isprintable()))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"[:LONGEST_PAGE]


def language_of(said: dict[str, Any], widget: Widget) -> str:
    """The visitor's language: the widget's, where it is fixed, else theirs if we speak it, else the brand's."""
    asked = text(said, "language", longest=35).partition("-")[0].lower()
    for code in (widget.language, asked, widget.brand.language):
        if code in LANGUAGES:
            return code
    return "ar"


def allowed(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Let the page that asked read the answer. No cookie travels, so that any origin may be named."""
    response["Access-Control-Allow-Origin"] = request.headers.get("Origin") or "*"
    response["Access-Control-Expose-Headers"] = "Retry-After"
    response["Vary"] = "Origin"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _answer(request: HttpRequest, told: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = HttpResponse(orjson.dumps(told), status=status, content_type="application/json")
    response.is_plain_length = True  # type: ignore[attr-defined]  # no cookie says who asks
    return allowed(response, request)


def _check_site(request: HttpRequest, widget: Widget) -> None:
    """Raises Refused("wrong_site") for a page of another site than the widget may stand on."""
    origin = request.headers.get("Origin", "")
    if widget.sites and origin.lower() not in widget.sites:
        raise Refused("wrong_site", name=origin)


def _said(request: HttpRequest) -> dict[str, Any]:
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if (request.content_type or "").startswith("multipart/"):
        if size > MOST_UPLOAD_BYTES:
            raise Refused("too_large")
        return {name: str(value) for name, value in request.POST.items()}
    if size > MOST_BYTES:
        raise Refused("too_large")
    try:
        said = orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise Refused("not_understood") from error
    if not isinstance(said, dict):
        raise Refused("not_understood")
    return said


def _zones() -> frozenset[str]:
    global _known_zones
    if not _known_zones:
        _known_zones = frozenset(available_timezones())
    return _known_zones


_known_zones: frozenset[str] = frozenset()
