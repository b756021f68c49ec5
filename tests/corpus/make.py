"""Writes the corpus: every message byte by byte, as servers and programs really send them.

Run `python -m tests.corpus.make` after a change; the .eml files are kept beside this one, and a test compares them.
"""

from __future__ import annotations

from pathlib import Path

from tests.corpus import automatic, bounced, broken, charsets, hard, inside, meetings, sealed, structure

HERE = Path(__file__).parent


def messages() -> dict[str, bytes]:
    """Return every message of the corpus: file name without `.eml` -> its bytes."""
    found: dict[str, bytes] = {}
    for module in (charsets, structure, broken, automatic, inside, sealed, meetings, bounced, hard):
        found |= module.MESSAGES
    return found


def main() -> None:
    """Write the files that differ from what this corpus says."""
    for name, raw in messages().items():
        path = HERE / f"{name}.eml"
        if not path.exists() or path.read_bytes() != raw:
            path.write_bytes(raw)


if __name__ == "__main__":
    main()
