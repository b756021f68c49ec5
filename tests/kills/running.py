"""A started Majlis whose processes can be killed, and which can be started again over the same folder and ports."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from majlis import config
from majlis.cli import ports, processes
from tests import made as first_start
from tests.polling import until
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
FAULTS = Path(__file__).with_name("faults")
MAJLIS = str(Path(sys.executable).with_name("majlis"))
_COMES_BACK_WITHIN_SECONDS = 60


class Installation:
    """One folder, and what runs over it. Points of death are armed by files in `points`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.data = folder / "var"
        self.points = folder / "points"
        self.points.mkdir()
        self.log_file = folder / "log"
        self.port, self.lmtp_port = free_ports(2)
        self.process: subprocess.Popen[bytes] | None = None
        self.settings = {
            "MAJLIS_DATA": str(self.data),
            "MAJLIS_PORT": str(self.port),
            "MAJLIS_URL": f"http://localhost:{self.port}",
            "MAJLIS_LMTP_PORT": str(self.lmtp_port),
            **settings,
        }
        self._seen: set[int] = set()

    # -- coming and going

    def start(self) -> None:
        """Start it (again) and wait until it answers. Raises AssertionError with its output."""
        faulty = {"PYTHONPATH": os.pathsep.join((str(FAULTS), str(ROOT))), "KILL_POINTS": str(self.points)}
        with self.log_file.open("ab") as output:
            process = self.process = subprocess.Popen(
                [MAJLIS, "run"],
                env={**self.environment(), **faulty},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        until(
            lambda: process.poll() is not None or ports.is_answering(self.config),
            "an answer of `majlis run`",
            timeout=_COMES_BACK_WITHIN_SECONDS,
        )
        assert process.poll() is None, f"`majlis run` ended with {process.returncode}\n{self.log()}"
        self.look()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Signal the supervisor; its exit status, and the seconds until it had ended."""
        assert self.process is not None
        self.look()
        before = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(30), time.monotonic() - before

    def clear_away(self) -> None:
        """Whatever is still there ends now; only processes that were seen as ours."""
        if self.process is not None:
            self.look()
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait(10)
        for pid in self.left():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until(lambda: not processes.working_in(self.data / "postgres"), "the end of the database")

    # -- looking

    def look(self) -> list[processes.Process]:
        """The supervisor's living children and theirs; they are remembered for `left`."""
        assert self.process is not None
        everybody = processes.everybody()
        found: list[processes.Process] = []
        parents = {self.process.pid}
        while parents:
            children = [process for process in everybody if process.parent in parents]
            found += children
            parents = {process.pid for process in children}
        database = processes.working_in(self.data / "postgres")
        self._seen |= {self.process.pid} | {process.pid for process in [*found, *database]}
        return found

    def left(self) -> list[int]:
        """Who of all that were seen lives, and whoever works in the database's folder."""
        mine = {process.pid for process in processes.working_in(self.data / "postgres")}
        ours = ("majlis", "postgres")
        living = {
            p.pid for p in processes.everybody() if p.pid in self._seen and any(w in p.command for w in ours)
        }
        return sorted(mine | living)

    def pid_of(self, what: str) -> list[int]:
        """The ids of the living processes called so: supervisor, web, worker, postmaster, backend."""
        assert self.process is not None
        there = self.look()
        if what == "supervisor":
            return [self.process.pid] if self.process.poll() is None else []
        if what in ("web", "worker"):
            return [one.pid for one in there if one.command.endswith(f"majlis.cli.main {what}")]
        postmasters = [one.pid for one in there if "postgres -D" in one.command]
        if what == "postmaster":
            return postmasters
        backends = [one for one in there if one.command.startswith("postgres: majlis majlis")]
        return sorted(one.pid for one in backends if one.parent in postmasters)

    def log(self) -> str:
        """Everything that was printed, by all its processes."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    # -- asking

    @property
    def config(self) -> config.Config:
        return config.load(self.settings)

    def environment(self) -> dict[str, str]:
        """Ours, with its settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MAJLIS_")}
        return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self.settings}

    def majlis(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command beside it."""
        return subprocess.run(
            [MAJLIS, *words], env=self.environment(), capture_output=True, text=True, check=False, timeout=90
        )

    def inside(self, word: str, given: object = None) -> Any:
        """What `tests.kills.inside` answers."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.kills.inside", word],
            env=self.environment(),
            cwd=ROOT,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows. Raises psycopg.OperationalError while the database is away."""
        parameters: dict[str, Any] = self.config.database.parameters()
        with psycopg.connect(**parameters, autocommit=True) as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def patient_query(self, sql: str, *values: object, seconds: float = 60) -> list[tuple[Any, ...]]:
        """Rows, asked until the database answers."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.query(sql, *values)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


@contextmanager
def installation(**settings: str) -> Iterator[Installation]:
    """One with tables and no people in a folder of its own, in memory where there is room; surely ended and removed."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 2 * 1024**3
    folder = Path(tempfile.mkdtemp(prefix="mk-", dir=memory if has_room else None))
    folder.chmod(0o755)  # the database's user passes through
    made = Installation(folder, **settings)
    first_start.copy_to(made.data)
    try:
        yield made
    finally:
        made.clear_away()
        shutil.rmtree(folder)
