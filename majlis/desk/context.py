"""What every template knows without being told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from majlis.people import queries
from majlis.people.sessions import teammate_of


@dataclass(frozen=True, slots=True)
class Shown:
    """The installation as pages show it."""

    name: str
    region: str
    language: str


def shared(request: HttpRequest) -> dict[str, Any]:
    """`me` (a teammate or None), `installation` (name, region, language; asked for only when shown), `version`."""
    return {
        "me": teammate_of(request) if hasattr(request, "session") else None,
        "installation": SimpleLazyObject(_shown),
        "version": settings.VERSION,
    }


def _shown() -> Shown:
    found = queries.installation()
    if found is None:
        return Shown(name="", region="", language=settings.LANGUAGE_CODE)
    return Shown(name=found.company, region=found.region, language=found.language)
