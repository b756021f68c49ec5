"""One line of a table of customers, read as what its columns are said to hold. Pure but for the list of time zones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from majlis.lib.arabic import normalise
from majlis.lib.errors import Refused
from majlis.lib.numbers import ascii_digits

FIELDS = (
    "address",
    "name",
    "job",
    "company",
    "plan",
    "pays",
    "customer_since_on",
    "language",
    "time_zone",
    "note",
)
LONGEST = {"name": 120, "job": 120, "company": 120, "plan": 60, "pays": 60, "note": 2000}
LONGEST_VALUE = 500
_LANGUAGES = {
    "arabic": "ar", "عربي": "ar", "عربيه": "ar", "العربيه": "ar", "english": "en", "انجليزي": "en",
    "انجليزيه": "en", "الانجليزيه": "en", "انكليزيه": "en", "french": "fr", "الفرنسيه": "fr", "فرنسي": "fr",
}  # fmt: skip
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: .*)?")
_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says of somebody; only what it says."""

    address: str
    texts: dict[str, str] = field(default_factory=dict)
    since: date | None = None
    note: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


def read(cells: Sequence[str], fields: Sequence[str]) -> Line:
    """A line's cells as `fields` name them.

    Raises Refused: "row_no_address", "row_bad_address", "row_bad_date", "row_bad_zone", "row_bad_language",
    "row_too_long".
    """
    said = {name: cell.strip() for name, cell in zip(fields, cells, strict=False) if name and cell.strip()}
    address = said.pop("address", "").lower()
    if not address:
        raise Refused("row_no_address")
    try:
        validate_email(address)
    except ValidationError as problem:
        raise Refused("row_bad_address") from problem
    since = _day(said.pop("customer_since_on")) if "customer_since_on" in said else None
    note = said.pop("note", "")
    attributes = {
        name.partition(":")[2]: value for name, value in said.items() if name.startswith("attribute:")
    }
    texts = {name: " ".join(said[name].split()) for name in said if not name.startswith("attribute:")}
    if "language" in texts:
        texts["language"] = _language(texts["language"])
    if texts.get("time_zone") and texts["time_zone"] not in available_timezones():
        raise Refused("row_bad_zone")
    if "pays" in texts:
        texts["pays"] = ascii_digits(texts["pays"])
    is_long = any(len(text) > LONGEST.get(name, 200) for name, text in {**texts, "note": note}.items())
    if is_long or any(len(value) > LONGEST_VALUE for value in attributes.values()):
        raise Refused("row_too_long")
    return Line(address, texts, since, note, attributes)


def _day(text: str) -> date:
    """A day as spreadsheets write it, the year first or last; of two readings the day comes before the month."""
    plain = ascii_digits(text)
    try:
        if found := _ISO.fullmatch(plain):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.fullmatch(plain):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError as problem:
        raise Refused("row_bad_date") from problem
    raise Refused("row_bad_date")


def _language(text: str) -> str:
    code = text.lower().replace("_", "-").partition("-")[0]
    if _CODE.fullmatch(code):
        return code
    if found := _LANGUAGES.get(normalise(text)):
        return found
    raise Refused("row_bad_language")
