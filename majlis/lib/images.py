"""Which images a browser may show from our own address; everything else is only downloaded."""

from __future__ import annotations

from typing import Final

# No SVG: it can carry scripts.
SHOWN_INLINE: Final[frozenset[str]] = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_MARKS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def kind_of(beginning: bytes) -> str | None:
    """The image type that the first bytes show, whatever was claimed; None for anything else."""
    for mark, kind in _MARKS:
        if beginning.startswith(mark):
            return kind
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return "image/webp"
    return None
