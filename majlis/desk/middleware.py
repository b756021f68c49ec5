"""What every page needs before its view runs: a language and a time zone, and a person who may be there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from majlis.people import queries
from majlis.people.models import Teammate
from majlis.people.sessions import teammate_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
GetResponse = Callable[[HttpRequest], HttpResponseBase]
LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)
YEAR_SECONDS = 365 * 24 * 60 * 60


# What the decorators of django-csp leave on an answer.
_OWN_POLICY = frozenset(
    f"_csp_{word}{kind}" for word in ("exempt", "config", "update", "replace") for kind in ("", "_ro")
)


class ContentPolicy(CSPMiddleware):
    """The policy of most answers never changes: it is put together once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        has_nonce, has_own = hasattr(request, "_csp_nonce"), HEADER in response.headers
        if has_nonce or has_own or not _OWN_POLICY.isdisjoint(vars(response)):
            return super().process_response(request, response)
        response.headers[HEADER] = _usual_policy()
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response


@cache
def _usual_policy() -> str:
    return build_policy()


class Compression(GZipMiddleware):
    """Pages travel compressed (their tokens are masked anew each time); files leave as they are.

    A page's length is blurred against being guessed at. Not that of an answer which another site's page can never ask
    for in somebody's name: it marks itself as `is_plain_length`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        self._exact = _Exact(get_response)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming:
            return response
        if getattr(response, "is_plain_length", False):
            return self._exact.process_response(request, response)
        return super().process_response(request, response)


class _Exact(GZipMiddleware):
    max_random_bytes = 0


def language(get_response: GetResponse) -> GetResponse:
    """Activate the reader's language and time zone; it runs before CSRF and 404 pages are written.

    Language: the teammate's, else `?language=` (which is remembered), else the cookie, else the installation's,
    else Arabic. Time zone: the teammate's, else the installation's.
    """

    def with_language(request: HttpRequest) -> HttpResponseBase:
        teammate = teammate_of(request)
        asked = request.GET.get("language", "")
        chosen, zone = _chosen(request, teammate, asked)
        timezone.activate(zone)
        request.has_language = True  # type: ignore[attr-defined]
        with translation.override(chosen):
            response = get_response(request)
            response.headers.setdefault("Content-Language", chosen)
        timezone.deactivate()
        if teammate is None:
            patch_vary_headers(response, ("Cookie",))
            if asked in LANGUAGES:
                remember_language(response, asked)
        return response

    return with_language


def remember_language(response: HttpResponseBase, code: str) -> None:
    """Keep the language of a browser nobody is signed in with, for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


def person(get_response: GetResponse) -> _Person:
    """Nobody sees a page without being signed in, unless its view is marked as open.

    `public` opens a view for good; Django's own `login_not_required` (allauth's pages) once there is an owner.
    """
    return _Person(get_response)


class _Person(LoginRequiredMiddleware):
    """Turns the unknown away: to the first run while there is no owner, else to sign in."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated or getattr(view_func, "is_public", False):
            return None
        if not queries.has_owner():
            return render(request, "setup/closed.html", {"code": "not_yet"})
        response = super().process_view(request, view_func, view_args, view_kwargs)
        if response is not None and request.headers.get("HX-Request"):
            # A fragment must not be replaced by the sign-in page: the whole page goes there.
            return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
        return response


def public(view: View) -> View:
    """Mark a view as open to everybody, also while there is no owner; apply it outermost."""
    view.is_public = True  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view


def _chosen(request: HttpRequest, teammate: Teammate | None, asked: str) -> tuple[str, ZoneInfo]:
    if teammate is not None and teammate.language in LANGUAGES:
        return teammate.language, _zone(teammate.time_zone)
    installation = queries.installation()
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    wishes = (asked, cookie, installation.language if installation else "", settings.LANGUAGE_CODE)
    first = next(code for code in wishes if code in LANGUAGES)
    return first, _zone(installation.time_zone if installation else "UTC")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
