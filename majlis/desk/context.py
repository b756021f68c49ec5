"""What every template knows without being told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from majlis.desk.to_sign_in import mailboxes_to_sign_in
from majlis.people.sessions import installation_of, teammate_of


@dataclass(frozen=True, slots=True)
class Shown:
    """The installation as pages show it."""

    name: str
    region: str
    language: str


def shared(request: HttpRequest) -> dict[str, Any]:
    """`me` (a teammate or None), `installation` (name, region, language; asked for only when shown),
    `mailboxes_to_sign_in` (asked for only when there are any), `version`."""
    return {
        "me": teammate_of(request) if hasattr(request, "session") else None,
        "installation": SimpleLazyObject(lambda: _shown(request)),
        "mailboxes_to_sign_in": SimpleLazyObject(lambda: mailboxes_to_sign_in(request)),
        "version": settings.VERSION,
    }


def _shown(request: HttpRequest) -> Shown:
    found = installation_of(request)
    if found is None:
        return Shown(name="", region="", language=settings.LANGUAGE_CODE)
    return Shown(name=found.company, region=found.region, language=found.language)
