"""Two conversations become one: where each line of theirs comes to stand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

Line = tuple[int, datetime]  # seq, time


def interleave(
    mine: Sequence[Line], theirs: Sequence[Line], *, seq: int
) -> tuple[dict[int, int], dict[int, int]]:
    """New numbers above `seq`, as old: new, for those of `mine` that come after the first of `theirs`, and all of theirs.

    Each keeps its own order, whatever its times say (mail of before may be older than what stood there already);
    between the two the time decides, and at the same time mine comes first. What of mine comes before all of theirs
    keeps its number.
    """
    ahead, others = _never_back(mine), _never_back(theirs)
    places: tuple[dict[int, int], dict[int, int]] = ({}, {})
    left, right = 0, 0
    while left < len(ahead) or right < len(others):
        is_mine = right == len(others) or (left < len(ahead) and ahead[left][1] <= others[right][1])
        if is_mine:
            if right:
                seq += 1
                places[0][ahead[left][0]] = seq
            left += 1
        else:
            seq += 1
            places[1][others[right][0]] = seq
            right += 1
    return places


def _never_back(lines: Sequence[Line]) -> list[Line]:
    """The lines in their order, none earlier than one before it."""
    found: list[Line] = []
    for seq, at in sorted(lines):
        found.append((seq, max(at, found[-1][1]) if found else at))
    return found
