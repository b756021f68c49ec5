"""Admins keep the hours of the company and of teams; what cannot be is refused, and a team's stand above the company's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from majlis.coverage import actions, queries
from majlis.coverage.holidays import HIJRI, ONCE, YEARLY, Own
from majlis.coverage.hours import CLOSED, DAY, Span, Week
from majlis.coverage.models import Period, Schedule
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people.actions import teams
from majlis.people.models import Team
from tests import cast

pytestmark = pytest.mark.django_db
NINE_TO_FIVE = (Span(540, 1020),)
SUNDAYS: Week = (*CLOSED[:6], NINE_TO_FIVE)


def keep(team: Team | None = None, **shape: Any) -> Schedule:
    usual = {"is_on": True, "time_zone": "Asia/Riyadh", "country": "SA", "week": SUNDAYS}
    return actions.keep(cast.salma(), team, **{**usual, **shape})


def refused(team: Team | None = None, **shape: Any) -> tuple[str, object]:
    with pytest.raises(Refused) as found:
        keep(team, **shape)
    return found.value.code, found.value.data.get("weekday")


def riyadh(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Riyadh"))


def test_what_is_kept_is_what_stands() -> None:
    now = riyadh("2026-11-22 10:00")
    assert queries.now_and_next(None, now) is None
    national = date(2026, 9, 23)
    keep(week=((Span(22 * 60, 26 * 60),), *CLOSED[:5], NINE_TO_FIVE), worked={national})
    found = queries.of_team(None)
    assert found is not None
    assert found.hours.week == ((Span(22 * 60, 26 * 60),), *CLOSED[:5], NINE_TO_FIVE)
    assert (found.holidays.country, found.holidays.worked) == ("SA", frozenset({national}))
    standing = queries.now_and_next(None, now)
    assert standing is not None
    assert standing.is_open
    keep(is_on=False)
    assert queries.of_team(None) is None
    assert Schedule.objects.count() == 1


def test_a_teams_stand_in_place_of_the_companys_until_they_are_switched_off_or_given_up() -> None:
    team = cast.support().team
    assert team is not None
    keep()

    def zone() -> str:
        found = queries.of_team(team.pk)
        return str(found.hours.zone) if found else ""

    assert zone() == "Asia/Riyadh"
    keep(team, time_zone="Africa/Cairo")
    assert zone() == "Africa/Cairo"
    keep(team, time_zone="Africa/Cairo", is_on=False)
    assert zone() == "Asia/Riyadh"
    keep(team, time_zone="Africa/Cairo")
    actions.give_up(cast.salma(), team)
    assert zone() == "Asia/Riyadh"
    assert Schedule.objects.count() == 1


def test_a_team_that_goes_takes_its_hours_along() -> None:
    team = teams.create(cast.salma(), name="ليل")
    keep(team)
    teams.remove(cast.salma(), team)
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("shape", "code", "weekday"),
    [
        ({"time_zone": "Asia/Atlantis"}, "unknown_zone", None),
        ({"time_zone": ""}, "unknown_zone", None),
        ({"time_zone": "../etc/passwd"}, "unknown_zone", None),
        ({"country": "Saudi"}, "unknown_country", None),
        ({"week": CLOSED}, "no_hours", None),
        ({"week": ((Span(540, 540),), *CLOSED[:6])}, "no_length", 0),
        ({"week": ((Span(540, 500),), *CLOSED[:6])}, "no_length", 0),
        ({"week": (*CLOSED[:6], (Span(540, 720), Span(700, 800)))}, "overlapping", 6),
        ({"week": (*CLOSED[:6], (Span(540, 720), Span(540, 720)))}, "overlapping", 6),
        # a night that goes on into a morning that is open already, over the end of the week too
        ({"week": ((Span(1320, 1560),), (Span(60, 600),), *CLOSED[:5])}, "overlapping", 1),
        ({"week": ((Span(60, 600),), *CLOSED[:5], (Span(1320, 1560),))}, "overlapping", 0),
    ],
)
def test_what_cannot_be_is_refused(shape: dict[str, Any], code: str, weekday: int | None) -> None:
    assert refused(**shape) == (code, weekday)
    assert not Schedule.objects.exists()


def test_periods_that_only_touch_and_whole_days_are_fine() -> None:
    whole = (Span(0, DAY),)
    keep(week=(whole,) * 7)
    keep(week=((Span(540, 720), Span(720, 1020)), (Span(1320, 1500),), (Span(60, 600),), *CLOSED[:4]))
    keep(week=CLOSED, is_on=False)


def test_only_admins_keep_hours() -> None:
    schedule = keep()
    own = Own("day", YEARLY, 3, 1)
    holiday = actions.add_holiday(cast.salma(), schedule, own)
    team = cast.support().team
    assert team is not None
    for act in (
        lambda: actions.keep(
            cast.badr(), None, is_on=False, time_zone="Asia/Riyadh", country="", week=SUNDAYS
        ),
        lambda: actions.start(cast.badr(), None, country="SA"),
        lambda: actions.give_up(cast.badr(), team),
        lambda: actions.add_holiday(cast.badr(), schedule, own),
        lambda: actions.remove_holiday(cast.badr(), holiday),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            act()


def test_every_change_is_told_once_and_what_changed() -> None:
    schedule = keep()
    keep()
    keep(country="EG", week=(NINE_TO_FIVE, *CLOSED[:6]))
    holiday = actions.add_holiday(cast.salma(), schedule, Own("day", YEARLY, 3, 1))
    actions.remove_holiday(cast.salma(), holiday)
    told = [event.data["what"] for event in Event.objects.filter(kind="hours.changed").order_by("pk")]
    assert told == [
        ["is_on", "time_zone", "country", "periods"],
        ["country", "periods"],
        ["holidays"],
        ["holidays"],
    ]


def test_beginning_takes_the_countrys_week_and_a_team_the_companys_and_overwrites_nothing() -> None:
    cast.company()
    started = actions.start(cast.salma(), None, country="AE")
    assert [bool(spans) for spans in queries.week_of(queries.kept(None) or started)] == [True] * 5 + [
        False
    ] * 2
    keep(time_zone="Africa/Cairo")
    actions.start(cast.salma(), None, country="SA")
    team = cast.support().team
    actions.start(cast.salma(), team, country="SA")
    kept = queries.kept(team.pk if team else None)
    assert kept is not None
    assert (kept.time_zone, queries.week_of(kept)) == ("Africa/Cairo", SUNDAYS)


@pytest.mark.parametrize(
    ("own", "code"),
    [
        (Own("  ", YEARLY, 3, 1), "no_holiday_name"),
        (Own("x" * 81, YEARLY, 3, 1), "holiday_name_too_long"),
        (Own("x", YEARLY, 2, 30), "bad_date"),
        (Own("x", ONCE, 2, 29, year=2027), "bad_date"),
        (Own("x", HIJRI, 9, 31), "bad_date"),
        (Own("x", YEARLY, 3, 1, days=0), "bad_date"),
        (Own("x", YEARLY, 3, 1, spans=(Span(600, 600),)), "no_length"),
        (Own("x", YEARLY, 3, 1, spans=(Span(600, 700), Span(650, 800))), "overlapping"),
    ],
)
def test_a_holiday_that_cannot_be_is_refused(own: Own, code: str) -> None:
    schedule = keep()
    with pytest.raises(Refused, match=f"^{code}"):
        actions.add_holiday(cast.salma(), schedule, own)
    assert not schedule.holidays.exists()


def test_a_holiday_comes_back_as_it_was_added() -> None:
    schedule = keep(country="", week=(NINE_TO_FIVE,) * 7)
    eid = Own("عيد", HIJRI, 10, 1, days=3)
    short = Own("short", ONCE, 11, 22, year=2026, spans=(Span(600, 660), Span(720, 780)))
    for own in (eid, short):
        actions.add_holiday(cast.salma(), schedule, own)
    found = queries.of_team(None)
    assert found is not None
    assert set(found.holidays.own) == {eid, short}
    assert not found.hours.is_open(riyadh("2027-03-10 10:00"))
    assert found.hours.is_open(riyadh("2026-11-22 10:30"))
    assert not found.hours.is_open(riyadh("2026-11-22 11:30"))


@pytest.mark.parametrize(
    "row",
    [
        {"weekday": 7, "opens": 0, "closes": 60},
        {"opens": 0, "closes": 60},
        {"weekday": 0, "opens": 60, "closes": 60},
        {"weekday": 0, "opens": 1440, "closes": 1500},
        {"weekday": 0, "opens": 60, "closes": 1501},
        {"weekday": 6, "opens": 540, "closes": 1021},
    ],
)
def test_the_database_itself_refuses_what_is_no_period(row: dict[str, int]) -> None:
    schedule = keep()
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.create(schedule=schedule, **row)


def test_there_are_hours_of_the_company_once() -> None:
    keep()
    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.create(time_zone="UTC")
