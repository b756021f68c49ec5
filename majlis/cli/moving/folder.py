"""The folder of an export: what lies where in it, written privately and durably, and its manifest."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from majlis.cli.errors import CommandError
from majlis.cli.keys import sync_folder

FORMAT = 1
MANIFEST = "manifest.json"
KEY = "secret.key"
UNFINISHED = ".unfinished"  # the folder of what is needed only until the export is whole
BLOCK = 1024 * 1024


class MovingError(CommandError):
    """The desk could not be exported or imported; the message says why, and what to do."""


def table_file(name: str) -> str:
    """Where the rows of a table lie."""
    return f"tables/{name}.jsonl"


def file_name(sha256: str) -> str:
    """Where the bytes with this sum lie."""
    return f"files/{sha256[:2]}/{sha256}"


def make(place: Path) -> None:
    """Make a folder that nobody else may look into, if it is missing."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)


def create(path: Path) -> IO[bytes]:
    """An empty file for writing, mode 0600; what had its name is gone."""
    make(path.parent)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def settle(file: IO[bytes]) -> None:
    """See that what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def write_json(path: Path, content: object) -> None:
    """Write a JSON file whole or not at all."""
    aside = path.with_name(f".{path.name}.new")
    with create(aside) as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")
        settle(file)
    aside.rename(path)
    sync_folder(path.parent)


def read_json(path: Path) -> Any:
    """The content of a JSON file, None when it is not there or not whole."""
    try:
        return json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def sum_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
    return total.hexdigest()


@contextmanager
def held(place: Path, doing: str) -> Iterator[None]:
    """Let nobody else work in `place` meanwhile; a lock that the kernel releases at any death."""
    make(place)
    handle = os.open(place / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise MovingError(f"Another process is {doing} {place.parent} at this moment.") from None
    finally:
        os.close(handle)


@contextmanager
def told(unfinished: str) -> Iterator[None]:
    """Say in a sentence what the disk refused; `unfinished` says what that leaves."""
    try:
        yield
    except sqlite3.Error as error:
        raise MovingError(f"{unfinished}: {error}.") from error
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        why = "there is no room left on the disk" if is_full else error.strerror or str(error)
        where = f" ({error.filename})" if error.filename else ""
        raise MovingError(f"{unfinished}: {why}{where}.") from error
