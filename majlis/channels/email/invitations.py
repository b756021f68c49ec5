"""Invitations to meetings (iCalendar, RFC 5545; iTIP, RFC 5546) as small values that a page can show."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from majlis.channels.email import words
from majlis.lib import charsets

if TYPE_CHECKING:
    from majlis.channels.email.mail import Part

MAX_BYTES = 512 * 1024
MAX_EVENTS = 5
_METHODS = ("REQUEST", "CANCEL", "REPLY", "PUBLISH", "ADD", "COUNTER", "DECLINECOUNTER", "REFRESH")
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
# Exchange writes «TZID=(UTC+03:00) Kuwait, Riyadh» without the quotes that a colon needs.
_BARE_ZONE = re.compile(r";TZID=([^\"\r\n;]*:[^\"\r\n;]*):(\d{8}T\d{6}Z?)")
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])\s*(\d{1,2}):?(\d\d)?", re.IGNORECASE)
_LINK = re.compile(r"https://[^\s<>\"'\\]{4,1000}")
_MEETING = re.compile(
    r"https://[^\s<>\"'\\]*(?:zoom\.us|meet\.google|teams\.(?:microsoft|live)|webex)[^\s<>\"'\\]*"
)


def is_one(part: Part) -> bool:
    """Say whether a part holds a calendar."""
    if part.content_type in ("text/calendar", "application/ics"):
        return True
    return part.name.lower().endswith(".ics") and b"BEGIN:VCALENDAR" in part.content[:400].upper()


def read_all(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Return the meetings in these parts, each once: the same calendar often comes as a text and as a file."""
    found: list[dict[str, Any]] = []
    for part in parts:
        if is_one(part):
            found += [one for one in read(part.content) if one not in found]
    return found[:MAX_EVENTS]


def read(content: bytes) -> list[dict[str, Any]]:
    """Return the meetings of a calendar, at most MAX_EVENTS; none for what cannot be read. Never raises.

    Each: method (request, cancel, reply, publish …), summary, start, end (ISO 8601; a day for all-day ones, whose end
    is the last day; in UTC where the zone is known, else as written, without an offset), zone (an IANA name, "" for
    none), is_all_day, place, organiser {name, address}, attendees (a number), answer (of a reply: {name, address,
    answer}), url, rule ({every, interval, count, until, days} or None).
    """
    if len(content) > MAX_BYTES:
        return []
    text = words.storable(charsets.decode(content, "utf-8")[0]).removeprefix("\ufeff")
    # Only now: what is met once in a thousand messages need not stand in memory.
    from icalendar import Calendar

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = Calendar.from_ical(_BARE_ZONE.sub(r';TZID="\1":\2', text), multiple=True)
            events = [(calendar, event) for calendar in found for event in calendar.walk("VEVENT")]
        except Exception:
            return []
        return [
            one for calendar, event in events[:MAX_EVENTS] if (one := _meeting(calendar, event)) is not None
        ]


def _meeting(calendar: Any, event: Any) -> dict[str, Any] | None:
    try:
        start, zone = _moment(event, "DTSTART")
        end, _ = _moment(event, "DTEND")
        if start is None:
            return None
        is_all_day = not isinstance(start, datetime)
        if (
            end is None
            and (length := _value(event, "DURATION")) is not None
            and isinstance(length, timedelta)
        ):
            end = start + length
        if end is not None and is_all_day and end > start:
            end -= timedelta(days=1)  # DTEND is the day after the last one (RFC 5545, 3.6.1)
        method = _text(calendar.get("METHOD"), 20).upper()
        status = _text(event.get("STATUS"), 20).upper()
        attendees = _listed(event.get("ATTENDEE"))
        return {
            "method": "cancel"
            if status == "CANCELLED"
            else method.lower()
            if method in _METHODS
            else "publish",
            "summary": _text(event.get("SUMMARY"), 300),
            "start": _iso(start),
            "end": _iso(end) if end is not None else "",
            "zone": zone,
            "is_all_day": is_all_day,
            "place": _text(event.get("LOCATION"), 300),
            "organiser": _person(event.get("ORGANIZER")),
            "attendees": len(attendees),
            "answer": _answer(attendees) if method == "REPLY" else None,
            "url": _url(event),
            "rule": _rule(event),
        }
    except Exception:
        return None


def _value(event: Any, name: str) -> Any:
    found = event.get(name)
    return None if found is None else getattr(found, "dt", None)


def _moment(event: Any, name: str) -> tuple[date | None, str]:
    found = event.get(name)
    value = _value(event, name)
    if not isinstance(value, date):
        return None, ""
    if not isinstance(value, datetime):
        return value, ""
    zone = getattr(value.tzinfo, "key", "") or ""
    written = str(getattr(found, "params", {}).get("TZID", ""))
    if value.tzinfo is None and (offset := _OFFSET.search(written)):
        ahead = timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3) or 0))
        value = value.replace(tzinfo=timezone(-ahead if offset.group(1) == "-" else ahead))
    return value, zone


def _iso(value: date) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    return value.isoformat()


def _text(value: Any, most: int) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return words.one_line(str(value or ""))[:most]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _person(value: Any) -> dict[str, str]:
    if value is None or isinstance(value, list):
        return {"name": "", "address": ""}
    address = re.sub(r"^mailto:", "", words.one_line(str(value)), flags=re.IGNORECASE)
    name = words.one_line(str(getattr(value, "params", {}).get("CN", "")))
    address = address.lower()[:320] if "@" in address else ""
    return {"name": "" if name.lower() == address else name[:200], "address": address}


def _answer(attendees: list[Any]) -> dict[str, str] | None:
    for attendee in attendees[:50]:
        said = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
        if said in _ANSWERS:
            return {**_person(attendee), "answer": _ANSWERS[said]}
    return None


def _url(event: Any) -> str:
    """The address of the meeting: what is named so, else a known meeting host's in the place or description."""
    for name in ("X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-GOOGLE-CONFERENCE", "CONFERENCE", "URL"):
        if match := _LINK.match(_text(event.get(name), 1000)):
            return match.group()
    for name in ("LOCATION", "DESCRIPTION"):
        if match := _MEETING.search(str(event.get(name) or "")[:20_000]):
            return match.group().rstrip(".,;)>]")
    return ""


def _rule(event: Any) -> dict[str, Any] | None:
    found = event.get("RRULE")
    found = found[0] if isinstance(found, list) and found else found
    frequency = str(next(iter(found.get("FREQ", [])), "")).upper() if found else ""
    if frequency not in _FREQUENCIES:
        return None
    until = next(iter(found.get("UNTIL", [])), None)
    return {
        "every": frequency.lower(),
        "interval": int(next(iter(found.get("INTERVAL", [])), 1)),
        "count": int(next(iter(found.get("COUNT", [])), 0)),
        "until": _iso(until)[:10] if isinstance(until, date) else "",
        "days": [str(day).upper()[:5] for day in found.get("BYDAY", [])][:7],
    }
