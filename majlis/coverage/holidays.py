"""Which days are holidays: those of a country, and the team's own by either calendar. Pure.

Public holidays come from the library `holidays`, which weighs some megabytes and is loaded when a country is first asked
for. What waits for the moon to be seen is an estimate, and says so; a team corrects it by working on the one day and
keeping another of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from majlis.coverage.hours import Span, Week
from majlis.lib import hijri
from majlis.lib.soon import weekend

LANGUAGES: Final = ("ar", "en")
ONCE: Final = "once"
YEARLY: Final = "yearly"
HIJRI: Final = "hijri"
USUAL: Final = (Span(9 * 60, 17 * 60),)
_MOST_DAYS: Final = 60
# The days of the longest Hijri month, and of each Gregorian one.
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LABELS = {" (observed, estimated)": " (observed)", " (estimated)": ""}


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that differs from the week's: `names` by language, `spans` on it (none: closed the whole day)."""

    names: Mapping[str, str]
    spans: tuple[Span, ...] = ()
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A holiday of the team's own: `kind` ONCE (in `year`), YEARLY or HIJRI; it lasts `days` days."""

    name: str
    kind: str
    month: int
    day: int
    year: int | None = None
    days: int = 1
    spans: tuple[Span, ...] = ()

    def begins_on(self, day: date) -> bool:
        """Claims that its first day is `day`; the thirtieth of a Hijri month of 29 days is on no day."""
        if self.kind == HIJRI:
            found = hijri.from_gregorian(day)
            return (found.month, found.day) == (self.month, self.day)
        return (day.month, day.day) == (self.month, self.day) and self.year in (None, day.year)

    def is_on(self, day: date) -> bool:
        """Claims that `day` is one of its days."""
        return any(self.begins_on(day - timedelta(days=back)) for back in range(self.days))


@dataclass(frozen=True, slots=True)
class Holidays:
    """Every holiday of a schedule. `country` is two letters or empty; on the days of `worked` public ones do not count.

    The team's own stand above public ones; of two on one day the one that is closed, else the one first named.
    """

    country: str = ""
    own: tuple[Own, ...] = ()
    worked: frozenset[date] = field(default=frozenset())

    def on(self, day: date) -> Holiday | None:
        """What is on `day`, None for an ordinary one."""
        mine = sorted((one for one in self.own if one.is_on(day)), key=lambda one: bool(one.spans))
        if mine:
            names = dict.fromkeys(LANGUAGES, mine[0].name)
            return Holiday(names, mine[0].spans, is_estimated=mine[0].kind == HIJRI)
        if not self.country or day in self.worked:
            return None
        return public(self.country, day.year).get(day)

    def spans(self, day: date) -> tuple[Span, ...] | None:
        """The periods of a day that differs, for `Hours.differs`."""
        found = self.on(day)
        return None if found is None else found.spans


@lru_cache(maxsize=32)
def public(country: str, year: int) -> Mapping[date, Holiday]:
    """The public holidays of a country (two letters) in a year, by day; empty where none are known."""
    import holidays

    code = country.upper()
    loader: Any = getattr(holidays, code, None) if len(code) == 2 and code.isalpha() else None
    if loader is None:
        return {}
    kind: Any = type(loader())
    # Saudi Arabia's follow a calendar that is printed, and are still announced when the moon was seen.
    asked: dict[str, Any] = {"years": year}
    if "islamic_show_estimated" in inspect.signature(kind.__init__).parameters:
        asked["islamic_show_estimated"] = True
    english = kind(language="en_US", **asked)
    arabic = next((name for name in kind.supported_languages if name[:2] == "ar"), None)
    said = kind(language=arabic, **asked) if arabic else english
    labels = _labels(said)
    return {
        day: Holiday(
            {"ar": _plain(said[day], labels), "en": _plain(name, _LABELS)},
            is_estimated=any(label in name for label in _LABELS),
        )
        for day, name in sorted(english.items())
        if day.year == year
    }


def usual(country: str) -> Week:
    """The week to start from in a country: nine to five, closed at its weekend."""
    rest_days = weekend(country)
    return tuple(() if day in rest_days else USUAL for day in range(7))


def is_day(kind: str, month: int, day: int, *, year: int | None = None, days: int = 1) -> bool:
    """Claims that an own holiday can be on this day, and last so long."""
    if not (1 <= month <= 12 and 1 <= days <= _MOST_DAYS):
        return False
    if kind == HIJRI:
        return 1 <= day <= 30
    if kind == YEARLY:
        return 1 <= day <= _LONGEST[month - 1]
    try:
        return kind == ONCE and date(year or 0, month, day).year >= 1
    except ValueError:
        return False


def _labels(said: Any) -> dict[str, str]:
    """What stands behind a name that is estimated, and what is left of it without that, in the language of `said`."""

    def tail(name: str) -> str:
        return str(said.tr(getattr(said, name, "%s"))).replace("%s", "")

    return {tail("observed_estimated_label"): tail("observed_label"), tail("estimated_label"): ""}


def _plain(name: str, labels: Mapping[str, str]) -> str:
    for label, left in labels.items():
        if label:
            name = name.replace(label, left)
    return name
