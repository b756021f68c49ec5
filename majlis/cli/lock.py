"""One installation folder, one process at work in it: a lock that the kernel releases at any death."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from majlis.cli.errors import CommandError


class HeldError(CommandError):
    """Another process works on this installation."""

    status = 3

    def __init__(self, pid: str, command: str) -> None:
        super().__init__(f"Majlis is already at work here (majlis {command}): process {pid}.")
        self.pid = pid
        self.command = command


@contextmanager
def exclusive(data: Path, command: str) -> Iterator[None]:
    """Hold DATA/lock, which names our process and `command`, for the block. Raises HeldError."""
    handle = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # `holder` looks with a shared lock for an instant: that must not make a start fail.
        deadline = time.monotonic() + 0.3
        while not _take(handle, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise _held(handle)
            time.sleep(0.02)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()} {command}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def holder(data: Path) -> HeldError | None:
    """Who holds the lock now, if anybody."""
    try:
        handle = os.open(data / "lock", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return None if _take(handle, fcntl.LOCK_SH) else _held(handle)
    finally:
        os.close(handle)


def _take(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _held(handle: int) -> HeldError:
    pid, _, command = os.pread(handle, 200, 0).decode().strip().partition(" ")
    return HeldError(pid or "?", command or "run")
