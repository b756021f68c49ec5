"""Hijri dates are those of the Umm al-Qura calendar, and of the tabular one outside of its table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from majlis.lib.hijri import HijriDate, from_gregorian, written


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # First days as Saudi Arabia announced and published them.
        (date(1924, 8, 2), HijriDate(1343, 1, 1)),
        (date(2015, 10, 14), HijriDate(1437, 1, 1)),
        (date(2019, 5, 6), HijriDate(1440, 9, 1)),
        (date(2020, 8, 20), HijriDate(1442, 1, 1)),
        (date(2023, 3, 23), HijriDate(1444, 9, 1)),
        (date(2024, 6, 16), HijriDate(1445, 12, 10)),
        (date(2025, 6, 26), HijriDate(1447, 1, 1)),
        (date(2026, 2, 18), HijriDate(1447, 9, 1)),
        (date(2077, 11, 16), HijriDate(1500, 12, 30)),
        # Outside of the table.
        (date(2077, 11, 17), HijriDate(1501, 1, 1)),
        (date(622, 7, 19), HijriDate(1, 1, 1)),
    ],
)
def test_known_days(day: date, expected: HijriDate):
    assert from_gregorian(day) == expected


@pytest.mark.parametrize("passed_over", [25, pytest.param(0, marks=pytest.mark.soak)])
def test_every_day_follows_the_one_before_and_months_have_29_or_30(passed_over: int):
    """`passed_over`: so many days in the middle of each month, after its second."""
    day, before = date(1924, 8, 2), from_gregorian(date(1924, 8, 2))
    while day < date(2077, 11, 15):
        step = 1 + (passed_over if before.day == 2 else 0)
        day += timedelta(days=step)
        now = from_gregorian(day)
        if now.day == 1:
            assert before.day in (29, 30), day
            assert (now.year, now.month) == (before.year + before.month // 12, before.month % 12 + 1), day
        else:
            assert (now.year, now.month, now.day) == (before.year, before.month, before.day + step), day
        before = now


def test_in_words():
    assert written(date(2026, 2, 18), language="ar") == "1 رمضان 1447 هـ"
    assert written(date(2026, 2, 18), language="en") == "1 Ramadan 1447 AH"


def test_before_the_era_there_is_no_date():
    with pytest.raises(ValueError, match="before the Hijri era"):
        from_gregorian(date(622, 7, 18))
