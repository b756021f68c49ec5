"""Pieces of pages that many readers ask for again and again: rendered once for the same facts, the same reader's habits
and the same minute, then kept. What they say of the time ("waiting 5 minutes") is at most a minute old."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, cast

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils import timezone
from markupsafe import Markup

from majlis.jinja import language
from majlis.people.sessions import installation_of

from .asking import me

KEPT = 2048  # of 1 to 3 kB


@dataclass(frozen=True)
class Reader:
    """What a page's numbers, dates and words depend on; it stands for `me` and `installation` in a piece."""

    language: str
    numerals: str
    calendar: str
    region: str
    zone: str
    minute: int

    @cached_property
    def key(self) -> str:
        """All of it in one word."""
        return repr(self)


def reader(request: HttpRequest) -> Reader:
    """Who reads the answer to this request, now."""
    teammate, installation = me(request), installation_of(request)
    return Reader(
        language=language(),
        numerals=teammate.numerals,
        calendar=teammate.calendar,
        region=installation.region if installation else "",
        zone=timezone.get_current_timezone_name(),
        minute=int(timezone.now().timestamp() // 60),
    )


def piece(
    template: str,
    by: Reader,
    facts: Any,
    words: Callable[[Any], dict[str, Any]],
    *,
    key: Hashable | None = None,
) -> Markup:
    """A template rendered with `words(facts)`; `facts` is all that it depends on besides the reader.

    Facts that cannot be hashed come with a `key` that tells all of them. The template is told nothing else: no request,
    no token.
    """
    place = (template, by.key, facts if key is None else key)
    if (kept := _kept.get(place)) is not None:
        return kept
    text = _template(template).render({"me": by, "installation": by, **words(facts)})
    while len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept)), None)  # the oldest
    return _kept.setdefault(place, Markup(text))  # noqa: S704 - a template's output


@cache
def _template(name: str) -> Any:
    """The engine's own template: what Django puts around it asks for a request's context."""
    return cast(Any, get_template(name)).template


_kept: dict[tuple[str, str, Hashable], Markup] = {}
