"""Hours and holidays put together, and how things stand at one moment. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from majlis.coverage.holidays import Holidays
from majlis.coverage.hours import Hours, Week


class Why(StrEnum):
    """Why nobody is there: outside the hours of the day, on a day without any, or on a holiday."""

    HOURS = "hours"
    DAY_OFF = "day_off"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand: `opens_at` is when somebody is there again (after `closes_at` while it is open).

    Times are in the schedule's zone, and None when they do not come within 400 days. `why` is empty while it is open;
    `holiday` has the names, by language, of the one it is closed for.
    """

    is_open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    why: Why | None = None
    holiday: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """When somebody is there, and what the days that differ are called."""

    hours: Hours
    holidays: Holidays

    def standing(self, at: datetime) -> Standing:
        """How things stand at `at` (aware)."""
        if self.hours.is_open(at):
            closes_at = self.hours.next_closing(at)
            again = self.hours.next_opening(closes_at) if closes_at else None
            return Standing(is_open=True, opens_at=again, closes_at=closes_at)
        today = at.astimezone(self.hours.zone).date()
        holiday = self.holidays.on(today)
        why = Why.HOURS if self.hours.week[today.weekday()] else Why.DAY_OFF
        return Standing(
            is_open=False,
            opens_at=self.hours.next_opening(at),
            closes_at=None,
            why=Why.HOLIDAY if holiday else why,
            holiday=holiday.names if holiday else {},
        )

    def left_today(self, at: datetime, zone: tzinfo) -> timedelta:
        """How long somebody is there from `at` until the day ends on the clock of `zone`."""
        local = at.astimezone(zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return self.hours.open_between(at, midnight)


def plan(zone: tzinfo, week: Week, holidays: Holidays) -> Plan:
    """The hours of `week` on the clock of `zone`, with these holidays."""
    return Plan(Hours(zone, week, holidays.spans), holidays)
