"""Words for a moment, in both languages, mean what their writer means; what is unclear or past is refused."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.lib.when import Unclear, understand
from tests.letters import LETTERS

RIYADH = ZoneInfo("Asia/Riyadh")
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=RIYADH)  # a Sunday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("غدًا", "2026-11-23 09:00"),
        ("بعد غد ٩ صباحًا", "2026-11-24 09:00"),
        ("الأحد القادم", "2026-11-29 09:00"),
        ("يوم الثلاثاء القادم ١٠ ص", "2026-11-24 10:00"),
        ("بعد ٣ أيام", "2026-11-25 09:00"),
        ("بعد ثلاثة أيام", "2026-11-25 09:00"),
        ("بعد يوم", "2026-11-23 09:00"),
        ("بعد ساعتين", "2026-11-22 12:30"),
        ("بعد نصف ساعة", "2026-11-22 11:00"),
        ("الأسبوع القادم", "2026-11-29 09:00"),
        ("الشهر القادم", "2026-12-22 09:00"),
        ("مساءً", "2026-11-22 18:00"),
        ("غدا الساعة التاسعة صباحا", "2026-11-23 09:00"),
        ("غدًا ٣ والنصف", "2026-11-23 15:30"),
        ("الجمعة بعد الظهر", "2026-11-27 15:00"),
        ("١٥ كانون الأول", "2026-12-15 09:00"),
        ("15 ديسمبر", "2026-12-15 09:00"),
        ("٣ يناير ٥ م", "2027-01-03 17:00"),
        ("tomorrow 9am", "2026-11-23 09:00"),
        ("day after tomorrow at 3:30 pm", "2026-11-24 15:30"),
        ("next sunday", "2026-11-29 09:00"),
        ("next friday at noon", "2026-11-27 12:00"),
        ("in 3 days", "2026-11-25 09:00"),
        ("in a week", "2026-11-29 09:00"),
        ("dec 15", "2026-12-15 09:00"),
        ("15th december 2027 9pm", "2027-12-15 21:00"),
        ("25/12", "2026-12-25 09:00"),
        ("2026-12-15 14:00", "2026-12-15 14:00"),
        ("2026-12-15T08:05", "2026-12-15 08:05"),
        ("9am", "2026-11-23 09:00"),
        ("14:00", "2026-11-22 14:00"),
    ],
)
def test_words_for_a_moment_are_understood(typed: str, meant: str) -> None:
    found = understand(typed, now=NOW, zone=RIYADH)
    assert found.tzinfo is RIYADH
    assert found.strftime("%Y-%m-%d %H:%M") == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "unclear"),
        ("yesterday", "unclear"),
        ("قريبًا", "unclear"),
        ("in 3", "unclear"),
        ("tomorrow 25:00", "unclear"),
        ("2026-02-31", "unclear"),
        ("٣١ شباط", "unclear"),
        ("today 9am", "past"),
        ("2020-01-01", "past"),
        ("2099-01-01", "too_far"),
    ],
)
def test_what_is_unclear_past_or_too_far_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Unclear) as refused:
        understand(typed, now=NOW, zone=RIYADH)
    assert refused.value.code == code


def test_it_is_the_readers_clock_that_counts() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=RIYADH)
    assert understand("tomorrow 9am", now=late, zone=RIYADH).day == 23
    assert understand("tomorrow 9am", now=late, zone=ZoneInfo("Asia/Tokyo")).day == 24


@given(st.text(LETTERS, max_size=40) | st.text(alphabet="0123456789:/-. apmغدابعدسة", max_size=20))
def test_whatever_is_typed_it_is_a_later_moment_or_refused(typed: str) -> None:
    try:
        found = understand(typed, now=NOW, zone=RIYADH)
    except Unclear:
        return
    assert found > NOW
