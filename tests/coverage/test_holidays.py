"""Holidays: public ones of a country, own ones by either calendar, days that are worked on, and weekends."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from majlis.coverage.holidays import HIJRI, ONCE, YEARLY, Holidays, Own, is_day, public, usual
from majlis.coverage.hours import Span
from majlis.coverage.schedule import Why, plan


@pytest.mark.parametrize(
    ("country", "closed"),
    [("SA", "45"), ("EG", "45"), ("PS", "45"), ("AE", "56"), ("MA", "56"), ("LB", "56"), ("IR", "4")],
)
def test_the_usual_week_rests_as_the_country_does(country: str, closed: str) -> None:
    assert "".join(str(day) for day, spans in enumerate(usual(country)) if not spans) == closed


@pytest.mark.parametrize(
    ("country", "day", "english", "arabic", "is_estimated"),
    [
        ("SA", date(2026, 9, 23), "National Day Holiday", "اليوم الوطني", False),
        ("SA", date(2027, 3, 10), "Eid al-Fitr Holiday", "عطلة عيد الفطر", True),
        ("SA", date(2027, 3, 14), "Eid al-Fitr Holiday (observed)", "عطلة عيد الفطر (يوم تعويضي)", True),
        ("EG", date(2026, 4, 25), "Sinai Liberation Day", "عيد تحرير سيناء", False),
        ("EG", date(2026, 5, 27), "Eid al-Adha", "عيد الأضحى المبارك", True),
        ("AE", date(2026, 12, 2), "National Day", "اليوم الوطني", False),
        ("MA", date(2026, 11, 18), "Independence Day", "عيد الاستقلال", False),
        ("LB", date(2026, 11, 22), "Independence Day", "ذكرى الاستقلال", False),
        ("US", date(2026, 7, 4), "Independence Day", "Independence Day", False),
    ],
)
def test_public_holidays_have_their_names_and_say_when_they_are_estimates(
    country: str, day: date, english: str, arabic: str, is_estimated: bool
) -> None:
    found = public(country, day.year)[day]
    assert (found.names["en"], found.names["ar"], found.is_estimated) == (english, arabic, is_estimated)


def test_of_a_country_nobody_knows_there_are_none() -> None:
    assert public("ZZ", 2026) == public("Q1", 2026) == {}


@pytest.mark.parametrize(
    ("own", "days"),
    [
        (Own("stocktaking", ONCE, 12, 31, year=2026, days=2), ["2026-12-31", "2027-01-01"]),
        (Own("founded", YEARLY, 3, 1), ["2026-03-01", "2027-03-01"]),
        # Eid al-Fitr by Umm al-Qura: 1 Shawwal 1447 and 1448
        (Own("Eid", HIJRI, 10, 1, days=2), ["2026-03-20", "2026-03-21", "2027-03-09", "2027-03-10"]),
        # Ramadan 1447 has thirty days, that of 1448 twenty-nine
        (Own("last of Ramadan", HIJRI, 9, 30), ["2026-03-19"]),
    ],
)
def test_own_holidays_come_by_their_own_calendar(own: Own, days: list[str]) -> None:
    start = date(2026, 1, 1).toordinal()
    every = (date.fromordinal(start + ahead) for ahead in range(730))
    assert [day.isoformat() for day in every if own.is_on(day)] == days


def test_own_ones_stand_above_public_ones_and_a_closed_one_above_a_short_one() -> None:
    national, short = date(2026, 9, 23), (Span(600, 720),)
    own = Own("short day", YEARLY, 9, 23, spans=short)
    assert Holidays("SA").spans(national) == ()
    assert Holidays("SA", (own,)).spans(national) == short
    assert Holidays("SA", (own, Own("closed", YEARLY, 9, 23))).spans(national) == ()
    assert Holidays("SA", worked=frozenset({national})).spans(national) is None
    assert Holidays("", worked=frozenset()).spans(national) is None


@pytest.mark.parametrize(
    ("kind", "month", "day", "year", "days", "can_be"),
    [
        (ONCE, 2, 29, 2028, 1, True),
        (ONCE, 2, 29, 2027, 1, False),
        (ONCE, 2, 1, None, 1, False),
        (YEARLY, 2, 29, None, 1, True),
        (YEARLY, 4, 31, None, 1, False),
        (HIJRI, 9, 30, None, 60, True),
        (HIJRI, 9, 31, None, 1, False),
        (HIJRI, 13, 1, None, 1, False),
        (HIJRI, 9, 1, None, 61, False),
        ("weekly", 1, 1, None, 1, False),
    ],
)
def test_a_day_that_no_calendar_has_is_none(
    kind: str, month: int, day: int, year: int | None, days: int, can_be: bool
) -> None:
    assert is_day(kind, month, day, year=year, days=days) is can_be


def test_a_desk_without_hours_does_not_load_the_library() -> None:
    told = "import sys, majlis.coverage.schedule as s; print('holidays' in sys.modules, s.__name__)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "majlis.coverage.schedule"]


def test_how_things_stand_says_why_nobody_is_there() -> None:
    riyadh = ZoneInfo("Asia/Riyadh")
    kept = plan(riyadh, usual("SA"), Holidays("SA"))

    def standing(text: str) -> tuple[object, ...]:
        found = kept.standing(datetime.fromisoformat(text).replace(tzinfo=riyadh))
        opens, closes = (at and f"{at:%m-%d %H}" for at in (found.opens_at, found.closes_at))
        return found.why, opens, closes, found.holiday.get("en", "")

    assert standing("2026-11-22 10:00") == (None, "11-23 09", "11-22 17", "")
    assert standing("2026-11-22 08:00") == (Why.HOURS, "11-22 09", None, "")
    assert standing("2026-11-27 10:00") == (Why.DAY_OFF, "11-29 09", None, "")
    assert standing("2026-09-23 10:00") == (Why.HOLIDAY, "09-24 09", None, "National Day Holiday")
