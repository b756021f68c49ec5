"""Which hours stand for a team, read from their rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import F, Q

from majlis.coverage.holidays import Holidays, Own
from majlis.coverage.hours import Span, Week
from majlis.coverage.models import Holiday, Period, Schedule
from majlis.coverage.schedule import Plan, Standing, plan

_PARTS = ("periods", "holidays__periods", "worked")


def of_team(team_id: int | None) -> Plan | None:
    """The hours of a team, else the company's; None when neither are switched on: then nothing is promised."""
    standing = Schedule.objects.filter(Q(team_id=team_id) | Q(team=None), is_on=True)
    found = standing.order_by(F("team_id").asc(nulls_last=True)).prefetch_related(*_PARTS).first()
    return plan_of(found) if found is not None else None


def now_and_next(team_id: int | None, at: datetime) -> Standing | None:
    """How things stand for a team at `at` (aware); None without hours."""
    found = of_team(team_id)
    return found.standing(at) if found is not None else None


def kept(team_id: int | None) -> Schedule | None:
    """The very hours of a team, or with None of the company, switched on or not, with all that belongs to them."""
    return Schedule.objects.filter(Q(team_id=team_id)).prefetch_related(*_PARTS).first()


def plan_of(schedule: Schedule) -> Plan | None:
    """A schedule as values; None when its time zone is none that this machine knows."""
    if (zone := zone_named(schedule.time_zone)) is None:
        return None
    return plan(zone, week_of(schedule), holidays_of(schedule))


def week_of(schedule: Schedule) -> Week:
    """Its periods by weekday, from Monday on."""
    periods = [period for period in schedule.periods.all() if period.weekday is not None]
    return tuple(_spans(one for one in periods if one.weekday == day) for day in range(7))


def holidays_of(schedule: Schedule) -> Holidays:
    """Its holidays, public ones and its own."""
    return Holidays(
        country=schedule.country,
        own=tuple(own_of(holiday) for holiday in schedule.holidays.all()),
        worked=frozenset(day.on for day in schedule.worked.all()),
    )


def own_of(holiday: Holiday) -> Own:
    """One of its own holidays as a value."""
    return Own(
        name=holiday.name,
        kind=holiday.kind,
        month=holiday.month,
        day=holiday.day,
        year=holiday.year,
        days=holiday.days,
        spans=_spans(holiday.periods.all()),
    )


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that name; None when there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _spans(periods: Iterable[Period]) -> tuple[Span, ...]:
    return tuple(sorted(Span(one.opens, one.closes) for one in periods))
