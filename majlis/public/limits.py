"""How often one address may ask for public pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
WINDOW_SECONDS = 600
MOST = 120


def limited(view: View[P]) -> View[P]:
    """`MOST` requests in ten minutes by one address, all public pages together; then 429 until the next ten."""

    @wraps(view)
    def counted(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        window = int(time.time()) // WINDOW_SECONDS
        key = f"public:{request.META.get('REMOTE_ADDR', '')}:{window}"
        seen = cache.get_or_set(key, 0, WINDOW_SECONDS) or 0
        if seen >= MOST:
            return _too_many(request)
        cache.set(key, seen + 1, WINDOW_SECONDS)
        return view(request, *args, **kwargs)

    return open_to_all(counted)


def open_to_all(view: View[P]) -> View[P]:
    """A view for whoever asks, signed in or not; apply it outermost."""
    view.is_public = True  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view


def _too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(WINDOW_SECONDS)
    return response
