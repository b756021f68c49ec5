"""How a moment, a day or a duration is written for one reader. Pure: the time zone is passed in."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

from babel.dates import format_datetime, format_timedelta

from majlis.lib.numbers import locale_for, shaped

CLOCK = "h:mm a"
NBSP = "\u00a0"


# A page writes the same minutes and days again and again, and CLDR's patterns are slow to follow.
@lru_cache(maxsize=4096)
def _kept(minute: datetime, pattern: str, language: str, digits: str, region: str) -> str:
    text = format_datetime(minute, pattern, locale=locale_for(language, region))
    return shaped(text, digits)


def _written(local: datetime, pattern: str, *, language: str, digits: str, region: str) -> str:
    whole = local.replace(second=0, microsecond=0, tzinfo=None)
    minute = whole if pattern == CLOCK else whole.replace(hour=0, minute=0)
    return _kept(minute, pattern, language, digits, region)


def clock(value: datetime, *, zone: tzinfo, language: str, digits: str, region: str = "") -> str:
    """The time of day, `9:48 am` or `٩:٤٨ ص`, never broken over two lines."""
    local = value.astimezone(zone)
    text = _written(local, CLOCK, language=language, digits=digits, region=region)
    return text.replace(" ", NBSP)


def day(value: datetime, *, now: datetime, zone: tzinfo, language: str, digits: str, region: str = "") -> str:
    """A calendar day: the weekday within the last six days, day and month this year, else with the year."""
    local, today = value.astimezone(zone), now.astimezone(zone)
    age_days = (today.date() - local.date()).days
    if 0 <= age_days < 7:
        pattern = "EEEE"
    elif local.year == today.year:
        pattern = "d MMMM"
    else:
        pattern = "d MMMM y"
    return _written(local, pattern, language=language, digits=digits, region=region)


def moment(
    value: datetime,
    *,
    now: datetime,
    zone: tzinfo,
    language: str,
    digits: str,
    region: str = "",
    yesterday: str,
    short: bool = False,
) -> str:
    """When something happened: the clock today, `yesterday` before that, then `day`.

    Args:
        value: an aware datetime, shown in `zone`.
        now: the reader's present, aware.
        yesterday: that word in the reader's language.
        short: for lists, leaves the clock out of every day but today.
    """
    local, shape = value.astimezone(zone), {"language": language, "digits": digits, "region": region}
    age_days = (now.astimezone(zone).date() - local.date()).days
    time = clock(local, zone=zone, **shape) if age_days == 0 or not short else ""
    if age_days == 0:
        return time
    if age_days == 1:
        date = yesterday
    else:
        date = day(value, now=now, zone=zone, language=language, digits=digits, region=region)
    return date if short else f"{date} {time}"


def ahead(
    value: datetime,
    *,
    now: datetime,
    zone: tzinfo,
    language: str,
    digits: str,
    region: str = "",
    today: str,
    tomorrow: str,
) -> str:
    """When something will happen: `today` or `tomorrow` (words of the reader's language), the weekday within six
    days, else the date; always with the clock. Arguments as in `moment`."""
    local, shape = value.astimezone(zone), {"language": language, "digits": digits, "region": region}
    here = now.astimezone(zone)
    days = (local.date() - here.date()).days
    if days == 0:
        date = today
    elif days == 1:
        date = tomorrow
    elif 0 < days < 7:
        date = _written(local, "EEEE", **shape)
    else:
        date = _written(local, "d MMMM" if local.year == here.year else "d MMMM y", **shape)
    return f"{date} {clock(local, zone=zone, **shape)}"


def full(value: datetime, *, zone: tzinfo, language: str, digits: str, region: str = "") -> str:
    """The whole moment, for a tooltip: weekday, date, year and clock."""
    local = value.astimezone(zone)
    date = _written(local, "EEEE d MMMM y", language=language, digits=digits, region=region)
    return f"{date} {clock(value, zone=zone, language=language, digits=digits, region=region)}"


def whole_day(value: datetime, *, zone: tzinfo, language: str, digits: str, region: str = "") -> str:
    """A calendar day with everything: weekday, day, month and year."""
    local = value.astimezone(zone)
    return _written(local, "EEEE d MMMM y", language=language, digits=digits, region=region)


def span(length: timedelta, *, language: str, digits: str) -> str:
    """A duration in its largest unit, short: `42 min`, `٤٢ د`, `3 days`; under a minute counts as one."""
    whole = max(length, timedelta(minutes=1))
    text = format_timedelta(whole, threshold=1, format="short", locale=locale_for(language))
    return shaped(text, digits)


def lasting(length: timedelta, *, language: str, digits: str) -> str:
    """A duration in its two largest units, short, rounded up: `1 hr 5 mins`, `2 days`; under a minute counts as one."""
    minutes = max(1, -int(-length.total_seconds() // 60))
    if minutes < 48 * 60:
        parts = (_exactly(minutes // 60, "hour", language), _exactly(minutes % 60, "minute", language))
    else:
        days, hours = divmod(-(-minutes // 60), 24)
        parts = (_exactly(days, "day", language), _exactly(hours, "hour", language))
    return shaped(" ".join(part for part in parts if part), digits).replace(" ", NBSP)


def _exactly(number: int, unit: Literal["day", "hour", "minute"], language: str) -> str:
    """So many of one unit, short; nothing of none."""
    length = timedelta(**{f"{unit}s": number})
    locale = locale_for(language)
    shape = format_timedelta(length, granularity=unit, threshold=10**6, format="short", locale=locale)
    return shape if number else ""


def ago(value: datetime, *, now: datetime, language: str, digits: str) -> str:
    """How long ago in words, `3 minutes ago`, `قبل ٣ دقائق`; under a minute counts as one."""
    whole = max(now - value, timedelta(minutes=1))
    text = format_timedelta(-whole, threshold=1, add_direction=True, locale=locale_for(language))
    return shaped(text, digits)
