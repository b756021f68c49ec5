"""Who is running, asked of /proc: what works in a folder, and what we have inherited. Empty on macOS."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """One living process (zombies do not count)."""

    pid: int
    parent: int
    command: str


def everybody() -> list[Process]:
    """All living processes that we may look at."""
    found = []
    for folder in Path("/proc").iterdir() if sys.platform == "linux" else []:
        if not folder.name.isdigit():
            continue
        with suppress(OSError, ValueError, IndexError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            if state not in "ZX":
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                found.append(Process(int(folder.name), int(parent), line.decode(errors="replace").strip()))
    return found


def working_in(folder: Path) -> list[Process]:
    """The processes whose current folder is `folder`: a postmaster and its backends keep to theirs."""
    found = []
    for process in everybody():
        with suppress(OSError):
            if Path(f"/proc/{process.pid}/cwd").readlink() == folder.resolve():
                found.append(process)
    return found


def children_of(pid: int) -> list[Process]:
    """The direct children of `pid`, adopted ones included."""
    return [process for process in everybody() if process.parent == pid]


def is_alive(pid: int) -> bool:
    """Whether a process of that number runs (a zombie does not)."""
    return any(process.pid == pid for process in everybody())


def kill_backends_without_postmaster(folder: Path) -> int:
    """End what a killed postmaster left at work in its data folder; the number of processes ended.

    A backend that computes does not notice its postmaster's death, holds the shared memory, and lets
    no new server start. Does nothing while a postmaster lives there.
    """
    there = working_in(folder)
    if any(not process.command.startswith("postgres: ") for process in there):
        return 0
    for process in there:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while working_in(folder) and there and time.monotonic() < deadline:
        time.sleep(0.01)
    return len(there)


def adopt_orphans() -> None:
    """Have the kernel hand grandchildren whose parent died to us instead of to process 1 (Linux)."""
    if sys.platform == "linux":
        import ctypes

        pr_set_child_subreaper = 36
        ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


def bury(known: set[int]) -> None:
    """Reap dead adopted children; those in `known` are left for whoever started them (Linux)."""
    if sys.platform != "linux":
        return
    for process in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            for pid in map(int, (process / "children").read_text().split()):
                if pid not in known:
                    with suppress(ChildProcessError):
                        os.waitpid(pid, os.WNOHANG)
