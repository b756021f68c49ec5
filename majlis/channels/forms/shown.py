"""A form as its page shows it: every field with its words, what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import words
from .answers import Problem
from .fields import MESSAGE, Field, Kind

NAME: Final = "name"
ADDRESS: Final = "email"
FEW_OPTIONS: Final = 6
# What a browser may fill in by itself, and which keys a phone shows.
_COMPLETE: Final = {Kind.EMAIL: "email", Kind.PHONE: "tel"}
_MODES: Final = {Kind.EMAIL: "email", Kind.PHONE: "tel", Kind.NUMBER: "decimal"}
_TYPES: Final = {Kind.EMAIL: "email", Kind.PHONE: "tel", Kind.DATE: "date"}


def built_in(*, needs_address: bool) -> tuple[Field, Field]:
    """Name and address, which every form has."""
    return (
        Field(NAME, Kind.TEXT),
        Field(ADDRESS, Kind.EMAIL, is_required=needs_address),
    )


def shown(
    fields: Sequence[Field],
    *,
    language: str,
    digits: str,
    needs_address: bool = True,
    said: Mapping[str, Sequence[str]] | None = None,
    problems: Mapping[str, Problem] | None = None,
    files: Mapping[str, Sequence[Any]] | None = None,
) -> list[dict[str, Any]]:
    """The fields for `public/_form_fields.html`, name and address first.

    `said`: what was typed, by key; `files`: files of an earlier try that are still here, by key.
    """
    said, problems, files = said or {}, problems or {}, files or {}
    asked = [*built_in(needs_address=needs_address), *fields]
    by_key = {field.key: field for field in asked}
    found = []
    for field in asked:
        one = _shown(field, said.get(field.key, ()), language)
        if field.key in problems:
            one["problem"] = words.problem(problems[field.key], digits=digits)
        if field.condition is not None and field.condition.field in by_key:
            one["condition"] = field.condition
            one["condition_said"] = words.condition(field.condition, by_key[field.condition.field], language)
        one["files"] = list(files.get(field.key, ()))
        found.append(one)
    return found


def _shown(field: Field, values: Sequence[str], language: str) -> dict[str, Any]:
    return {
        "id": f"f-{field.key}",
        "key": field.key,
        "kind": str(field.kind),
        "label": label(field, language),
        "help": _help(field, language),
        "is_required": field.is_required,
        "value": values[0] if values else "",
        "options": _options(field, values, language),
        "is_list": len(field.options) > FEW_OPTIONS and field.kind == Kind.CHOICE,
        "type": _TYPES.get(field.kind, "text"),
        "mode": _MODES.get(field.kind, ""),
        "complete": "name" if field.key == NAME else _COMPLETE.get(field.kind, "off"),
        "is_ltr": field.kind in (Kind.EMAIL, Kind.PHONE, Kind.NUMBER, Kind.ORDER, Kind.DATE),
        "rows": 6 if field.key == MESSAGE else 3,
        "problem": "",
    }


def label(field: Field, language: str) -> str:
    """What a field is called, the built-in ones too."""
    if field.key == NAME:
        return _("Your name")
    if field.key == ADDRESS:
        return _("Your email address")
    if field.key == MESSAGE and not field.label(language):
        return pgettext("contact form", "Your message")
    return words.label(field, language)


def _help(field: Field, language: str) -> str:
    if field.key == ADDRESS:
        if field.is_required:
            return _("Our answer comes here.")
        return _("Without it we read what you write, and cannot answer you.")
    return field.help(language)


def _options(field: Field, values: Sequence[str], language: str) -> list[dict[str, Any]]:
    if field.kind == Kind.YES_NO:
        pairs = list(zip(("yes", "no"), words.yes_no(), strict=True))
    else:
        pairs = [(str(number), word) for number, word in enumerate(field.words(language))]
    return [{"value": value, "label": word, "is_on": value in values} for value, word in pairs]
