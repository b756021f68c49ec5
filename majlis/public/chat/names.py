"""Whom a visitor writes to: the team's name and the brand's, in the visitor's language."""

from __future__ import annotations

from django.utils import translation

from majlis.people.called import name_of
from majlis.people.models import Brand, Installation


def shown(installation: Installation | None, brand: Brand, language: str) -> str:
    """As it stands in the head of the chat and is read out on its button."""
    with translation.override(language):
        return f"{name_of(installation)} · {brand.name_for(language)}"
