"""How long something lasted, in its two largest units."""

from __future__ import annotations

from datetime import timedelta

import pytest

from majlis.lib.dates import lasting


@pytest.mark.parametrize(
    ("length", "english", "arabic"),
    [
        (timedelta(0), "1 min", "١ د"),
        (timedelta(minutes=59), "59 mins", "٥٩ د"),
        (timedelta(hours=1), "1 hr", "١ س"),
        (timedelta(hours=1, seconds=1), "1 hr 1 min", "١ س ١ د"),
        (timedelta(hours=47, minutes=30), "47 hrs 30 mins", "٤٧ س ٣٠ د"),
        (timedelta(hours=48), "2 days", "يومان"),
        (timedelta(hours=49, minutes=10), "2 days 2 hrs", "يومان ٢ س"),
        (timedelta(days=12), "12 days", "١٢ يومًا"),
    ],
)
def test_a_length_is_written_in_two_units_and_never_as_less_than_it_was(
    length: timedelta, english: str, arabic: str
) -> None:
    assert lasting(length, language="en", digits="latn").replace("\u00a0", " ") == english
    assert lasting(length, language="ar", digits="arab").replace("\u00a0", " ") == arabic
