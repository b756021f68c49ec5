"""One line that tells how far a long piece of work has come."""

from __future__ import annotations

import sys
import time


class Progress:
    """Rewrites one line on a terminal; elsewhere prints a line every ten seconds at most."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.is_terminal = sys.stderr.isatty()
        self.begun_at = self.shown_at = time.monotonic()

    def show(self, state: str) -> None:
        """Tell `state` if it is time to."""
        now = time.monotonic()
        if now - self.shown_at < (0.2 if self.is_terminal else 10.0):
            return
        self.shown_at = now
        text = f"{self.what}: {state} ({now - self.begun_at:.0f} s)"
        print(
            f"\r\033[K{text}" if self.is_terminal else text,
            end="" if self.is_terminal else "\n",
            file=sys.stderr,
        )
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line to what comes after."""
        if self.is_terminal and self.shown_at > self.begun_at:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def counted(number: int, noun: str) -> str:
    """A number with its noun, for nouns that take an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size(count: int) -> str:
    """Bytes as a person reads them."""
    number = float(count)
    for unit in ("bytes", "KiB", "MiB"):
        if number < 1024:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} GiB"
