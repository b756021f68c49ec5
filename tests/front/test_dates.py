"""Moments are written in the reader's language, digits and time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from majlis.lib import dates

RIYADH = ZoneInfo("Asia/Riyadh")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # Sunday noon in Riyadh
ARABIC: dict[str, Any] = {"zone": RIYADH, "language": "ar", "digits": "arab"}
ENGLISH: dict[str, Any] = {"zone": RIYADH, "language": "en", "digits": "latn"}


def arabic(value: datetime, **options: Any) -> str:
    return dates.moment(value, now=NOW, yesterday="أمس", **ARABIC, **options).replace("\u00a0", " ")


def english(value: datetime, **options: Any) -> str:
    return dates.moment(value, now=NOW, yesterday="Yesterday", **ENGLISH, **options).replace("\u00a0", " ")


def test_today_is_the_clock():
    value = datetime(2026, 11, 22, 6, 48, tzinfo=UTC)
    assert arabic(value) == "٩:٤٨ ص"
    assert english(value) == "9:48 am"


@pytest.mark.parametrize(
    ("value", "in_arabic", "in_english"),
    [
        (datetime(2026, 11, 21, 18, 18, tzinfo=UTC), "أمس ٩:١٨ م", "Yesterday 9:18 pm"),
        (datetime(2026, 11, 19, 9, 0, tzinfo=UTC), "الخميس ١٢:٠٠ م", "Thursday 12:00 pm"),
        (datetime(2026, 11, 15, 9, 0, tzinfo=UTC), "١٥ نوفمبر ١٢:٠٠ م", "15 November 12:00 pm"),
        (datetime(2025, 7, 10, 9, 0, tzinfo=UTC), "١٠ يوليو ٢٠٢٥ ١٢:٠٠ م", "10 July 2025 12:00 pm"),
    ],
)
def test_earlier_days_grow_longer_with_their_distance(value, in_arabic, in_english):
    assert arabic(value) == in_arabic
    assert english(value) == in_english


def test_lists_leave_the_clock_out_of_other_days():
    assert arabic(NOW - timedelta(days=3), short=True) == "الخميس"
    assert english(NOW - timedelta(days=1), short=True) == "Yesterday"


def test_the_day_changes_at_midnight_of_the_reader():
    before_midnight_in_riyadh = datetime(2026, 11, 21, 20, 59, tzinfo=UTC)
    after = datetime(2026, 11, 21, 21, 1, tzinfo=UTC)
    assert arabic(before_midnight_in_riyadh, short=True) == "أمس"
    assert arabic(after, short=True) == "١٢:٠١ ص"


def test_a_time_ahead_of_the_clock_is_a_date():
    assert english(NOW + timedelta(days=2), short=True) == "24 November"


def test_months_are_called_as_in_the_region():
    value = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)
    assert dates.day(value, now=NOW, **ARABIC, region="MA") == "٣ غشت"
    assert dates.day(value, now=NOW, **ARABIC, region="SY") == "٣ آب"
    assert dates.day(value, now=NOW, **ARABIC, region="SA") == "٣ أغسطس"


@pytest.mark.parametrize(
    ("minutes", "in_arabic", "in_english"),
    [(0, "١ د", "1 min"), (42, "٤٢ د", "42 mins"), (190, "٣ س", "3 hrs")],
)
def test_waiting_is_told_in_its_largest_unit(minutes, in_arabic, in_english):
    length = timedelta(minutes=minutes)
    assert dates.span(length, language="ar", digits="arab") == in_arabic
    assert dates.span(length, language="en", digits="latn") == in_english


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(1, "قبل دقيقة واحدة"), (2, "قبل دقيقتين"), (3, "قبل ٣ دقائق"), (11, "قبل ١١ دقيقة")],
)
def test_ago_follows_the_arabic_plurals(minutes, expected):
    assert dates.ago(NOW - timedelta(minutes=minutes), now=NOW, language="ar", digits="arab") == expected


def test_the_tooltip_tells_everything():
    told = dates.full(NOW, **ARABIC).replace("\u00a0", " ")
    assert told == "الأحد ٢٢ نوفمبر ٢٠٢٦ ١٢:٠٠ م"
