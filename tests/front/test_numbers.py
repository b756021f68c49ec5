"""Numbers are written in the digits their reader expects."""

from __future__ import annotations

import pytest

from majlis.lib import numbers


@pytest.mark.parametrize(
    ("language", "numerals", "region", "expected"),
    [
        ("ar", "auto", "SA", "arab"),
        ("ar", "auto", "EG", "arab"),
        ("ar", "auto", "", "arab"),
        ("ar", "auto", "ma", "latn"),
        ("ar", "auto", "AE", "latn"),
        ("ar", "latn", "SA", "latn"),
        ("en", "auto", "SA", "latn"),
        ("en", "arab", "", "arab"),
    ],
)
def test_digits_follow_the_setting_then_the_habit_of_the_region(language, numerals, region, expected):
    assert numbers.system(language, numerals, region) == expected


def test_arabic_numbers_have_their_own_separators():
    assert numbers.number(2940.5, "arab") == "٢٬٩٤٠٫٥"
    assert numbers.number(1_234_567, "arab") == "١٬٢٣٤٬٥٦٧"
    assert numbers.number(0, "arab") == "٠"


def test_latin_numbers_are_grouped():
    assert numbers.number(2940.5, "latn") == "2,940.5"
    assert numbers.number(2.96, "latn", places=0) == "3"


def test_percentages_carry_the_sign_of_their_digits():
    assert numbers.percent(0.9, "arab") == "٩٠٪"
    assert numbers.percent(0.125, "latn", places=1) == "12.5%"


def test_fields_accept_either_digits():
    assert numbers.ascii_digits("٠١٢٣٤٥٦٧٨٩ ۴۲ 7") == "0123456789 42 7"


@pytest.mark.parametrize(
    ("count", "arabic", "english"),
    [
        (0, "١ كيلوبايت", "1 kB"),
        (21_440, "٢١ كيلوبايت", "21 kB"),
        (5_300_000, "٥٫٣ م.ب", "5.3 MB"),
        (7_000_000_000, "٧ غ.ب", "7 GB"),
    ],
)
def test_file_sizes_are_short(count, arabic, english):
    assert numbers.size(count, "ar", "arab") == arabic
    assert numbers.size(count, "en", "latn") == english
