"""A bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_WIDTH = 30
_BAR_EVERY_SECONDS = 0.1
_LINE_EVERY_SECONDS = 10.0
_RATE_AFTER_SECONDS = 3.0


class Progress:
    """How far something long has come, on stderr. `total` is in the same unit as the steps."""

    def __init__(self, what: str, total: int, *, out: TextIO | None = None) -> None:
        self._what = what
        self._total = max(total, 1)
        self._done = 0
        self._out = out or sys.stderr
        self._is_terminal = self._out.isatty()
        self._began_at = self._shown_at = time.monotonic()

    def step(self, amount: int) -> None:
        """So much more is done."""
        self.at(self._done + amount)

    def at(self, done: int) -> None:
        """So much is done in all."""
        self._done = done
        every = _BAR_EVERY_SECONDS if self._is_terminal else _LINE_EVERY_SECONDS
        if time.monotonic() - self._shown_at >= every:
            self._show()

    def end(self) -> None:
        """Leave the last state on the screen."""
        if self._is_terminal:
            self._show()
            self._out.write("\n")
            self._out.flush()

    def _show(self) -> None:
        self._shown_at = time.monotonic()
        share = min(self._done / self._total, 1.0)
        if self._is_terminal:
            filled = round(share * _WIDTH)
            bar = f"[{'#' * filled}{'.' * (_WIDTH - filled)}]"
            self._out.write(f"\r{self._what} {bar} {share:4.0%}{self._left(share):<20}")
        else:
            self._out.write(f"{self._what}: {share:.0%}{self._left(share)}\n")
        self._out.flush()

    def _left(self, share: float) -> str:
        """How long the rest takes at the rate of before; nothing before that can be said."""
        passed = time.monotonic() - self._began_at
        if share >= 1.0 or share <= 0.0 or passed < _RATE_AFTER_SECONDS:
            return ""
        minutes, seconds = divmod(round(passed / share * (1 - share)), 60)
        return f", {minutes}:{seconds:02} left"
