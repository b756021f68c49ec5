"""Colours made of one that a company chose, so that what is written in them and on them can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from majlis.lib.contrast import contrast, luminance, readable_on

READABLE: Final = 4.5  # WCAG 2.2, 1.4.3
# The fills that text in the accent stands on, the least favourable of each theme.
LIGHT_FILL: Final = "#f1ede7"
DARK_FILL: Final = "#2e2b28"
_STEPS: Final = 20


@dataclass(frozen=True, slots=True)
class Tints:
    """Colours as #rrggbb: `solid` with what is written `on` it, `hover` of it, and `text` on the page."""

    solid: str
    on: str
    hover: str
    text: str


def tints(colour: str) -> tuple[Tints, Tints]:
    """The tints of a colour (#rrggbb) for light and for dark pages."""
    on = readable_on(colour)
    hover = _mixed(colour, "#000000" if luminance(on) > 0.5 else "#ffffff", 0.12)
    return (
        Tints(colour, on, hover, readable(colour, on=LIGHT_FILL)),
        Tints(colour, on, hover, readable(colour, on=DARK_FILL)),
    )


def readable(colour: str, *, on: str) -> str:
    """`colour`, or the nearest darker or lighter one that can be read on `on`."""
    towards = readable_on(on)
    mixed = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS))
    return next((one for one in mixed if contrast(one, on) >= READABLE), towards)


def _mixed(one: str, other: str, share: float) -> str:
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
