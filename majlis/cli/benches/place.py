"""An installation of its own for one benchmark: a temporary folder, an embedded server, real processes, all ended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from majlis.cli import children, processes
from majlis.cli.errors import CommandError
from majlis.cli.postgres import EmbeddedPostgres
from majlis.config import Config, load

MAJLIS = (sys.executable, "-m", "majlis.cli.main")


class BenchError(CommandError):
    """Something under measurement did not work; the figure would mean nothing."""


class Place:
    """One installation. `log` is where its processes write."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        self.data.mkdir(mode=0o711)
        self.log_file = folder / "log"
        self.server: EmbeddedPostgres | None = None
        self._children: list[children.Child] = []
        port, lmtp_port = _free_ports(2)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MAJLIS_")},
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "majlis.settings",
            "MALLOC_ARENA_MAX": "1",  # as `majlis run` has it
            "MAJLIS_DATA": str(self.data),
            "MAJLIS_PORT": str(port),
            "MAJLIS_URL": f"http://localhost:{port}",
            "MAJLIS_LMTP_PORT": str(lmtp_port),
            "MAJLIS_SECRET_KEY": "a-key-for-figures-that-guards-nothing-at-all",
        }

    @property
    def config(self) -> Config:
        """Its settings, as every process of it reads them."""
        return load(self.environment)

    def start_database(self) -> None:
        """The embedded server, and the tables in it."""
        self.server = EmbeddedPostgres(self.data)
        self.server.start()
        self.environment |= self.server.environment()
        self.run(*MAJLIS, "upgrade")

    def run(self, *argv: str, said: str = "") -> str:
        """Run a command beside it and return what it printed. Raises BenchError with its complaint."""
        done = subprocess.run(
            argv, env=self.environment, input=said, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BenchError(f"{' '.join(argv[1:])} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def stage(self, word: str, **given: object) -> Any:
        """Have `majlis.cli.benches.stage` make what the benchmark works on; what it answers."""
        return json.loads(
            self.run(sys.executable, "-m", "majlis.cli.benches.stage", word, said=json.dumps(given))
        )

    def spawn(self, name: str, argv: Sequence[str]) -> children.Child:
        """Start a process that ends with us at the latest."""
        with self.log_file.open("ab") as log:
            child = children.spawn(
                name, argv, on_orphaned=signal.SIGTERM, env=self.environment, output=log, errors=log
            )
        self._children.append(child)
        return child

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A session in autocommit."""
        return psycopg.connect(**self.config.database.parameters(), autocommit=True)  # type: ignore[arg-type]

    def wait(
        self, claim: Callable[[], bool], what: str, *, seconds: float = 120.0, every: float = 0.1
    ) -> None:
        """Poll until `claim` holds. Raises BenchError, with the log's end, when a process died or time is up."""
        deadline = time.monotonic() + seconds
        while not claim():
            dead = [child.name for child in self._children if child.poll() is not None]
            if dead or time.monotonic() > deadline:
                why = f"{dead[0]} ended" if dead else f"not within {seconds:g} s"
                raise BenchError(f"{what}: {why}\n{self.log()[-2000:]}")
            time.sleep(every)

    def log(self) -> str:
        """What its processes have said."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def stop(self, child: children.Child) -> None:
        """End one process, and what it started."""
        child.send(signal.SIGTERM)
        if child.wait(15.0) is None:
            child.send(signal.SIGKILL, to_group=True)
            child.wait(5.0)
        self._children.remove(child)

    def stop_all(self) -> None:
        """End everything, the database last."""
        for child in reversed(list(self._children)):
            self.stop(child)
        if self.server is not None:
            self.server.stop()
        processes.kill_backends_without_postmaster(self.data / "postgres")


@contextmanager
def place(under: Path, name: str) -> Iterator[Place]:
    """A new one below `under`, ended and removed afterwards, whatever happens."""
    under.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=under))
    folder.chmod(0o711)  # as root, the database's user passes through
    made = Place(folder)
    try:
        yield made
    finally:
        made.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


def is_listening(port: int) -> bool:
    """Whether somebody takes connections on this port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _free_ports(number: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    found = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return found
