"""How a benchmark is run: its size, its folder, the pace of the machine before and after, and what it says."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from majlis.cli.benches import clocks
from majlis.cli.benches.figures import BUSY

QUIET_OTHERS = 0.3  # CPUs that others may keep busy meanwhile


@dataclass(slots=True)
class Run:
    """One run of a benchmark: `size` is the share of the full one, `folder` where its installations lie.

    `load` is the machine's load before anything was started.
    """

    folder: Path
    size: float
    load: float
    _paces: list[float] = field(default_factory=list)

    def count(self, full: int, *, least: int = 1) -> int:
        """So many of something that is `full` at full size."""
        return max(least, round(full * self.size))

    def pace(self) -> None:
        """Read the machine's pace: to be called right before and right after what is measured, and better in between."""
        self._paces.append(clocks.calibrate())

    def scale(self, *, readings: int = 2) -> float:
        """What measured CPU time is multiplied with, so that runs on slower or busier machines compare.

        It follows from the last `readings` of the pace.
        """
        paces = self._paces[-readings:]
        seconds = sum(paces) / len(paces)
        told = ", ".join(f"{pace * 1000:.0f}" for pace in paces)
        self.say(f"calibration {told} ms (reference {clocks.REFERENCE_SECONDS * 1000:.0f})")
        return clocks.REFERENCE_SECONDS / seconds

    def is_noisy(self, others: float) -> bool:
        """Claims that the machine was not ours alone: load before the start, or CPUs others used meanwhile."""
        return self.load > BUSY or others > QUIET_OTHERS

    def say(self, text: str) -> None:
        """A line beside the figures."""
        sys.stderr.write(f"{text}\n")
