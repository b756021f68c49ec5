"""How far an export or import is: a bar, what is at work, and how much of it a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from majlis.cli.demo import bar
from majlis.cli.progress import Progress


class Pace:
    """Counts one step after another towards a whole; `unit` says a number of what is counted."""

    def __init__(self, what: str) -> None:
        self.progress = Progress(what)
        self.begin("", 0)

    def begin(self, step: str, whole: int, *, unit: Callable[[int], str] = str) -> None:
        """The next step, of so many rows or bytes."""
        self.step, self.whole, self.unit = step, whole, unit
        self.done = 0
        self.begun_at = time.monotonic()

    def add(self, number: int) -> None:
        """So many more are done; told when it is time to."""
        self.done += number
        rate = self.done / max(time.monotonic() - self.begun_at, 0.001)
        self.progress.show(
            f"{bar(min(self.done, self.whole), self.whole)} {self.step},"
            f" {self.unit(self.done)} of {self.unit(self.whole)}, {self.unit(int(rate))}/s"
        )

    def end(self) -> None:
        """Leave the line to what comes after."""
        self.progress.end()
