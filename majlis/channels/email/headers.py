"""Headers with a shape: addresses, message ids and dates (RFC 5322), read leniently."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz

from majlis.channels.email import words
from majlis.channels.email.mail import Address
from majlis.lib.arabic import BIDI_MARKS

MAX_ADDRESSES = 500
MAX_IDS = 500
_SPECIAL = re.compile(r'[",;:<()\\]')
_FINDABLE = re.compile(r"[^\s<>\"'(),;:\[\]\\]{1,64}@[^\s<>\"'(),;:\[\]\\@]{1,255}")
_ID = re.compile(r"<([^<>]{1,900})>")
# Direction marks at the ends of a name are put there for an address line, not part of it.
_AROUND_NAMES = ' ",;:\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'
# As written from the Gulf to Egypt, and in the Levant and Iraq.
_MONTHS = {
    "يناير": 1, "فبراير": 2, "مارس": 3, "أبريل": 4, "ابريل": 4, "إبريل": 4, "مايو": 5, "يونيو": 6, "يونيه": 6, "يوليو": 7,
    "يوليه": 7, "أغسطس": 8, "اغسطس": 8, "سبتمبر": 9, "أكتوبر": 10, "اكتوبر": 10, "نوفمبر": 11, "ديسمبر": 12,
    "كانون الثاني": 1, "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8, "أيلول": 9,
    "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12,
}  # fmt: skip
_MONTH = re.compile("|".join(_MONTHS))
_SHORT = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?\Z")


def addresses(values: Iterable[bytes], hint: str | None = None) -> tuple[Address, ...]:
    """Return everybody named in these headers' values, each address once, groups opened, names decoded.

    Names with unquoted commas, quotes never closed, missing angle brackets, comments as names and addresses hidden in
    encoded words are understood; a name without an address is left out.
    """
    found: dict[str, Address] = {}
    for value in values:
        # Latin-1 keeps every byte as one character, so the structure is read before any name is decoded:
        # a decoded name may hold commas of its own.
        people = _split(value.decode("latin-1"), hint)
        if not people and b"=?" in value:
            people = _split(words.decode(value, hint).encode("utf-8", "replace").decode("latin-1"), "utf-8")
        for person in people[:MAX_ADDRESSES]:
            if person.address not in found or (person.name and not found[person.address].name):
                found[person.address] = person
    return tuple(found.values())[:MAX_ADDRESSES]


def _split(text: str, hint: str | None) -> list[Address]:
    people: list[Address] = []
    carried = ""
    for segment in _segments(text):
        whole = f"{carried}{segment}" if carried else segment
        if "@" not in segment:
            carried = f"{whole}, "  # «Al-Harbi, Layla <layla@…>»: the comma belongs to the name
            continue
        person = _person(whole if "<" in segment else segment, hint)
        carried = ""
        if person:
            people.append(person)
    return people


def _segments(text: str) -> list[str]:
    """Cut at commas and semicolons outside quotes, comments and angle brackets; names of groups fall away."""
    out: list[str] = []
    start = position = 0
    never_closed: set[str] = set()
    while match := _SPECIAL.search(text, position):
        position = match.end()
        sign = match.group()
        if sign == "\\":
            position += 1
        elif sign in ",;":
            out.append(text[start : match.start()])
            start = position
        elif (
            sign == ":" and "@" not in text[start : match.start()] and "<" not in text[start : match.start()]
        ):
            if "mailto" not in text[start : match.start()].lower()[-8:]:
                start = position
        elif (closing := {'"': '"', "<": ">", "(": ")"}.get(sign)) and closing not in never_closed:
            end = _closing(text, position, closing)
            if end < 0 and closing != ">":
                never_closed.add(
                    closing
                )  # searched to the end once: a thousand open quotes are not a million steps
            position = position if end < 0 else end + 1
    out.append(text[start:])
    return [piece for piece in (piece.strip() for piece in out) if piece]


def _closing(text: str, position: int, closing: str) -> int:
    while position < len(text):
        if text[position] == "\\":
            position += 2
            continue
        if text[position] == closing:
            return position
        if closing == ">" and text[position] in ',<"':
            return -1
        position += 1
    return -1


def _person(text: str, hint: str | None) -> Address | None:
    name, address = text, ""
    for match in reversed(list(re.finditer(r"<([^<>]*)(?:>|\Z)", text))):
        address = _address(match.group(1))
        if address:
            name = text[: match.start()] or text[match.end() :]
            break
    if not address:
        bare = re.sub(r"\([^()]*\)", " ", text)
        found = _FINDABLE.search(bare) or _FINDABLE.search(re.sub(r"\s*@\s*", "@", bare))
        if found is None:
            return None
        address = _address(found.group())
        comment = re.search(r"\(([^()]*)\)", text)
        name = (
            comment.group(1)
            if comment
            else bare.replace(found.group(), " ").replace("[", "").replace("]", "")
        )
    if not address:
        return None
    return Address(_name(name, address, hint), address)


def _address(text: str) -> str:
    bare = re.sub(r"[\s\"]", "", text).removeprefix("mailto:").strip("'<>.,;:")
    bare = (
        bare.rpartition(":")[2] if bare.startswith("@") else bare
    )  # an old source route <@relay:someone@there>
    local, at, domain = bare.rpartition("@")
    if not (local and at and domain):
        return ""
    decoded = words.decode(bare.encode("latin-1", "replace"), "utf-8")
    return BIDI_MARKS.sub("", decoded).replace(" ", "").lower()[:320]


def _name(text: str, address: str, hint: str | None) -> str:
    text = text.strip().removeprefix("mailto:")
    if text.count('"') % 2:
        text = text.replace('"', "")
    text = re.sub(r'"((?:[^"\\]|\\.)*)"', lambda found: re.sub(r"\\(.)", r"\1", found.group(1)), text)
    if not text.startswith("("):
        text = re.sub(r"\s+\([^()]*\)\s*$", "", text)
    name = words.decode(text.strip().encode("latin-1", "replace"), hint).strip(_AROUND_NAMES)
    if (len(name) > 1 and name[0] == name[-1] == "'") or name.count("'") == 1:
        name = name.strip("'").strip()
    name = re.sub(r"^\((.*)\)$", r"\1", name).strip()
    return "" if name.lower().strip("<>") == address else name[:300]


def message_ids(values: Iterable[bytes]) -> tuple[str, ...]:
    """Return the ids in these headers' values as `<x@y>`, white space taken out, each once, in their order."""
    found: dict[str, None] = {}
    for value in values:
        text = (
            words.decode(value, "utf-8")
            if b"=?" in value
            else words.one_line(value.decode("utf-8", "replace"))
        )
        text = words.one_line(text)
        inside = _ID.findall(text)
        if not inside:
            inside = [
                part for part in re.split(r"[\s,;]+", text.replace("<", " ").replace(">", " ")) if "@" in part
            ]
            if not inside and text and len(text) <= 200 and not re.search(r"[\s<>]", text):
                inside = [text]
        for one in inside:
            bare = re.sub(r"\s+", "", one)
            if bare:
                found.setdefault(f"<{bare}>", None)
    return tuple(found)[-MAX_IDS:]


def date(value: bytes | None) -> datetime | None:
    """Return the moment a Date header names, aware and in UTC; None for one that is missing, broken or out of reason.

    A date without a zone is taken as UTC (RFC 5322, 4.3, for the zones nobody can interpret).
    """
    if not value:
        return None
    text = BIDI_MARKS.sub("", words.decode(value[:200])).translate(_DIGITS)
    if not text.isascii():
        text = _MONTH.sub(lambda found: _SHORT[_MONTHS[found.group()] - 1], text)
        text = re.sub(r"[\u0600-\u06ff]+", " ", text).strip()
    if iso := _ISO.match(text):
        zone = (iso.group(7) or "+0000").replace(":", "").replace("Z", "+0000")
        parts: tuple[int, ...] | None = (
            *(int(iso.group(at) or 0) for at in range(1, 7)),
            0,
            1,
            -1,
            _seconds(zone),
        )
    else:
        try:
            parts = parsedate_tz(text)  # type: ignore[assignment]
        except (ValueError, IndexError, TypeError, OverflowError, AttributeError):
            return None
    if parts is None or not 1971 <= parts[0] <= 2199 or abs(parts[9] or 0) > 16 * 3600:
        return None
    year, month, day, hour, minute, second = parts[:6]
    try:
        # Only to refuse what does not exist: mktime_tz would carry 31 February over to March.
        datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return datetime.fromtimestamp(mktime_tz(parts), UTC)  # type: ignore[arg-type]
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _seconds(zone: str) -> int:
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 3600 + int(zone[3:5]) * 60)
