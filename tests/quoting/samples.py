"""Mails as programs write them, a file for each family: every line stands behind the piece it belongs to.

A case begins with «# LANGUAGE · what it is»; then lines «above|», «shown|», «signs|» and «quote|», each with its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
PIECES = ("above", "shown", "signs", "quote")


@dataclass(slots=True)
class Sample:
    """A text, its language and name, and the lines of each of its pieces."""

    client: str
    language: str
    name: str
    lines: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for _, line in self.lines)

    def piece(self, wanted: str) -> str:
        return "".join(f"{line}\n" for piece, line in self.lines if piece == wanted)


def samples() -> Iterator[Sample]:
    """Every case of every file."""
    for path in sorted(HERE.glob("*.txt")):
        sample = None
        for row in path.read_text(encoding="utf-8").split("\n"):
            if row.startswith("# "):
                if sample is not None:
                    yield sample
                language, _, name = row[2:].partition(" · ")
                sample = Sample(path.stem, language, name)
            elif sample is not None and row:
                piece, _, line = row.partition("|")
                assert piece in PIECES, row
                sample.lines.append((piece, line))
        if sample is not None:
            yield sample
