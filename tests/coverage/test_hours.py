"""Hours follow the clock on the wall and are counted by moments: over DST, midnight, split shifts, and for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.coverage.hours import CLOSED, DAY, HORIZON_DAYS, Hours, Span, Week

RIYADH = "Asia/Riyadh"
BEIRUT = "Asia/Beirut"
CAIRO = "Africa/Cairo"
CASABLANCA = "Africa/Casablanca"
NEW_YORK = "America/New_York"


def spans(text: str) -> tuple[Span, ...]:
    """ "9-12 13:30-17 22-2": an end that comes first is on the next day."""
    found = []
    for part in text.split():
        opens, closes = (
            int(hour) * 60 + int(minute or 0)
            for hour, _, minute in (half.partition(":") for half in part.split("-"))
        )
        found.append(Span(opens, closes if closes > opens else closes + DAY))
    return tuple(found)


def week(text: str, days: str = "0123456") -> Week:
    """The same periods on these weekdays, Monday is 0."""
    return tuple(spans(text) if str(day) in days else () for day in range(7))


def at(text: str, zone: str) -> datetime:
    """A moment by the clock of a zone; with a `*` the second time it shows that."""
    return datetime.fromisoformat(text.strip("*")).replace(tzinfo=ZoneInfo(zone), fold=text.endswith("*"))


def clock(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}{'*' if moment.fold else ''}" if moment else "never"


@pytest.mark.parametrize(
    ("zone", "kept", "now", "opens", "closes"),
    [
        # an ordinary day: before, within, at its edges, after, over the weekend
        (RIYADH, week("9-17", "60123"), "2026-11-22 08:59", "2026-11-22 09:00", "2026-11-22 08:59"),
        (RIYADH, week("9-17", "60123"), "2026-11-22 09:00", "2026-11-22 09:00", "2026-11-22 17:00"),
        (RIYADH, week("9-17", "60123"), "2026-11-22 17:00", "2026-11-23 09:00", "2026-11-22 17:00"),
        (RIYADH, week("9-17", "60123"), "2026-11-26 18:00", "2026-11-29 09:00", "2026-11-26 18:00"),
        # a split shift
        (RIYADH, week("9-12 16-21"), "2026-11-22 11:00", "2026-11-22 11:00", "2026-11-22 12:00"),
        (RIYADH, week("9-12 16-21"), "2026-11-22 12:00", "2026-11-22 16:00", "2026-11-22 12:00"),
        # over midnight: the night belongs to the day it began on
        (RIYADH, week("22-2", "3"), "2026-11-27 01:59", "2026-11-27 01:59", "2026-11-27 02:00"),
        (RIYADH, week("22-2", "3"), "2026-11-26 01:00", "2026-11-26 22:00", "2026-11-26 01:00"),
        # periods that touch are one: until midnight and on from it
        (RIYADH, week("0-8 16-0"), "2026-11-22 23:00", "2026-11-22 23:00", "2026-11-23 08:00"),
        # always, and never
        (RIYADH, week("0-24"), "2026-11-22 03:00", "2026-11-22 03:00", "never"),
        (RIYADH, CLOSED, "2026-11-22 03:00", "never", "2026-11-22 03:00"),
        # Beirut, Cairo: midnight itself does not exist on the night clocks go forward
        (BEIRUT, week("0-8"), "2026-03-28 23:30", "2026-03-29 01:00", "2026-03-28 23:30"),
        (BEIRUT, week("0:15-0:45"), "2026-03-28 23:30", "2026-03-30 00:15", "2026-03-28 23:30"),
        (CAIRO, week("0:30-8", "4"), "2026-04-23 23:30", "2026-04-24 01:00", "2026-04-23 23:30"),
        # … and the hour before it comes twice when they go back: the first one counts
        (BEIRUT, week("9-23:30", "5"), "2026-10-24 23:15", "2026-10-24 23:15", "2026-10-24 23:30"),
        (BEIRUT, week("9-23:30", "5"), "2026-10-24 23:15*", "2026-10-31 09:00", "2026-10-24 23:15*"),
        (BEIRUT, week("9-24", "5"), "2026-10-24 23:30*", "2026-10-24 23:30*", "2026-10-25 00:00"),
        (CAIRO, week("23:30-6", "3"), "2026-10-29 23:00", "2026-10-29 23:30", "2026-10-29 23:00"),
        # Casablanca: an hour back for Ramadan, and forward after it
        (CASABLANCA, week("2:30-10", "6"), "2027-02-06 23:00", "2027-02-07 02:30", "2027-02-06 23:00"),
        (CASABLANCA, week("2:30-10", "6"), "2027-03-13 23:00", "2027-03-14 03:00", "2027-03-13 23:00"),
        # New York: both ways on a Sunday at two
        (NEW_YORK, week("2:30-9", "6"), "2026-03-08 01:00", "2026-03-08 03:00", "2026-03-08 01:00"),
        (NEW_YORK, week("1:30-9", "6"), "2026-11-01 01:15", "2026-11-01 01:30", "2026-11-01 01:15"),
        (NEW_YORK, week("1:30-9", "6"), "2026-11-01 01:15*", "2026-11-01 01:15*", "2026-11-01 09:00"),
    ],
)
def test_what_is_open_when_it_opens_and_when_it_closes(
    zone: str, kept: Week, now: str, opens: str, closes: str
) -> None:
    hours, moment = Hours(ZoneInfo(zone), kept), at(now, zone)
    assert clock(hours.next_opening(moment)) == opens
    assert clock(hours.next_closing(moment)) == closes
    assert hours.is_open(moment) is (opens == now)


@pytest.mark.parametrize(
    ("zone", "kept", "start", "end", "long"),
    [
        (RIYADH, week("9-17", "60123"), "2026-11-22 16:00", "2026-11-23 10:00", timedelta(hours=2)),
        (RIYADH, week("9-17", "60123"), "2026-11-26 00:00", "2026-12-03 00:00", timedelta(hours=40)),
        (RIYADH, week("9-12 16-21"), "2026-11-22 11:30", "2026-11-22 16:30", timedelta(hours=1)),
        (RIYADH, week("22-2", "3"), "2026-11-27 00:00", "2026-11-27 23:00", timedelta(hours=2)),
        (RIYADH, week("9-17"), "2026-11-22 12:00", "2026-11-22 11:00", timedelta()),
        # a whole day is as long as it is
        (NEW_YORK, week("0-24"), "2026-03-08 00:00", "2026-03-09 00:00", timedelta(hours=23)),
        (NEW_YORK, week("0-24"), "2026-11-01 00:00", "2026-11-02 00:00", timedelta(hours=25)),
        (NEW_YORK, week("1:30-9", "6"), "2026-11-01 00:00", "2026-11-02 00:00", timedelta(hours=8.5)),
        (NEW_YORK, week("1:30-9", "6"), "2026-11-01 01:15*", "2026-11-01 02:00", timedelta(hours=0.75)),
        (CAIRO, week("22-6", "3"), "2026-04-23 00:00", "2026-04-25 00:00", timedelta(hours=7)),
        (CAIRO, week("22-6", "3"), "2026-10-29 00:00", "2026-10-31 00:00", timedelta(hours=9)),
        (CASABLANCA, week("0-12", "6"), "2027-02-07 00:00", "2027-02-08 00:00", timedelta(hours=13)),
        (CASABLANCA, week("0-12", "6"), "2027-03-14 00:00", "2027-03-15 00:00", timedelta(hours=11)),
        (BEIRUT, week("0:15-0:45"), "2026-03-28 12:00", "2026-03-29 12:00", timedelta()),
    ],
)
def test_how_long_somebody_was_there(zone: str, kept: Week, start: str, end: str, long: timedelta) -> None:
    assert Hours(ZoneInfo(zone), kept).open_between(at(start, zone), at(end, zone)) == long


def test_a_day_that_differs_stands_in_place_of_the_weeks_and_ends_no_night_before_it() -> None:
    closed, short = date(2026, 11, 27), date(2026, 11, 28)
    hours = Hours(ZoneInfo(RIYADH), week("22-2"), {closed: (), short: spans("10-11")}.get)
    assert hours.is_open(at("2026-11-27 01:00", RIYADH)), "Thursday's night goes on into the holiday"
    assert clock(hours.next_opening(at("2026-11-27 02:00", RIYADH))) == "2026-11-28 10:00"
    assert clock(hours.next_opening(at("2026-11-28 11:00", RIYADH))) == "2026-11-29 22:00"


def test_nothing_is_looked_for_beyond_four_hundred_days() -> None:
    now = at("2026-11-22 12:00", RIYADH)
    for ahead, found in ((HORIZON_DAYS - 1, True), (HORIZON_DAYS + 2, False)):
        there = (now + timedelta(days=ahead)).date()
        hours = Hours(ZoneInfo(RIYADH), CLOSED, {there: spans("9-17")}.get)
        assert (hours.next_opening(now) is not None) is found


_periods = st.lists(
    st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY)).map(lambda pair: Span(pair[0], sum(pair))),
    max_size=2,
).map(tuple)
_hours = st.builds(
    lambda zone, week: Hours(ZoneInfo(zone), tuple(week)),
    st.sampled_from([BEIRUT, CAIRO, CASABLANCA, NEW_YORK, "Australia/Lord_Howe", "Pacific/Apia"]),
    st.lists(_periods, min_size=7, max_size=7),
)
# Most of them near a change of clocks.
_moments = st.builds(
    lambda day, minutes: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(
        ["2026-03-28", "2026-10-24", "2026-04-23", "2027-02-07", "2027-03-14", "2026-11-01", "2011-12-29"]
    ),
    st.integers(-2 * DAY, 2 * DAY),
)


@settings(max_examples=60)
@given(_hours, st.lists(_moments, min_size=3, max_size=3).map(sorted))
def test_time_between_adds_up_and_never_exceeds_what_passed(hours: Hours, moments: list[datetime]) -> None:
    first, second, third = moments
    whole = hours.open_between(first, third)
    assert hours.open_between(first, second) + hours.open_between(second, third) == whole
    assert timedelta() <= whole <= third - first


@settings(max_examples=60)
@given(_hours, _moments)
def test_the_next_opening_is_open_and_nothing_is_before_it(hours: Hours, now: datetime) -> None:
    opens = hours.next_opening(now)
    if opens is None:
        assert not hours.is_open(now)
        return
    assert opens >= now
    assert hours.is_open(opens)
    assert hours.open_between(now, opens) == timedelta()
    closes = hours.next_closing(opens)
    if closes is not None:
        assert not hours.is_open(closes)
        assert hours.open_between(opens, closes) == closes.astimezone(UTC) - opens.astimezone(UTC)
