"""What the doctor found about one thing, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `next_step` is there exactly when something is wrong.

    `found` says what was seen and what it means, `next_step` what to do.
    """

    title: str
    found: str
    next_step: str = ""

    @property
    def is_well(self) -> bool:
        """Claims that nothing has to be done."""
        return not self.next_step

    def tell(self, say: Callable[[str], None]) -> None:
        """One line, and a second one with the next step."""
        say(f"{'ok' if self.is_well else 'PROBLEM':8}{self.title}: {self.found}")
        if self.next_step:
            say(f"{'':8}→ {self.next_step}")

    def as_json(self) -> str:
        """One object on one line: check, ok, found, next."""
        told = {"check": self.title, "ok": self.is_well, "found": self.found, "next": self.next_step}
        return json.dumps(told, ensure_ascii=False)
