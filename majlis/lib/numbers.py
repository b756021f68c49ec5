"""How a number is written for one reader: digits, grouping, decimal and percent signs, file sizes."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.numbers import format_decimal
from babel.units import format_unit

if TYPE_CHECKING:
    from decimal import Decimal

# Where Arabic is read with Latin digits by habit (CLDR default numbering systems of the ar_* locales).
LATIN_REGIONS = frozenset({"AE", "DZ", "EH", "LY", "MA", "TN"})
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
SIZES = ("kilobyte", "megabyte", "gigabyte")


def system(language: str, numerals: str = "auto", region: str = "") -> str:
    """The digits a reader expects.

    Args:
        language: two-letter language of the page.
        numerals: the reader's setting, `auto`, `arab` or `latn`.
        region: two-letter country of the reader or the installation, or empty.

    Returns:
        `arab` (٠–٩) or `latn` (0–9).
    """
    if numerals in ("arab", "latn"):
        return numerals
    return "arab" if language == "ar" and region.upper() not in LATIN_REGIONS else "latn"


def shaped(text: str, digits: str) -> str:
    """`text` with its ASCII digits written in the system `digits`."""
    return text.translate(ARABIC_DIGITS) if digits == "arab" else text


def ascii_digits(text: str) -> str:
    """`text` with Arabic-Indic and Persian digits folded to ASCII, for fields that accept both."""
    return text.translate(ASCII_DIGITS)


def number(value: float | Decimal, digits: str, *, places: int = 1) -> str:
    """A grouped number with at most `places` decimals: `2,940.5` or `٢٬٩٤٠٫٥`."""
    pattern = "#,##0" if places <= 0 else "#,##0." + "#" * places
    text = format_decimal(value, format=pattern, locale="en")
    if digits != "arab":
        return text
    return shaped(text, digits).translate({ord(","): "٬", ord("."): "٫"})


def percent(fraction: float, digits: str, *, places: int = 0) -> str:
    """A fraction (0–1) as a percentage: `90%` or `٩٠٪`."""
    return number(fraction * 100, digits, places=places) + ("٪" if digits == "arab" else "%")


@cache
def locale_for(language: str, region: str = "") -> Locale:
    """The CLDR locale of a reader; English is written the international way (day before month)."""
    if language == "en":
        return Locale.parse("en_001")
    try:
        return Locale.parse(f"{language}_{region.upper()}" if region else language)
    except (ValueError, LookupError):
        return Locale.parse(language)


def size(count: int, language: str, digits: str) -> str:
    """A file's size in bytes as one short figure (CLDR digital units, 1 kB = 1,000 bytes, never below 1 kB)."""
    value = max(count / 1000, 1)
    step = 0
    while value >= 1000 and step < len(SIZES) - 1:
        value /= 1000
        step += 1
    shown = round(value, 1) if step and value < 10 else round(value)
    text = format_unit(shown, f"digital-{SIZES[step]}", length="short", locale=locale_for(language))
    return shaped(re.sub(r"(?<=\d)\.(?=\d)", "٫", text), digits) if digits == "arab" else text
