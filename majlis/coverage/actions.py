"""The company's hours and a team's, written by admins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise

from django.db import transaction

from majlis.coverage import holidays, queries
from majlis.coverage.hours import DAY, Span, Week
from majlis.coverage.models import Holiday, Period, Schedule, WorkedDay
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Installation, Team, Teammate

LONGEST_NAME = 80
MOST_HOLIDAYS = 100
_WEEK = 7 * DAY


@transaction.atomic
def keep(
    by: Teammate,
    team: Team | None,
    *,
    is_on: bool,
    time_zone: str,
    country: str,
    week: Week,
    worked: Collection[date] | None = None,
) -> Schedule:
    """The hours of a team, or of the company, as they shall be from now on; `worked` None leaves those days alone.

    Raises Refused: `not_allowed`, `unknown_zone`, `unknown_country`, `no_hours` (on, without a period), `no_length` and
    `overlapping` (data: weekday).
    """
    _check(by)
    if queries.zone_named(time_zone) is None:
        raise Refused("unknown_zone", name=time_zone)
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise Refused("unknown_country")
    _check_week(week)
    if is_on and not any(week):
        raise Refused("no_hours")
    _lock()
    schedule = queries.kept(team.pk if team else None) or Schedule(team=team)
    what = _differing(schedule, is_on=is_on, time_zone=time_zone, country=country.upper())
    schedule.save()
    if queries.week_of(schedule) != tuple(tuple(sorted(day)) for day in week):
        what.append("periods")
        _fill(schedule, week)
    if worked is not None and set(worked) != {day.on for day in schedule.worked.all()}:
        what.append("holidays")
        schedule.worked.all().delete()
        WorkedDay.objects.bulk_create([WorkedDay(schedule=schedule, on=on) for on in sorted(worked)])
    _tell(by, team, what)
    return schedule


def start(by: Teammate, team: Team | None, *, country: str) -> Schedule:
    """Hours to start from, switched on: a team's are the company's, the company's those usual in `country`.

    What is there already stays as it is. Raises Refused: `not_allowed`, `unknown_country`.
    """
    _check(by)
    found = queries.kept(team.pk if team else None)
    if found is not None and any(queries.week_of(found)):
        return found
    of_company = queries.kept(None) if team else None
    installation = people.installation()
    week = queries.week_of(of_company) if of_company else holidays.usual(country)
    return keep(
        by,
        team,
        is_on=True,
        time_zone=of_company.time_zone if of_company else installation.time_zone if installation else "UTC",
        country=of_company.country if of_company else country,
        week=week if any(week) else holidays.usual(country),
    )


@transaction.atomic
def give_up(by: Teammate, team: Team) -> None:
    """A team keeps the company's hours again. Raises Refused: `not_allowed`."""
    _check(by)
    _lock()
    if Schedule.objects.filter(team=team).delete()[0]:
        record("hours.removed", actor_id=by.pk, data={"team": team.pk, "name": team.name})


@transaction.atomic
def add_holiday(by: Teammate, schedule: Schedule, own: holidays.Own) -> Holiday:
    """A holiday of a schedule's own.

    Raises Refused: `not_allowed`, `no_holiday_name`, `holiday_name_too_long` (data: longest), `bad_date`, `no_length`,
    `overlapping`, `too_many_holidays` (data: most).
    """
    _check(by)
    name = " ".join(own.name.split())
    if not name:
        raise Refused("no_holiday_name")
    if len(name) > LONGEST_NAME:
        raise Refused("holiday_name_too_long", longest=LONGEST_NAME)
    if not holidays.is_day(own.kind, own.month, own.day, year=own.year, days=own.days):
        raise Refused("bad_date")
    _check_day(own.spans)
    _lock()
    if schedule.holidays.count() >= MOST_HOLIDAYS:
        raise Refused("too_many_holidays", most=MOST_HOLIDAYS)
    made = Holiday.objects.create(
        schedule=schedule,
        name=name,
        kind=own.kind,
        year=own.year if own.kind == holidays.ONCE else None,
        month=own.month,
        day=own.day,
        days=own.days,
    )
    Period.objects.bulk_create(
        [
            Period(schedule=schedule, holiday=made, opens=span.opens, closes=span.closes)
            for span in sorted(own.spans)
        ]
    )
    _tell(by, schedule.team, ["holidays"])
    return made


@transaction.atomic
def remove_holiday(by: Teammate, holiday: Holiday) -> None:
    """That holiday is an ordinary day again. Raises Refused: `not_allowed`."""
    _check(by)
    team = holiday.schedule.team
    holiday.delete()
    _tell(by, team, ["holidays"])


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")


def _check_week(week: Week) -> None:
    for weekday, spans in enumerate(week):
        if any(not _has_length(span) for span in spans):
            raise Refused("no_length", weekday=weekday)
    ring = sorted(
        (weekday * DAY + span.opens, weekday * DAY + span.closes, weekday)
        for weekday, spans in enumerate(week)
        for span in spans
    )
    for place, (_opens, closes, _weekday) in enumerate(ring):
        # The first period comes again after the last one, a week later.
        is_last = place + 1 == len(ring)
        opens, _closes, weekday = ring[0 if is_last else place + 1]
        if opens + is_last * _WEEK < closes:
            raise Refused("overlapping", weekday=weekday)


def _check_day(spans: Sequence[Span]) -> None:
    spans = sorted(spans)
    if any(not _has_length(span) for span in spans):
        raise Refused("no_length", weekday=None)
    if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
        raise Refused("overlapping", weekday=None)


def _has_length(span: Span) -> bool:
    return 0 <= span.opens < DAY and span.opens < span.closes <= span.opens + DAY


def _differing(schedule: Schedule, **shape: object) -> list[str]:
    """Set what differs; the names of it."""
    what = [name for name, value in shape.items() if getattr(schedule, name) != value]
    for name, value in shape.items():
        setattr(schedule, name, value)
    return what


def _fill(schedule: Schedule, week: Week) -> None:
    schedule.periods.filter(holiday=None).delete()
    Period.objects.bulk_create(
        [
            Period(schedule=schedule, weekday=weekday, opens=span.opens, closes=span.closes)
            for weekday, spans in enumerate(week)
            for span in spans
        ]
    )


def _lock() -> None:
    """One writer of hours at a time: there is no row of theirs yet when the first two come."""
    Installation.objects.select_for_update().filter(pk=1).first()


def _tell(by: Teammate, team: Team | None, what: Sequence[str]) -> None:
    if what:
        data = {"team": team.pk if team else None, "name": team.name if team else "", "what": list(what)}
        record("hours.changed", actor_id=by.pk, data=data)
