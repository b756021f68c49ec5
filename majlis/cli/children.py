"""Child processes that never outlive us: started tied to this process, stopped with their whole group."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Literal

Tie = Literal["setpriv", "watcher"]
Stream = int | IO[bytes] | None

# A shell that waits for its end of a pipe to close, which happens when this process ends in whatever way.
_WATCH = 'read -r _; kill -"$1" "$2" 2>/dev/null'
# The kernel tells of a parent's end only who asked before it: who asked too late must not begin.
_UNLESS_ORPHANED = '[ "$PPID" = "$1" ] || exit 1; shift; exec "$@"'


class Adopted:
    """A process that another child started and the kernel made ours (`processes.adopt_orphans`), waited for like a Popen."""

    stdin = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """Its exit status (negative: the signal that ended it), or None while it runs; 1 when others have asked first."""
        if self._status is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                self._status = 1
            else:
                self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status

    def wait(self, timeout: float) -> int:
        """Like `poll`, after waiting for its end. Raises subprocess.TimeoutExpired."""
        deadline = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.01)
        return status


@dataclass(slots=True)
class Child:
    """A running child. `watcher` ends it with us where the kernel cannot (macOS)."""

    name: str
    process: subprocess.Popen[bytes] | Adopted
    watcher: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's id; also the id of its group, as every child leads a session of its own."""
        return self.process.pid

    def poll(self) -> int | None:
        """Its exit status (negative: the signal that ended it), or None while it runs."""
        status = self.process.poll()
        if status is not None:
            _dismiss(self)
        return status

    def wait(self, seconds: float) -> int | None:
        """Like `poll`, after waiting for its end at most so long."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.poll()

    def send(self, number: signal.Signals, *, to_group: bool = False) -> None:
        """Signal it (or it and what it started); nothing happens when it is gone."""
        if self.process.poll() is None or to_group:
            with suppress(ProcessLookupError, PermissionError):
                (os.killpg if to_group else os.kill)(self.pid, number)


def best_tie() -> Tie:
    """How children are tied to us here: by the kernel on Linux, else by a watching shell."""
    return "setpriv" if sys.platform == "linux" and shutil.which("setpriv") else "watcher"


def spawn(
    name: str,
    argv: Sequence[str],
    *,
    on_orphaned: signal.Signals,
    prefix: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    output: Stream = None,
    errors: Stream = None,
    tie: Tie | None = None,
    kept: Sequence[int] = (),
) -> Child:
    """Start `argv` (behind `prefix`, which changes who runs it) in a session of its own; `kept` stay open in it.

    Its own session keeps Ctrl-C from reaching it: we decide the order of stopping. When this process
    ends without having stopped it, it gets `on_orphaned`. Call from the main thread: the kernel's tie
    is to the starting thread.
    """
    tie = tie or best_tie()
    asked = ["setpriv", "--pdeathsig", on_orphaned.name.removeprefix("SIG")]
    still = ["/bin/sh", "-c", _UNLESS_ORPHANED, "tied", str(os.getpid())]
    tied = [*asked, *still] if tie == "setpriv" else []
    process = subprocess.Popen(
        [*prefix, *tied, *argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        env=env,
        start_new_session=True,
        pass_fds=kept,
    )
    if tie == "setpriv":
        return Child(name, process)
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", _WATCH, "watcher", on_orphaned.name.removeprefix("SIG"), str(process.pid)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    return Child(name, process, watcher)


def _dismiss(child: Child) -> None:
    """End the watcher before the number of its process can be given to another."""
    watcher, child.watcher = child.watcher, None
    if watcher is not None:
        watcher.kill()
        if watcher.stdin is not None:
            watcher.stdin.close()
        watcher.wait()
