"""A measured figure: what it is called, what it should reach, and whether it counts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

BUSY = 1.5  # load at which nothing measured counts


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the result. `against`: what stands beside it; `noisy`: others used the machine meanwhile."""

    name: str
    value: float
    unit: str
    goal: float
    better: Literal["lower", "higher"]
    against: str
    noisy: bool

    @property
    def is_reached(self) -> bool:
        """Claims that the value is at least as good as the goal."""
        return self.value <= self.goal if self.better == "lower" else self.value >= self.goal

    def as_json(self) -> str:
        """One JSON object on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def as_text(self) -> str:
        """The same for people."""
        sign = "≤" if self.better == "lower" else "≥"
        verdict = "noisy: does not count" if self.noisy else "reached" if self.is_reached else "missed"
        return f"{self.name:<18}{self.value:>10.2f} {self.unit:<8} goal {sign} {self.goal:g}  {verdict}"
