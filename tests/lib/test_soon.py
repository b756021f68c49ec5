"""The moments most often meant are in the future, in order, each once, and know the weekend of the region."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from majlis.lib.soon import choices, weekend

RIYADH = ZoneInfo("Asia/Riyadh")


@pytest.mark.parametrize(
    ("region", "days"),
    [("SA", {4, 5}), ("EG", {4, 5}), ("AE", {5, 6}), ("DE", {5, 6}), ("", {5, 6}), ("??", {5, 6})],
)
def test_the_weekend_is_the_regions(region: str, days: set[int]) -> None:
    assert weekend(region) == days


@pytest.mark.parametrize(
    ("now", "meant"),
    [
        # a Wednesday: later, Thursday morning, Sunday after the weekend, the next Wednesday
        ("2026-11-25 10:20", ["later 25 13:00", "tomorrow 26 09:00", "weekend 29 09:00", "week 02 09:00"]),
        # late in the evening nothing is later today
        ("2026-11-25 19:20", ["tomorrow 26 09:00", "weekend 29 09:00", "week 02 09:00"]),
        # a Saturday: tomorrow is after the weekend
        ("2026-11-28 10:20", ["later 28 13:00", "tomorrow 29 09:00", "week 05 09:00"]),
        # a Sunday: after the weekend is in a week
        ("2026-11-29 10:20", ["later 29 13:00", "tomorrow 30 09:00", "weekend 06 09:00"]),
    ],
)
def test_each_moment_is_offered_once(now: str, meant: list[str]) -> None:
    here = datetime.fromisoformat(now).replace(tzinfo=RIYADH)
    found = choices(now=here, zone=RIYADH, rest_days=weekend("SA"))
    assert [f"{name} {at:%d %H:%M}" for name, at in found] == meant
    assert all(at > here for _, at in found)
