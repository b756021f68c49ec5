"""What the page of the hours shows: the week, the holidays of two years, and what a customer would be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from majlis.coverage import opening_words
from majlis.coverage.holidays import HIJRI, LANGUAGES, ONCE, YEARLY, Own, public
from majlis.coverage.models import Schedule
from majlis.coverage.queries import kept, own_of
from majlis.coverage.schedule import Plan, Standing, Why
from majlis.desk.forms import region_choices, time_zone_choices
from majlis.desk.settings_pages.frame import reader_digits
from majlis.desk.settings_pages.hours_typed import Typed, is_over_midnight
from majlis.lib import dates, hijri
from majlis.lib.numbers import locale_for, shaped
from majlis.lib.soon import weekend
from majlis.people.models import Team
from majlis.people.sessions import installation_of

_AHEAD: Final = timedelta(days=400)


def tabs(team: Team | None) -> list[dict[str, Any]]:
    """The company and its teams, each with the address of its hours."""
    company = {"label": _("The company"), "url": reverse("settings_hours"), "current": team is None}
    return [company] + [
        {
            "label": one.name,
            "url": reverse("settings_team_hours", args=[one.pk]),
            "current": team is not None and one.pk == team.pk,
        }
        for one in Team.objects.order_by("name", "pk")
    ]


def beginnings(request: HttpRequest, team: Team | None) -> dict[str, Any]:
    """What an empty page offers: the country whose usual hours they would be, and whether the company has any."""
    region = _region(request)
    return {
        "usual_country": dict(region_choices()).get(region, region),
        "company_has_hours": team is not None and (company := kept(None)) is not None and company.is_on,
    }


def fields(request: HttpRequest, typed: Typed) -> dict[str, Any]:
    """The days of the week in the country's order, with what is typed in them, and the choices."""
    rest_days = weekend(typed.country or _region(request))
    first = next((day for day in range(7) if day not in rest_days and (day - 1) % 7 in rest_days), 0)
    names = locale_for(_language()).days["format"]["wide"]
    return {
        "days": [
            {
                "number": day,
                "name": names[day],
                "pairs": [
                    {"opens": pair[0], "closes": pair[1], "is_over": is_over_midnight(pair)}
                    for pair in typed.week[day]
                ],
            }
            for day in ((first + step) % 7 for step in range(7))
        ],
        "zones": _with(typed.time_zone, time_zone_choices()),
        "countries": _with(typed.country, region_choices()),
        "years": _years(request, typed),
    }


def listed(request: HttpRequest, schedule: Schedule, typed: QueryDict | None) -> dict[str, Any]:
    """The holidays of its own, the next first, and the fields of a new one with what is typed in them."""
    today = timezone.localdate()
    rows = []
    for holiday in schedule.holidays.all():
        own = own_of(holiday)
        on = next_day(own, today)
        rows.append(
            {
                "holiday": holiday,
                "on": on or date.max,
                "is_behind": on is None and own.kind == ONCE,
                "when": _written(request, on) if on else "",
                "kind": _kinds()[holiday.kind],
                "days": own.days,
                "periods": [
                    (_clock(request, span.opens), _clock(request, span.closes)) for span in own.spans
                ],
                "is_estimated": own.kind == HIJRI,
            }
        )
    names = hijri.NAMES.get(_language(), hijri.NAMES["en"])
    return {
        "own": sorted(rows, key=lambda row: (row["on"], row["holiday"].pk)),
        "kinds": list(_kinds().items()),
        "hijri_months": list(enumerate(names, start=1)),
        "own_typed": typed or {"kind": ONCE, "days": "1"},
    }


def next_day(own: Own, today: date) -> date | None:
    """Its first day that is not over yet, within 400 days; a longer one counts until its last."""
    start = today - timedelta(days=own.days - 1)
    if own.kind == ONCE:
        on = date(own.year or 1, own.month, own.day)
        return on if on >= start else None
    found = (start + timedelta(days=ahead) for ahead in range(_AHEAD.days + own.days))
    return next((day for day in found if own.begins_on(day)), None)


def said(request: HttpRequest, plan: Plan, at: datetime) -> dict[str, Any]:
    """What whoever writes at `at` is told, in both languages, and how things stand then."""
    region = _region(request)
    here = plan.standing(at)
    return {
        "iso": at.astimezone(plan.hours.zone).isoformat(timespec="minutes"),
        "at": dates.full(
            at, zone=plan.hours.zone, language=_language(), digits=reader_digits(request), region=region
        ),
        "is_open": here.is_open,
        "why": _why(here),
        "sentences": [
            (
                language,
                opening_words.answer(plan, now=at, to=opening_words.reader(language, region=region)),
            )
            for language in LANGUAGES
        ],
    }


def _why(here: Standing) -> str:
    if here.is_open:
        return _("Open")
    if here.why == Why.HOLIDAY:
        name = here.holiday.get(_language(), "")
        return _("Closed: %(holiday)s") % {"holiday": f"\u2068{name}\u2069"}
    return _("Closed: a day off") if here.why == Why.DAY_OFF else _("Closed: outside the hours")


def _years(request: HttpRequest, typed: Typed) -> list[dict[str, Any]]:
    """The public holidays of this year and the next; one that is over can be worked on no more."""
    today = timezone.localdate()
    language = _language()
    if not typed.country:
        return []
    years: list[dict[str, Any]] = [
        {
            "year": shaped(str(year), reader_digits(request)),
            "days": [
                {
                    "on": day.isoformat(),
                    "when": _written(request, day),
                    "name": holiday.names[language if language in holiday.names else "en"],
                    "is_estimated": holiday.is_estimated and day >= today,
                    "is_past": day < today,
                    "is_worked": day.isoformat() in typed.worked,
                }
                for day, holiday in public(typed.country, year).items()
            ],
        }
        for year in (today.year, today.year + 1)
    ]
    # The first one that has something ahead is unfolded.
    ahead = next((year for year in years if any(not day["is_past"] for day in year["days"])), years[-1])
    return [{**year, "is_unfolded": year is ahead} for year in years]


def _written(request: HttpRequest, day: date) -> tuple[str, str]:
    """A day by both calendars."""
    digits = reader_digits(request)
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    shape = {"language": _language(), "digits": digits, "region": _region(request)}
    return dates.whole_day(noon, zone=UTC, **shape), shaped(hijri.written(day, language=_language()), digits)


def _clock(request: HttpRequest, minutes: int) -> str:
    at = datetime.combine(date(2000, 1, 1), time(0), tzinfo=UTC) + timedelta(minutes=minutes)
    return dates.clock(at, zone=UTC, language=_language(), digits=reader_digits(request))


def _kinds() -> dict[str, str]:
    return {
        ONCE: pgettext("holiday", "Once"),
        YEARLY: pgettext("holiday", "Every year"),
        HIJRI: pgettext("holiday", "Every Hijri year"),
    }


def _with(value: str, choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices, and what is kept even if it is none of them: a list must not choose something else unseen."""
    found = list(choices)
    return found if not value or value in dict(found) else [(value, value), *found]


def _region(request: HttpRequest) -> str:
    """The company's country, which came with the session."""
    found = installation_of(request)
    return found.region if found else ""


def _language() -> str:
    return (get_language() or "ar")[:2]
