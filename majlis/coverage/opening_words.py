"""When somebody is there again, in words for one reader: short, and nothing that is not so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from majlis.coverage.schedule import Plan
from majlis.lib.numbers import locale_for, shaped, system

# Less than that before the hours of a day end, nobody is told that a message is read on that day.
ENOUGH: Final = timedelta(hours=1)
_NOON = 12


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom it is said to: `language` "ar" or "en", `digits` as `lib.numbers.system` names them, `region` for the names
    of months, `zone` where they are, None when nobody knows."""

    language: str
    digits: str
    region: str = ""
    zone: tzinfo | None = None


def reader(language: str, *, region: str = "", zone: tzinfo | None = None) -> Reader:
    """A customer who reads `language`, where the company is in `region`."""
    return Reader(language, system(language, "auto", region), region, zone)


def phrase(opens_at: datetime, *, now: datetime, zone: tzinfo, to: Reader) -> str:
    """When that is, for use inside a sentence: `tomorrow at 9 am`, `on Sunday 3 May at 9 am`, «غدًا الساعة ٩ ص».

    `now` once it is there. On the reader's clock where it is known, else on the one of `zone`, which the schedule keeps;
    where the two differ the clock's place is named.
    """
    with translation.override(to.language):
        if opens_at <= now:
            return pgettext("when we are back", "now")
        there = to.zone or zone
        return _on_day(opens_at.astimezone(there), now.astimezone(there), _clock(opens_at, zone, to), to)


def sentence(opens_at: datetime, *, now: datetime, zone: tzinfo, to: Reader) -> str:
    """The same as a sentence: `We are back tomorrow at 9 am.`"""
    when = phrase(opens_at, now=now, zone=zone, to=to)
    with translation.override(to.language):
        return _("We are here now.") if opens_at <= now else _("We are back %(when)s.") % {"when": when}


def answer(plan: Plan | None, *, now: datetime, to: Reader) -> str:
    """When a person reads what is written now, as a sentence; empty where nothing can be promised."""
    if plan is None:
        return ""
    here, zone = plan.standing(now), plan.hours.zone
    if not here.is_open:
        return sentence(here.opens_at, now=now, zone=zone, to=to) if here.opens_at else ""
    with translation.override(to.language):
        if plan.left_today(now, to.zone or zone) >= ENOUGH:
            return _("We are here now, and one of us will read your message today.")
        if here.closes_at is None or plan.hours.open_between(now, now + ENOUGH) >= ENOUGH:
            return _("We are here now, and one of us will read your message soon.")
        until = _clock(here.closes_at, zone, to)
        if here.opens_at is None:
            return _("We are here until %(clock)s.") % {"clock": until}
        again = phrase(here.opens_at, now=now, zone=zone, to=to)
        return _("We are here until %(clock)s, and again %(when)s.") % {"clock": until, "when": again}


def _on_day(there: datetime, here: datetime, clock: str, to: Reader) -> str:
    days = (there.date() - here.date()).days
    if days == 0:
        return pgettext("when we are back", "today at %(clock)s") % {"clock": clock}
    if days == 1:
        return pgettext("when we are back", "tomorrow at %(clock)s") % {"clock": clock}
    pattern = "EEEE" if days < 7 else "EEEE d MMMM" if there.year == here.year else "EEEE d MMMM y"
    day = shaped(
        format_datetime(there.replace(tzinfo=None), pattern, locale=locale_for(to.language, to.region)),
        to.digits,
    )
    return pgettext("when we are back", "on %(day)s at %(clock)s") % {"day": day, "clock": clock}


def _clock(at: datetime, zone: tzinfo, to: Reader) -> str:
    """The time of day: `9 am`, `9:30 am`, `12 noon`, and where that clock hangs if it is not the schedule's own."""
    there = to.zone or zone
    local = at.astimezone(there)
    if (local.hour, local.minute) == (_NOON, 0):
        text = pgettext("time of day", "12 noon")
    else:
        pattern = "h:mm a" if local.minute else "h a"
        text = format_datetime(local.replace(tzinfo=None), pattern, locale=locale_for(to.language, to.region))
    # A narrow space before "am" is one that fonts may lack; the figure and its half stay on one line.
    text = shaped(" ".join(text.split()), to.digits).replace(" ", "\u00a0")
    if at.astimezone(zone).utcoffset() == local.utcoffset():
        return text
    return _("%(clock)s %(place)s time") % {"clock": text, "place": _place(there, to)}


def _place(zone: tzinfo, to: Reader) -> str:
    """The city that names a time zone, in the reader's language where it has a name there."""
    if not isinstance(zone, ZoneInfo):
        return str(zone)
    name = get_timezone_location(zone, locale=locale_for(to.language, to.region), return_city=True)
    return name.rpartition("/")[2]
