"""How the made-up conversations end, in which shares; each kind at least once. Pure."""

from __future__ import annotations

from random import Random
from typing import Final

_SHARES: Final[dict[str, float]] = {
    "answered": 0.44,
    "settled": 0.08,
    "no_reply": 0.06,
    "not_for_us": 0.03,
    "duplicate": 0.02,
    "waiting": 0.05,
    "failed": 0.007,
    "held": 0.005,
    "bounced": 0.008,
    "away": 0.015,
    "in_progress": 0.07,
    "drafted": 0.02,
    "open": 0.07,
    "reopened": 0.02,
    "called": 0.015,
    "snoozed": 0.03,
    "spam": 0.05,
    "trash": 0.015,
}
# The others lie somewhere in the ninety days.
FRESH: Final = frozenset(
    {
        "waiting",
        "failed",
        "held",
        "bounced",
        "away",
        "in_progress",
        "drafted",
        "open",
        "reopened",
        "called",
        "snoozed",
    }
)
KINDS: Final = tuple(_SHARES)


def shares(random: Random, number: int) -> list[str]:
    """So many fates in any order; at least one of each when there is room for it."""
    fates = [fate for fate, share in _SHARES.items() for _ in range(max(1, round(share * number)))]
    while len(fates) > number and len(set(fates)) < len(fates):
        fates.remove(max(_SHARES, key=fates.count))
    fates += ["answered"] * (number - len(fates))
    fates = fates[:number]
    random.shuffle(fates)
    return fates
