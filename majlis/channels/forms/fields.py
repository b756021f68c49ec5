"""What a form asks: its fields, as they are kept and as they are shown. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

VERSION: Final = 1
MOST_FIELDS: Final = 30
MOST_OPTIONS: Final = 30
LONGEST_LABEL: Final = 120
LONGEST_HELP: Final = 300
MESSAGE: Final = "message"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
# What else stands in the address or the body of a form.
RESERVED: Final = frozenset(
    {"name", "email", "page", "language", "theme", "stamp", "proof", "website", "kept"}
)


class Kind(StrEnum):
    """What a field asks for."""

    TEXT = "text"
    LONG = "long"
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes_no"
    ORDER = "order"
    FILE = "file"


class When(StrEnum):
    """What a condition asks of the other field."""

    IS = "is"
    IS_NOT = "is_not"
    FILLED = "filled"


WITH_OPTIONS: Final = frozenset({Kind.CHOICE, Kind.SEVERAL})


@dataclass(frozen=True, slots=True)
class Condition:
    """A field is asked only if `field`, which stands before it, is `value`, is not, or is filled in.

    The value of a choice is its option's number from 0, as text; of yes or no "yes" or "no".
    """

    field: str
    test: When
    value: str = ""

    def holds(self, said: Mapping[str, Sequence[str]]) -> bool:
        """Whether it does for what was said, a list of values for each field."""
        values = [value.strip().casefold() for value in said.get(self.field, ()) if value.strip()]
        if self.test == When.FILLED:
            return bool(values)
        return (self.value.strip().casefold() in values) == (self.test == When.IS)


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `options` are pairs of words, Arabic and English; words that are empty are said in the other language."""

    key: str
    kind: Kind
    label_ar: str = ""
    label_en: str = ""
    help_ar: str = ""
    help_en: str = ""
    is_required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    condition: Condition | None = None

    def label(self, language: str) -> str:
        """What it is called."""
        return either(self.label_ar, self.label_en, language)

    def help(self, language: str) -> str:
        """What is said below its label."""
        return either(self.help_ar, self.help_en, language)

    def words(self, language: str) -> list[str]:
        """Its options."""
        return [either(arabic, english, language) for arabic, english in self.options]


def either(arabic: str, english: str, language: str) -> str:
    """The words in `language`, in the other one where there are none."""
    return (arabic or english) if language == "ar" else (english or arabic)


def is_key(key: str) -> bool:
    """Claims that a field other than the message may be called so."""
    return bool(_KEY.fullmatch(key)) and key not in RESERVED


def kept(fields: Sequence[Field]) -> list[dict[str, Any]]:
    """The fields as they are stored; what is empty is left out."""
    return [_kept(field) for field in fields]


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[Field, ...]:
    """The fields of a form, from what `kept` wrote."""
    return tuple(_read(row) for row in rows)


def _kept(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": field.key,
        "kind": str(field.kind),
        "label_ar": field.label_ar,
        "label_en": field.label_en,
        "help_ar": field.help_ar,
        "help_en": field.help_en,
        "is_required": field.is_required,
        "options": [list(pair) for pair in field.options],
    }
    if field.condition is not None:
        found["condition"] = {
            "field": field.condition.field,
            "test": str(field.condition.test),
            "value": field.condition.value,
        }
    return {name: value for name, value in found.items() if value}


def _read(row: Mapping[str, Any]) -> Field:
    asked = row.get("condition")
    return Field(
        key=row["key"],
        kind=Kind(row["kind"]),
        label_ar=row.get("label_ar", ""),
        label_en=row.get("label_en", ""),
        help_ar=row.get("help_ar", ""),
        help_en=row.get("help_en", ""),
        is_required=row.get("is_required", False),
        options=tuple((arabic, english) for arabic, english in row.get("options", ())),
        condition=Condition(asked["field"], When(asked["test"]), asked.get("value", "")) if asked else None,
    )
