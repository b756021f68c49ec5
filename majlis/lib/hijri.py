"""Hijri dates by the Umm al-Qura calendar, the civil calendar of Saudi Arabia. Pure.

The lengths of its months come from no formula: they are published. The table below holds those of 1343–1500 AH as
the Unicode project gives them (ICU, calendar "islamic-umalqura", after the Umm al-Qura tables of KACST). Dates outside
of it are counted by the tabular calendar (11 leap years in 30: years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29; epoch
16 July 622 Julian), which may be a day or two off what was observed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

FIRST_YEAR: Final = 1343
# 1 Muharram 1343 AH, 2 August 1924.
FIRST_DAY: Final = date(1924, 8, 2).toordinal()
# Three hexadecimal digits a year; the lowest bit is Muharram; a bit that is set is a month of 30 days.
_MONTHS: Final = (
    "6a953525d4bd9ba3b4b69b2aa554ada5d2da6d9eaae94d2ac564aea6d56ad55d4aa9352ba5b53a6b5ea9d52d29"
    "a554ad56daea6e4ed1da2aaa95a2da5b9bb27646c95552ab4dbaba5b4da9d52aa592d26d8ed2daad5aa5a4b497"
    "9372b6975d69d52c9592b25b4db9d55d2da5d4aa9554daad3aabd2bc4b89a9552d5adb6a6d4dc9d92aa69562ae"
    "56d36ab55aaa94d49d95d2ba5b55aad55a9a92e26e55dada6d46a5b27a4d4ad56db5a754f49e92d26a563566b5"
    "baab92b2568ba9b55aada5b4da9b52a9a536276575af26d46a95552ad4bd9ba574b69b52a9552da5d4daad96b2"
    "e95e2ac9692eaad56ad65d4a"
)
# The day before 1 Muharram 1 AH, as Python counts days.
_EPOCH: Final = 227014

NAMES: Final = {
    "ar": (
        "محرم",
        "صفر",
        "ربيع الأول",
        "ربيع الآخر",
        "جمادى الأولى",
        "جمادى الآخرة",
        "رجب",
        "شعبان",
        "رمضان",
        "شوال",
        "ذو القعدة",
        "ذو الحجة",
    ),
    "en": (
        "Muharram",
        "Safar",
        "Rabiʻ I",
        "Rabiʻ II",
        "Jumada I",
        "Jumada II",
        "Rajab",
        "Shaʻban",
        "Ramadan",
        "Shawwal",
        "Dhuʻl-Qiʻdah",
        "Dhuʻl-Hijjah",
    ),
}
_ERA: Final = {"ar": "هـ", "en": "AH"}


@dataclass(frozen=True, slots=True)
class HijriDate:
    """A day of the Hijri calendar; months count from 1."""

    year: int
    month: int
    day: int


@lru_cache(maxsize=2048)
def from_gregorian(day: date) -> HijriDate:
    """The Hijri date of a Gregorian day, until its sunset. Raises ValueError before 1 AH."""
    left = day.toordinal() - FIRST_DAY
    if left >= 0:
        for place in range(0, len(_MONTHS), 3):
            lengths = int(_MONTHS[place : place + 3], 16)
            days = 348 + lengths.bit_count()
            if left >= days:
                left -= days
                continue
            for month in range(12):
                length = 29 + (lengths >> month & 1)
                if left < length:
                    return HijriDate(FIRST_YEAR + place // 3, month + 1, left + 1)
                left -= length
    return _tabular(day)


def written(day: date, *, language: str) -> str:
    """A day in words, with ASCII digits: `21 Ramadan 1447 AH`, `21 رمضان 1447 هـ`."""
    found = from_gregorian(day)
    names = NAMES.get(language, NAMES["en"])
    return f"{found.day} {names[found.month - 1]} {found.year} {_ERA.get(language, _ERA['en'])}"


def _tabular(day: date) -> HijriDate:
    """By the arithmetic of Reingold and Dershowitz, Calendrical Calculations, chapter 7."""
    ordinal = day.toordinal()
    if ordinal <= _EPOCH:
        raise ValueError(f"{day} lies before the Hijri era")
    year = (30 * (ordinal - _EPOCH - 1) + 10646) // 10631
    passed = ordinal - _before(year)
    month = min(12, (11 * (passed - 1) + 330) // 325)
    return HijriDate(year, month, passed - (59 * (month - 1) + 1) // 2)


def _before(year: int) -> int:
    """The day before the first of a tabular year."""
    return _EPOCH + 354 * (year - 1) + (3 + 11 * year) // 30
