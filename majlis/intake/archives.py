"""Mail as it lies in files: an mbox, a Maildir, single .eml files or a tree of any of them. Reads one at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_FROM = re.compile(rb"From \S+.*\d\d:\d\d")  # "From somebody Thu Jan  1 12:00:00 2026"
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_NOTES = (".msf", ".dat")  # Thunderbird's: an index beside every mbox, filters, what was fetched
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")


@dataclass(frozen=True, slots=True)
class Found:
    """One message, the file it lies in, and how many bytes of the archive it and its wrapping take.

    `start` is the byte its "From " line begins at, None where the file is the message.
    """

    path: Path
    content: bytes
    size: int
    start: int | None = None


def again(path: Path, start: int | None, size: int) -> bytes:
    """Read a message once more that was found there. Raises OSError."""
    with path.open("rb") as source:
        if start is None:
            return source.read()
        source.seek(start)
        lines = source.read(size).splitlines(keepends=True)
        return _undone(lines[1:] if lines and lines[0].startswith(b"From ") else lines)


def messages(path: Path, *, largest: int, unreadable: Callable[[Path, str], None]) -> Iterator[Found]:
    """Every message under `path`, in the order of the files' names; `unreadable` is told of what is none.

    A file whose first line is a "From " line is an mbox; a folder with `cur` and `new` is a Maildir, its `tmp` is
    not read. Hidden files are left out, a Maildir's subfolders (".Sent") are not. A message over `largest` bytes
    is unreadable too.
    """
    for file in _files(path):
        try:
            with file.open("rb") as source:
                first = source.readline(4096)
                source.seek(0)
                if first.startswith(b"From "):
                    yield from _mbox(file, source, largest, unreadable)
                elif not _HEADER.match(first):
                    unreadable(file, "no message")
                elif (size := file.stat().st_size) > largest:
                    unreadable(file, f"{size} bytes")
                else:
                    yield Found(file, source.read(), size)
        except OSError as error:
            unreadable(file, error.strerror or str(error))


def total_bytes(path: Path) -> int:
    """How many bytes `messages` will go through."""
    total = 0
    for file in _files(path):
        try:
            total += file.stat().st_size
        except OSError:
            continue
    return total


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    is_maildir = (path / "cur").is_dir() or (path / "new").is_dir()
    for child in sorted(path.iterdir(), key=lambda child: child.name):
        if child.is_dir():
            is_hidden = child.name.startswith(".") and not any(
                (child / in_it).is_dir() for in_it in ("cur", "new")
            )
            if not child.is_symlink() and not is_hidden and not (is_maildir and child.name == "tmp"):
                yield from _files(child)
        elif is_maildir or child.name.startswith(".") or child.suffix in _NOTES:
            continue  # notes of the mail server or program that kept them
        else:
            yield child


def _undone(lines: list[bytes]) -> bytes:
    """A message out of an mbox: without the empty line that parts it from the next, its quoting undone."""
    if lines and lines[-1] in (b"\n", b"\r\n"):
        lines = lines[:-1]
    return _QUOTED_FROM.sub(rb"\1", b"".join(lines))


def _mbox(
    file: Path, source: BinaryIO, largest: int, unreadable: Callable[[Path, str], None]
) -> Iterator[Found]:
    """The messages of an mbox (RFC 4155): a "From " line after an empty line begins the next.

    Quoting is undone as mboxrd has it: one ">" is taken from ">From ", ">>From " and so on.
    """
    lines: list[bytes] = []
    size, start, number, is_after_empty = 0, 0, 0, True

    def ended() -> Iterator[Found]:
        if size > largest:
            unreadable(file, f"message {number}: {size} bytes")
        elif any(line.strip() for line in lines):
            yield Found(file, _undone(lines), size, start)

    for line in source:
        if is_after_empty and line.startswith(b"From ") and (number == 0 or _FROM.match(line)):
            yield from ended()
            lines, start, size, number = [], start + size, len(line), number + 1
        else:
            size += len(line)
            if size <= largest:
                lines.append(line)
        is_after_empty = line in (b"\n", b"\r\n")
    yield from ended()
