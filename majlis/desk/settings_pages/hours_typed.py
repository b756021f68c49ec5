"""What was typed on the page of the hours, read into values and kept as it was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Final

from django.http import QueryDict

from majlis.coverage.holidays import HIJRI, ONCE, Own
from majlis.coverage.hours import DAY, Span, Week
from majlis.coverage.models import Schedule
from majlis.coverage.queries import week_of
from majlis.lib.errors import Refused
from majlis.lib.numbers import ascii_digits

Pair = tuple[str, str]
_MOST_PAIRS: Final = 6


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they stand on the page: `week` has the pairs of each weekday, `worked` days written as dates."""

    is_on: bool
    time_zone: str
    country: str
    week: tuple[tuple[Pair, ...], ...]
    worked: frozenset[str]

    def read_week(self) -> Week:
        """The periods of each weekday. Raises Refused: `half_period`, `no_time` (data: weekday)."""
        return tuple(spans_of(pairs, weekday) for weekday, pairs in enumerate(self.week))

    def read_worked(self) -> frozenset[date]:
        """The public holidays to work on; what is no date is left out."""
        found = (day_of(text) for text in self.worked)
        return frozenset(day for day in found if day is not None)


def of_schedule(schedule: Schedule) -> Typed:
    """The fields of hours that are kept."""
    return Typed(
        is_on=schedule.is_on,
        time_zone=schedule.time_zone,
        country=schedule.country,
        week=tuple(tuple(_pair(span) for span in spans) for spans in week_of(schedule)),
        worked=frozenset(day.on.isoformat() for day in schedule.worked.all()),
    )


def of_form(fields: QueryDict) -> Typed:
    """The fields as a browser sends them: `opens-0` and `closes-0` (many) of Monday and so on."""
    return Typed(
        is_on="is_on" in fields,
        time_zone=_text(fields, "time_zone"),
        country=_text(fields, "country"),
        week=tuple(_pairs(fields, f"opens-{day}", f"closes-{day}") for day in range(7)),
        worked=frozenset(fields.getlist("worked")),
    )


def holiday_of_form(fields: QueryDict) -> Own:
    """A holiday as its form sends it: `name`, `kind`, `on` (a date) or `hijri_month` and `hijri_day`, `days`,
    `opens` and `closes` (many). Raises Refused: `bad_date`, `half_period`, `no_time`."""
    kind = _text(fields, "kind")
    spans = spans_of(_pairs(fields, "opens", "closes"), None)
    days = _number(fields, "days", default=1)
    name = _text(fields, "name")
    if kind == HIJRI:
        month, day = _number(fields, "hijri_month"), _number(fields, "hijri_day")
        return Own(name, kind, month, day, days=days, spans=spans)
    on = day_of(_text(fields, "on"))
    if on is None:
        raise Refused("bad_date")
    year = on.year if kind == ONCE else None
    return Own(name, kind, on.month, on.day, year=year, days=days, spans=spans)


def spans_of(pairs: tuple[Pair, ...], weekday: int | None) -> tuple[Span, ...]:
    """The periods of one day; one that ends before it begins goes on into the next day, an end at 00:00 is midnight.

    Raises Refused: `half_period`, `no_time` (data: weekday).
    """
    spans = []
    for opens, closes in pairs:
        if not opens or not closes:
            raise Refused("half_period", weekday=weekday)
        begins, ends = _minutes(opens, weekday), _minutes(closes, weekday)
        if begins >= DAY:
            raise Refused("no_time", weekday=weekday)
        spans.append(Span(begins, ends + DAY if ends < begins or ends == begins == 0 else ends))
    return tuple(spans)


def is_over_midnight(pair: Pair) -> bool:
    """Claims that a period goes on into the next day: of what is no time, nothing is claimed."""
    try:
        (span,) = spans_of((pair,), None)
    except Refused:
        return False
    return span.closes > DAY


def day_of(text: str) -> date | None:
    """A date as browsers send it, in any digits; None when it is none."""
    try:
        return date.fromisoformat(ascii_digits(text.strip()))
    except ValueError:
        return None


def _pairs(fields: QueryDict, opens: str, closes: str) -> tuple[Pair, ...]:
    typed = zip_longest(fields.getlist(opens), fields.getlist(closes), fillvalue="")
    pairs = ((begin.strip(), end.strip()) for begin, end in typed)
    return tuple(pair for pair in pairs if any(pair))[:_MOST_PAIRS]


def _pair(span: Span) -> Pair:
    return _clock(span.opens), _clock(span.closes)


def _clock(minutes: int) -> str:
    return f"{minutes % DAY // 60:02}:{minutes % 60:02}"


def _minutes(text: str, weekday: int | None) -> int:
    """Minutes of the day, 0–1440. Raises Refused("no_time")."""
    hours, _, minutes = ascii_digits(text).partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(hours) <= 2 and len(minutes) == 2):
        raise Refused("no_time", weekday=weekday)
    found = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or found > DAY:
        raise Refused("no_time", weekday=weekday)
    return found


def _number(fields: QueryDict, name: str, *, default: int = 0) -> int:
    """A small whole number; one that is none is no day of any calendar. Raises Refused("bad_date")."""
    text = ascii_digits(_text(fields, name))
    if text and not (text.isdecimal() and len(text) <= 4):
        raise Refused("bad_date")
    return int(text) if text else default


def _text(fields: QueryDict, name: str) -> str:
    return fields.get(name, "").replace("\x00", "").strip()
