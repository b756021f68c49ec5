"""What was filled in: cleaned, and checked against what the form asks. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from majlis.channels.greeting import calling
from majlis.lib.numbers import ascii_digits

from .fields import Field, Kind

LONGEST: Final = {
    Kind.TEXT: 200,
    Kind.LONG: 10_000,
    Kind.EMAIL: 254,
    Kind.PHONE: 40,
    Kind.NUMBER: 40,
    Kind.ORDER: 40,
}
LONGEST_NAME: Final = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# They would turn what stands after them, and U+FFFD stands for what was no text.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufffd\ufeff\u2028\u2029]")
_PHONE = re.compile(r"\+?[\d ().\-/]{4,}")
_NUMBER = re.compile(r"-?\d{1,20}([.,]\d{1,10})?")
_ORDER = re.compile(r"#?[^\W_]([\w \-#/]*[^\W_])?")
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)+"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one field cannot be taken: a code, and what its sentence needs."""

    code: str
    data: Mapping[str, Any]


def one_line(text: str) -> str:
    """Text on one line without control characters: what may stand in a header."""
    return " ".join(_clean(text).split())


def lines(text: str) -> str:
    """Text with its lines, without control characters."""
    text = _clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def name_problem(name: str) -> Problem | None:
    """A name goes into what we send, to an address that nobody has proven: it may hold no link."""
    if not name or calling(name):
        return None
    if len(name) > LONGEST_NAME:
        return Problem("too_long", {"longest": LONGEST_NAME})
    return Problem("not_a_name", {})


def address_problem(address: str, *, is_required: bool) -> Problem | None:
    """Whether somebody can be written to there."""
    if not address:
        return Problem("required", {}) if is_required else None
    if len(address) > LONGEST[Kind.EMAIL] or not _ADDRESS.fullmatch(address) or ".." in address:
        return Problem("not_an_address", {})
    return None


def typed(field: Field, values: Sequence[str]) -> list[str]:
    """What was typed into a field, as it is shown again: clean, and nothing for nothing."""
    clean = lines if field.kind == Kind.LONG else one_line
    found = [clean(value) for value in values]
    if field.kind in (Kind.NUMBER, Kind.PHONE, Kind.DATE):
        found = [ascii_digits(value) for value in found]
    return [value for value in found if value][: len(field.options) if field.kind == Kind.SEVERAL else 1]


def problem(field: Field, values: Sequence[str], said: Mapping[str, Sequence[str]]) -> Problem | None:
    """Why `values`, as `typed` gives them, cannot be taken; `said` is what was typed into all fields.

    Nothing is required of a field whose condition does not hold.
    """
    if not values:
        is_asked = field.condition is None or field.condition.holds(said)
        return Problem("required", {}) if field.is_required and is_asked else None
    longest = LONGEST.get(field.kind, LONGEST[Kind.TEXT])
    if any(len(value) > longest for value in values):
        return Problem("too_long", {"longest": longest})
    check = _CHECKS.get(field.kind)
    return None if check is None else check(field, values)


def shown(field: Field, values: Sequence[str], *, language: str, yes: str, no: str) -> str:
    """What a person reads of an answer: words for options."""
    if field.kind in (Kind.CHOICE, Kind.SEVERAL):
        words = field.words(language)
        return ("، " if language == "ar" else ", ").join(words[int(value)] for value in values)
    if field.kind == Kind.YES_NO:
        return yes if values[0] == "yes" else no
    return values[0]


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", _TURNING.sub("", unicodedata.normalize("NFC", text)))


def _options(field: Field, values: Sequence[str]) -> Problem | None:
    offered = {str(number) for number in range(len(field.options))}
    return None if set(values) <= offered and len(set(values)) == len(values) else Problem("not_offered", {})


def _date(_field: Field, values: Sequence[str]) -> Problem | None:
    try:
        is_sane = 1900 <= date.fromisoformat(values[0]).year <= 2200
    except ValueError:
        is_sane = False
    return None if is_sane else Problem("not_a_date", {})


def _matching(pattern: re.Pattern[str], code: str) -> Callable[[Field, Sequence[str]], Problem | None]:
    return lambda _field, values: None if pattern.fullmatch(values[0]) else Problem(code, {})


_CHECKS: Final[dict[Kind, Callable[[Field, Sequence[str]], Problem | None]]] = {
    Kind.EMAIL: lambda _field, values: address_problem(values[0], is_required=False),
    Kind.PHONE: _matching(_PHONE, "not_a_phone"),
    Kind.NUMBER: _matching(_NUMBER, "not_a_number"),
    Kind.ORDER: _matching(_ORDER, "not_an_order"),
    Kind.DATE: _date,
    Kind.CHOICE: _options,
    Kind.SEVERAL: _options,
    Kind.YES_NO: lambda _field, values: None if values[0] in ("yes", "no") else Problem("not_offered", {}),
}
