"""Which way a text runs."""

from __future__ import annotations

import unicodedata
from typing import Literal

Direction = Literal["rtl", "ltr"]


def direction(text: str, default: Direction = "ltr") -> Direction:
    """Return the direction of the first strong character (Unicode Bidirectional Algorithm, rules P2 and P3).

    Characters inside isolates are skipped, as P2 asks; a text without any strong character gets `default`.
    """
    isolates = 0
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("LRI", "RLI", "FSI"):
            isolates += 1
        elif kind == "PDI":
            isolates = max(0, isolates - 1)
        elif isolates == 0 and kind == "L":
            return "ltr"
        elif isolates == 0 and kind in ("R", "AL"):
            return "rtl"
    return default
