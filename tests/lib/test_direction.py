"""A text runs the way of its first strong letter."""

from __future__ import annotations

import pytest

from majlis.lib.direction import direction


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("مرحبا Salma", "rtl"),
        ("Hello ليلى", "ltr"),
        ("123 - مرحبا", "rtl"),
        ("«Order» رقم", "ltr"),
        ("\u200fOrder", "rtl"),
        ("\u2068Order\u2069 طلب", "rtl"),
        ("123", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_first_strong_letter_decides(text: str, way: str) -> None:
    assert direction(text) == way


def test_without_a_strong_letter_the_caller_decides() -> None:
    assert direction("123", "rtl") == "rtl"
