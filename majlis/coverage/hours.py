"""When somebody is there: periods of a week and of single days, on the clock of one zone. Pure.

A period is written by the clock on the wall and counted by moments. Where clocks are put forward, a time that does not
exist is the moment of the change; where they are put back, a time that comes twice is its first. So periods that touch
on the wall touch in time, a whole day is as long as it is, and what lies within a gap alone is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

DAY: Final = 24 * 60
HORIZON_DAYS: Final = 400
_ONE_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A period of a day, in minutes of its clock: opens 0–1439, closes later, past 1440 on the next day."""

    opens: int
    closes: int


Week = tuple[tuple[Span, ...], ...]
CLOSED: Final[Week] = ((),) * 7


def _no_day(_: date) -> tuple[Span, ...] | None:
    return None


@dataclass(frozen=True, slots=True)
class Hours:
    """Seven days from Monday on, and the days that differ.

    `differs` gives the periods of a day that stand in place of the week's (none at all: closed), None for an ordinary
    day. A period belongs to the day on which it begins: a holiday ends no night that began before it.
    """

    zone: tzinfo
    week: Week = CLOSED
    differs: Callable[[date], tuple[Span, ...] | None] = _no_day

    def of_day(self, day: date) -> tuple[Span, ...]:
        """The periods that begin on `day`, in order."""
        differing = self.differs(day)
        return tuple(sorted(self.week[day.weekday()] if differing is None else differing))

    def is_open(self, at: datetime) -> bool:
        """Claims that somebody is there at `at` (aware)."""
        found = next(self._from(at.astimezone(UTC)), None)
        return found is not None and found[0] <= at.astimezone(UTC)

    def next_opening(self, at: datetime) -> datetime | None:
        """The first open moment from `at` on, `at` itself when open; None when none comes within HORIZON_DAYS."""
        at = at.astimezone(UTC)
        found = next(self._from(at), None)
        return None if found is None else max(found[0], at).astimezone(self.zone)

    def next_closing(self, at: datetime) -> datetime | None:
        """The first moment from `at` on at which nobody is there, `at` itself when closed; None when that never
        comes within HORIZON_DAYS."""
        at = at.astimezone(UTC)
        found = next(self._from(at), None)
        if found is None or found[0] > at:
            return at.astimezone(self.zone)
        last = at.astimezone(self.zone).date() + (HORIZON_DAYS - 1) * _ONE_DAY
        return None if found[1] >= _moment(last, 0, self.zone) else found[1].astimezone(self.zone)

    def open_between(self, start: datetime, end: datetime) -> timedelta:
        """How long somebody is there from `start` to `end`; nothing when `end` comes first."""
        # Two moments of one zone would be compared by its clock: what follows knows UTC alone.
        start, end, total = start.astimezone(UTC), end.astimezone(UTC), timedelta()
        days = (end.astimezone(self.zone).date() - start.astimezone(self.zone).date()).days + 1
        for begins, ends in self._from(start, days):
            if begins >= end:
                break
            total += max(min(ends, end) - max(begins, start), timedelta())
        return total

    def _from(self, at: datetime, days: int = HORIZON_DAYS) -> Iterator[tuple[datetime, datetime]]:
        """Beginning and end (UTC) of every stretch that ends after `at`, in order; periods that touch are one."""
        # A period may begin the day before and last into this one.
        first = at.astimezone(self.zone).date() - _ONE_DAY
        begins: datetime | None = None
        ends = at
        for ahead in range(days + 2):
            day = first + ahead * _ONE_DAY
            for span in self.of_day(day):
                opens, closes = (_moment(day, minute, self.zone) for minute in (span.opens, span.closes))
                if closes <= opens or closes <= at:
                    continue
                if begins is None:
                    begins, ends = opens, closes
                elif opens <= ends:
                    ends = max(ends, closes)
                else:
                    yield begins, ends
                    begins, ends = opens, closes
        if begins is not None:
            yield begins, ends


def _moment(day: date, minute: int, zone: tzinfo) -> datetime:
    """The moment (UTC) at which the clock of `zone` shows `minute` of `day`, as the module says of gaps and folds."""
    wall = datetime.combine(day, _MIDNIGHT) + timedelta(minutes=minute)
    later = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if later.astimezone(zone).replace(tzinfo=None) == wall:
        return later
    # The clock never shows it: the change lies between what either offset makes of it.
    earlier = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    old = earlier.astimezone(zone).utcoffset()
    while later - earlier > timedelta(seconds=1):
        middle = earlier + timedelta(seconds=(later - earlier) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == old:
            earlier = middle
        else:
            later = middle
    return later
