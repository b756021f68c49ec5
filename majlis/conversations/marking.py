"""Where in a text the words stand that were asked for. Pure."""

from __future__ import annotations

import re

from majlis.lib.stems import stems

LENGTH = 140
BEFORE = 40
_RUN = re.compile(r"\S+")
_EDGES = re.compile(r"^\W+|\W+$")


def excerpt(text: str, marks: frozenset[str], *, length: int = LENGTH) -> list[tuple[str, bool]]:
    """The part of `text` around the first word that has one of these stems, in pieces: (text, is such a word)."""
    line = " ".join(text[:40_000].split())
    hits = [found.span() for found in _RUN.finditer(line) if not marks.isdisjoint(stems(found.group()))]
    start = max(0, hits[0][0] - BEFORE) if hits else 0
    if start:
        start = line.find(" ", start, hits[0][0]) + 1 or hits[0][0]
    end = min(len(line), start + length)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for hit_start, hit_end in hits:
        if hit_start >= end:
            break
        word = line[hit_start:hit_end]
        inner = _EDGES.sub("", word) or word
        first = hit_start + word.index(inner)
        pieces += [(line[at:first], False), (line[first : first + len(inner)], True)]
        at = first + len(inner)
    pieces.append((line[at : max(at, end)] + ("…" if end < len(line) else ""), False))
    return [(piece, is_mark) for piece, is_mark in pieces if piece]
