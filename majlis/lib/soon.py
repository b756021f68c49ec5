"""The moments most often meant when something is put off. Pure: the reader's present and weekend are passed in."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from babel import Locale

MORNING = time(9)
LATEST_HOUR = 20
IN_HOURS = 3
# Where CLDR says otherwise than the country does: Friday and Saturday, in Brunei Friday and Sunday.
_CORRECTED = dict.fromkeys(("AF", "BD", "DJ", "MV", "PS"), frozenset({4, 5})) | {"BN": frozenset({4, 6})}


def weekend(region: str) -> frozenset[int]:
    """The days of the weekend in a country (two letters), Monday is 0; CLDR's, and the world's where unknown."""
    if corrected := _CORRECTED.get(region.upper()):
        return corrected
    try:
        locale = Locale.parse(f"und_{region.upper()}" if region else "en_001")
    except (ValueError, LookupError):
        locale = Locale.parse("en_001")
    first, last = locale.weekend_start, locale.weekend_end
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


def choices(*, now: datetime, zone: tzinfo, rest_days: frozenset[int]) -> list[tuple[str, datetime]]:
    """(name, moment) in their order: `later` today, `tomorrow`, after the `weekend`, in a `week`.

    Mornings are at nine. What falls together with another or is too late today is left out.
    """
    here = now.astimezone(zone)
    later = (here + timedelta(hours=IN_HOURS)).replace(minute=0, second=0, microsecond=0)
    found = []
    if later.date() == here.date() and later.hour <= LATEST_HOUR:
        found.append(("later", later))
    found.append(("tomorrow", _morning(here, 1)))
    days = next((ahead for ahead in range(1, 8) if _is_back(here, ahead, rest_days)), 7)
    if days > 1:
        found.append(("weekend", _morning(here, days)))
    if days != 7:
        found.append(("week", _morning(here, 7)))
    return found


def _morning(here: datetime, days: int) -> datetime:
    return datetime.combine(here.date() + timedelta(days=days), MORNING, tzinfo=here.tzinfo)


def _is_back(here: datetime, ahead: int, rest_days: frozenset[int]) -> bool:
    """Claims that the day `ahead` is the first one after a weekend."""
    day = (here.weekday() + ahead) % 7
    return day not in rest_days and (day - 1) % 7 in rest_days
