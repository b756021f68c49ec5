"""The same word is the same string, however it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.lib.arabic import is_arabic, normalise, sort_key
from tests.letters import LETTERS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إلى", "الي"),
        ("آخر", "اخر"),
        ("مُحَمَّد", "محمد"),
        ("فاتورة", "فاتوره"),
        ("مـــرحبا", "مرحبا"),
        ("ليلى", "ليلي"),
        ("شيء", "شي"),
        ("مسؤول", "مسوول"),
        ("جمييييل", "جميل"),
        ("کتاب علی", "كتاب علي"),
        ("٤٤١٧", "4417"),
        ("۴۴۱۷", "4417"),
        ("ﻣﺮﺣﺒﺎ", "مرحبا"),
        ("\u200fطلب\u200e \u202bجديد\u202c", "طلب جديد"),
        ("Order", "ORDER"),
        ("٣٫٥", "3.5"),
    ],
)
def test_two_ways_to_type_it_are_one(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize("text", ["www.shop.example", "11114", "aaa", "الله", "باب"])
def test_what_must_stay_stays(text: str) -> None:
    assert normalise(text) == text


def test_different_words_stay_different() -> None:
    words = ["كتاب", "كاتب", "مكتب", "باب", "ناب", "تاب", "حرب", "خرب", "جرب", "سعر", "شعر"]
    assert len({normalise(word) for word in words}) == len(words)


@given(st.text(LETTERS, max_size=60) | st.text("اأإآءئؤىيةهه ـًّ\u0654\u200fککabAB٣", max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_names_sort_by_the_arabic_alphabet() -> None:
    names = ["Omar", "أحمد", "إبراهيم", "بدر", "پارسا", "تالا", "سلمى", "ليلى", "نورة", "هند", "وليد", "يوسف"]
    assert sorted(set(names), key=sort_key) == [
        "Omar", "إبراهيم", "أحمد", "بدر", "پارسا", "تالا", "سلمى", "ليلى", "نورة", "هند", "وليد", "يوسف",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("أين طلبي؟", True),
        ("طلب order", True),
        ("where is my order", False),
        ("see https://shop.example/a/long/way شكرا", True),
        ("4417", False),
        ("", False),
        ("مرحبا layla@customer.example", True),
        ("I like the word نعم very much, it is short", False),
    ],
)
def test_arabic_is_told_by_its_letters(text: str, answer: bool) -> None:
    assert is_arabic(text) is answer
