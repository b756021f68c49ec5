"""A short folder of one's own, and an installation in it whose processes are real and surely ended."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from majlis import config
from majlis.cli import processes
from tests.folders import new_folder
from tests.polling import until

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = Path(__file__).with_name("stand_in.py")


def wait_until(claim: Callable[[], object], *, seconds: float = 30.0) -> None:
    """Poll until `claim` holds; fail after `seconds`."""
    until(claim, "what the installation comes to", timeout=seconds)


class Installation:
    """One data folder and what runs over it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.extra: dict[str, str] = {}
        self.process: subprocess.Popen[str] | None = None
        self.output = folder / "output"
        self.seen: set[int] = set()

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MAJLIS_")}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "MAJLIS_DATA": str(self.data),
            "MAJLIS_PORT": str(self.port),
            "MAJLIS_LMTP_PORT": "0",
            **self.extra,
        }

    @property
    def config(self) -> config.Config:
        return config.load(self.environment())

    def start(self) -> None:
        """Start and wait for the address."""
        self.launch()
        wait_until(lambda: "is running: " in self.said() or self.has_ended())
        assert not self.has_ended(), self.said()
        self.look()

    def launch(self) -> None:
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(STAND_IN), "run"],
                env=self.environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def said(self) -> str:
        return self.output.read_text()

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def look(self) -> dict[str, int]:
        """The processes by name: web, worker, postgres, sleep (a grandchild), supervisor."""
        assert self.process is not None
        found = {"supervisor": self.process.pid}
        everybody = processes.everybody()
        waiting = [self.process.pid]
        while waiting:
            parent = waiting.pop()
            for child in everybody:
                if child.parent == parent:
                    waiting.append(child.pid)
                    found[_name(child.command)] = child.pid
        self.seen |= set(found.values())
        return found

    def left(self) -> list[int]:
        """Those ever seen that are still alive."""
        return [pid for pid in self.seen if processes.is_alive(pid)]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signal the supervisor and return its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(30)

    def majlis(self, *words: str, within: float = 60) -> subprocess.CompletedProcess[str]:
        """Run the real command; `within` so many seconds."""
        return subprocess.run(
            [sys.executable, "-m", "majlis.cli.main", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=within,
        )

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with psycopg.connect(**self.config.database.parameters(), autocommit=True) as connection:  # type: ignore[arg-type]
            done = connection.execute(sql.encode())
            return done.fetchall() if done.description else []


def _name(command: str) -> str:
    words = command.split() or ["?"]
    is_ours = str(STAND_IN) in words
    return words[-1] if is_ours else Path(words[0]).name


@pytest.fixture(scope="session")
def made_before() -> Iterator[Path]:
    """A data folder whose first start is over: tests of later starts begin with a copy."""
    folder = new_folder()
    installation = Installation(folder)
    try:
        installation.start()
        assert installation.stop() == 0
        yield installation.data
    finally:
        _clear_away(installation)
        shutil.rmtree(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that other users may pass through."""
    path = new_folder()
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def installation(folder: Path, made_before: Path) -> Iterator[Installation]:
    """One that has been started and stopped before."""
    made = Installation(folder)
    shutil.copytree(made_before, made.data)
    yield made
    _clear_away(made)


@pytest.fixture
def new_installation(folder: Path) -> Iterator[Installation]:
    """One of which nothing exists yet."""
    made = Installation(folder)
    yield made
    _clear_away(made)


def _clear_away(made: Installation) -> None:
    if made.process is not None:
        with suppress(ProcessLookupError):
            made.look()
            made.process.kill()
        made.process.wait()
    for pid in made.left():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not processes.working_in(made.data / "postgres"))
