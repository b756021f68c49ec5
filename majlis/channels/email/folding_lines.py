"""Lines as the folding looks at them: one spelling for each letter, quotation marks counted. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

_UNSEEN = re.compile("[\u00ad\u061c\u0640\u064b-\u0652\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPELLING = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیې", "ي"),
        "ة": "ه",
        "ک": "ك",
        **dict.fromkeys("\xa0\u202f\u2007\u2009\t", " "),
        **dict.fromkeys("‐‑‒–—―", "-"),
        **dict.fromkeys("‘’ʼ´`", "'"),
        "：": ":",
        "İ": "i",
        "ı": "i",
        **{chr(0x660 + digit): str(digit) for digit in range(10)},
        **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
    }
)
_MARKS = re.compile(r"[> ]+")


class Hint(Enum):
    """What the markup of HTML says of a line; plain text says nothing."""

    NONE = 0
    INTRODUCES = 1  # the line above a quotation
    BEGINS = 2  # from here on everything is quoted
    SIGNS = 3  # inside of a signature


@dataclass(slots=True)
class Line:
    """A line: its words, spelled alike and without marks of quotation, and how it stands.

    `is_marked`: quoted by «>» or by an element made for that. `is_certain`: the element is made for nothing else.
    `is_delimiter`: «-- » of RFC 3676 §4.3, its blank kept.
    """

    words: str
    is_marked: bool = False
    is_certain: bool = False
    is_delimiter: bool = False
    hint: Hint = Hint.NONE


def spelled(text: str) -> str:
    """Return `text` with one form of each letter, digit, dash and blank: lower case, no vowel or bidi marks."""
    return _UNSEEN.sub("", text).translate(_SPELLING).lower()


def of_text(text: str) -> list[Line]:
    """One Line for every line of `text.splitlines()`."""
    lines = []
    for row in spelled(text).splitlines():
        words = row.strip()
        if words[:1] == ">":
            lines.append(Line(_MARKS.sub("", words, count=1), True))
        else:
            lines.append(Line(words, is_delimiter=row == "-- "))
    # A last line of nothing but marks is none once they are gone.
    return lines + [Line("") for _ in range(len(text.splitlines()) - len(lines))]


def is_blank(line: Line) -> bool:
    return not line.words and not line.is_marked


def next_filled(lines: Sequence[Line], place: int, end: int) -> int:
    """The first line from `place` on that says something; `end` when none does."""
    while place < end and is_blank(lines[place]):
        place += 1
    return place


def end_of(lines: Sequence[Line], end: int) -> int:
    """The end of what says something before `end`."""
    while end > 0 and is_blank(lines[end - 1]):
        end -= 1
    return end
