"""`majlis run`: starts the database, the web process and the worker, keeps them up, and stops them all.

Imports no Django and no database driver: it stays small and starts at once.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import IO

from majlis import __version__
from majlis.cli import children, lock, moved, ports, processes, stamps
from majlis.cli.postgres import EmbeddedPostgres, PostgresError
from majlis.config import Config

STOPPED, FAILED, ALREADY_RUNNING, PORT_TAKEN = 0, 1, 3, 4
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# uvicorn raises the signal it was stopped by once more: dying of ours is a clean end.
_CLEAN = (0, -signal.SIGTERM, 128 + signal.SIGTERM, -signal.SIGINT, 128 + signal.SIGINT)
_GRACE_SECONDS = 2.5
_LONGEST_BACKOFF_SECONDS = 30.0
_STEADY_SECONDS = 60.0
_DISK_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Commands:
    """What is started. `upgrade` brings the tables up to date; `first_run_link` prints a link or nothing.

    `both` is the web process that starts the worker too and writes its number into the pipe named behind it
    (`cli.together`); without it, and where the kernel cannot, each is started by itself.
    """

    web: Sequence[str]
    worker: Sequence[str]
    upgrade: Sequence[str]
    first_run_link: Sequence[str]
    both: Sequence[str] = ()


def own_commands() -> Commands:
    """The commands of a real installation."""
    majlis = (sys.executable, "-m", "majlis.cli.main")
    return Commands(
        web=(*majlis, "web"),
        worker=(*majlis, "worker"),
        upgrade=(*majlis, "upgrade"),
        first_run_link=(*majlis, "manage", "first_run_link"),
        both=(*majlis, "web", "--with-worker") if sys.platform == "linux" else (),
    )


def run(config: Config, *, commands: Commands | None = None) -> int:
    """Run the installation until a signal stops it. Returns the exit status; prints what happens."""
    try:
        with lock.exclusive(config.data, "run"):
            moved.refuse(config)
            taken = ports.trouble(config)
            if taken:
                _complain(taken)
                return PORT_TAKEN
            return _Supervisor(config, commands or own_commands()).run()
    except lock.HeldError as held:
        _complain(f"{held} Stop it first, or use it: {config.url}")
        return ALREADY_RUNNING


@dataclass(slots=True)
class _Service:
    """A process that is to be up, and when to start it again after it died."""

    name: str
    argv: Sequence[str]
    child: children.Child | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    backoff_seconds: float = 0.5
    promised: int | None = None  # the pipe in which another process tells its number


class _Supervisor:
    def __init__(self, config: Config, commands: Commands) -> None:
        self.config = config
        self.commands = commands
        self.services = [_Service("web", commands.web), _Service("worker", commands.worker)]
        self.postgres = None if config.is_database_external else EmbeddedPostgres(config.data, say=_say)
        self.database_due_at = 0.0  # of the next try, while its disk is full
        self.asked_to_stop = 0
        self.has_announced = False
        self.link: children.Child | None = None
        self.link_output: IO[bytes] | None = None
        self.begun_at = time.monotonic()
        self.wake, self._wake_end = os.pipe()

    def run(self) -> int:
        self._listen_to_signals()
        processes.adopt_orphans()
        try:
            return self._run()
        except PostgresError as error:
            _complain(str(error))
            return FAILED
        finally:
            self._stop_everything()

    def _run(self) -> int:
        is_migrated = stamps.is_migrated(self.config)
        if self.postgres:
            if not (self.postgres.cluster / "PG_VERSION").exists():
                _say(f"First start: making the database in {self.config.data} …")
            self.postgres.prepare()
            self.postgres.launch()
        if is_migrated:  # their imports take longer than the database's start: let both happen at once
            self._start_services()
        if self.postgres and not self.postgres.wait_ready(should_stop=self._is_stopping):
            return STOPPED
        if not is_migrated:
            if not self._upgrade():
                return STOPPED if self._is_stopping() else FAILED
            self._start_services()
        while not self._is_stopping():
            self._look_after_postgres()
            self._look_after_services()
            self._announce()
            self._pause(1.0 if self.has_announced and not self.link else 0.05)
        return STOPPED

    def _upgrade(self) -> bool:
        """Bring the tables up to date in a process of its own, which takes Django's memory away with it."""
        child = self._spawn("upgrade", self.commands.upgrade)
        while child.poll() is None and not self._is_stopping():
            self._pause(0.5)
        if child.poll() is None:
            child.send(signal.SIGTERM)
            if child.wait(_GRACE_SECONDS) is None:
                child.send(signal.SIGKILL, to_group=True)
                child.wait(1)
            return False
        if child.poll() != 0:
            _complain("The database could not be brought up to date (see above); nothing was started.")
            return False
        stamps.set_migrated(self.config)
        return True

    def _start_services(self) -> None:
        if self.commands.both:
            self._start_both()
            return
        for service in self.services:
            self._start(service)

    def _start_both(self) -> None:
        """The web process starts the worker: what both have read then lies in memory once."""
        web, worker = self.services
        worker.promised, telling = os.pipe()
        os.set_blocking(worker.promised, False)
        try:
            argv = (*self.commands.both, str(telling))
            web.child = self._spawn(web.name, argv, kept=[telling])
        finally:
            os.close(telling)
        web.started_at = time.monotonic()

    def _hear(self, service: _Service) -> None:
        """Take over the process that was promised; it is started by itself when nobody has told its number."""
        if service.promised is None:
            return
        try:
            told = os.read(service.promised, 64)
        except BlockingIOError:
            return
        os.close(service.promised)
        service.promised = None
        if told:
            service.child = children.Child(service.name, children.Adopted(int(told)))
            service.started_at = time.monotonic()

    def _start(self, service: _Service) -> None:
        service.child = self._spawn(service.name, service.argv)
        service.started_at = time.monotonic()

    def _spawn(
        self,
        name: str,
        argv: Sequence[str],
        *,
        output: children.Stream = None,
        kept: Sequence[int] = (),
    ) -> children.Child:
        env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        # Every further heap keeps freed memory of its own, and Python lets its threads run one at a time anyway.
        env.setdefault("MALLOC_ARENA_MAX", "1")
        # Neither asks for docstrings while it runs; without them each process is smaller by more than 2 MiB.
        env.setdefault("PYTHONOPTIMIZE", "2")
        # Where compiled modules may not be kept beside the source, every start would compile all of Django.
        if env.pop("PYTHONDONTWRITEBYTECODE", ""):
            env.setdefault("PYTHONPYCACHEPREFIX", str(self.config.data / "cache"))
        if self.postgres:
            env |= self.postgres.environment()
        return children.spawn(name, argv, on_orphaned=signal.SIGKILL, env=env, output=output, kept=kept)

    def _look_after_postgres(self) -> None:
        """Start it again; without room on its disk that is tried until there is, while the pages say what is the matter."""
        if not self.postgres or self.postgres.is_running() or self._is_stopping():
            return
        if time.monotonic() < self.database_due_at:
            return
        if not self.database_due_at:
            _say("PostgreSQL ended unexpectedly; starting it again.")
        try:
            self.postgres.start(should_stop=self._is_stopping)
        except (PostgresError, OSError) as error:
            if not self.postgres.lacks_room():
                raise
            if not self.database_due_at:
                _complain(str(error))
                _complain(
                    f"There is no room left on the disk of {self.postgres.cluster}: make room there. "
                    f"The database is started as soon as there is."
                )
            self.database_due_at = time.monotonic() + _DISK_PAUSE_SECONDS
        else:
            self.database_due_at = 0.0

    def _look_after_services(self) -> None:
        now = time.monotonic()
        for service in self.services:
            self._hear(service)
            if service.child:
                status = service.child.poll()
                if status is None:
                    if now - service.started_at > _STEADY_SECONDS:
                        service.backoff_seconds = 0.5
                    continue
                # What it started itself (a child that computes) must not go on beside its successor.
                service.child.send(signal.SIGKILL, to_group=True)
                service.child = None
                service.due_at = now + service.backoff_seconds
                _say(f"{service.name} {_how(status)}; starting it again in {service.backoff_seconds:g} s.")
                service.backoff_seconds = min(service.backoff_seconds * 2, _LONGEST_BACKOFF_SECONDS)
            elif service.promised is None and now >= service.due_at:
                self._start(service)
        processes.bury(self._known())

    def _announce(self) -> None:
        """Print the address once the web process answers, and the first visit's link once it is known."""
        if not self.has_announced:
            if self.services[0].child is None or not ports.is_answering(self.config):
                return
            self.has_announced = True
            seconds = time.monotonic() - self.begun_at
            _say(f"Majlis {__version__} is running: {self.config.url}  (after {seconds:.1f} s)")
            _say(f"Data: {self.config.data}. Ctrl-C stops everything.")
            if not stamps.is_owned(self.config):  # only now: before, it would take the web process's time
                self.link_output = tempfile.TemporaryFile()  # noqa: SIM115 - read when the child has ended
                link = self.commands.first_run_link
                self.link = self._spawn("first_run_link", link, output=self.link_output)
        if self.link and self.link_output and (status := self.link.poll()) is not None:
            self.link_output.seek(0)
            text = self.link_output.read().decode(errors="replace").strip()
            self.link_output.close()
            self.link = self.link_output = None
            if text:
                _say(f"First visit, to become the owner: {text}")
            elif status == 0:
                stamps.set_owned(self.config)

    def _known(self) -> set[int]:
        mine = [service.child for service in self.services] + [self.link]
        if self.postgres:
            mine.append(self.postgres.child)
        return {
            process.pid
            for child in mine
            if child
            for process in (child.process, child.watcher)
            if process is not None
        }

    def _listen_to_signals(self) -> None:
        os.set_blocking(self.wake, False)
        os.set_blocking(self._wake_end, False)
        signal.set_wakeup_fd(self._wake_end, warn_on_full_buffer=False)
        for number in _STOPS:
            signal.signal(number, self._stop_asked)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop += 1

    def _is_stopping(self) -> bool:
        return self.asked_to_stop > 0

    def _pause(self, seconds: float) -> None:
        """Sleep until a signal arrives, a child's end included."""
        if self._is_stopping():
            return
        if select.select([self.wake], [], [], seconds)[0]:
            os.read(self.wake, 4096)

    def _stop_everything(self) -> None:
        """Web and worker first, so that nobody talks to a database that goes; then it; then what is left."""
        if self._is_stopping():
            _say("Stopping …")
        asked = self.asked_to_stop
        for service in self.services:
            self._hear(service)
        running = [service.child for service in self.services if service.child]
        if self.link:
            running.append(self.link)
        for child in running:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        while any(child.poll() is None for child in running) and self.asked_to_stop == asked:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        for child in running:
            if child.poll() is None:
                _say(f"{child.name} did not stop in time and is ended.")
            elif child.poll() not in _CLEAN:
                _say(f"{child.name} {_how(child.poll() or 0)} while stopping.")
            child.send(signal.SIGKILL, to_group=True)
            child.wait(2)
        if self.postgres:
            self.postgres.stop(in_a_hurry=self.asked_to_stop > asked)
        self._end_leftovers()
        if self._is_stopping():
            _say("Stopped.")

    def _end_leftovers(self) -> None:
        """End adopted grandchildren: whatever lost its parent came to us."""
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline and (left := processes.children_of(os.getpid())):
            for process in left:
                os.kill(process.pid, signal.SIGKILL)
            processes.bury(set())
            time.sleep(0.01)
        processes.bury(set())


def _how(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"


def _say(text: str) -> None:
    with suppress(OSError):  # nobody listens any more: the terminal was closed
        print(f"majlis: {text}", flush=True)


def _complain(text: str) -> None:
    with suppress(OSError):
        print(f"majlis: {text}", file=sys.stderr, flush=True)
