"""`majlis database move`: the embedded database into a server of one's own, or back; compared row by row.

What was left stays where it was or is moved aside, and a note in DATA keeps it from being started by mistake.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from majlis.cli import database, dumps, lock, moved
from majlis.cli.errors import CommandError
from majlis.cli.moved import EMBEDDED, called, name
from majlis.cli.postgres import EmbeddedPostgres
from majlis.cli.progress import Progress, counted, size
from majlis.config import Config, ConfigError, DatabaseConfig, load

_STAGE = ".moving"
# Before 17 a server does not know all that our programs say at the start of a restore.
_OLDEST = 17
_ENDING_SECONDS = 3.0


class MoveError(CommandError):
    """The database could not be moved; the message says why. What was there is as it was."""


@dataclass(frozen=True, slots=True)
class _Move:
    """One database and where it goes to. `target` is None for a new embedded one."""

    config: Config
    target: Config | None

    @property
    def to(self) -> str:
        return name(self.target.database) if self.target else EMBEDDED


def move(config: Config, to: str, *, is_dry: bool = False, say: Callable[[str], None] = print) -> int:
    """Copy the database to the address `to`, or to a new embedded one, compare, and say what to set then. Returns 0.

    Refuses while the desk runs, while others are connected, and when something is there already. With `is_dry`
    nothing is copied. Raises MoveError, lock.HeldError, UnreachableError, DumpError, PostgresError.
    """
    planned = _plan(config, to)
    stage = config.data / _STAGE
    with lock.exclusive(config.data, "database move"):
        moved.refuse(config)
        shutil.rmtree(stage, ignore_errors=True)
        with _source(config) as source:
            needed = _look(planned, source, say)
            if is_dry:
                say("Nothing was changed: leave --dry-run out to move it.")
                return 0
            stage.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
            try:
                rows, tables = _copy(planned, source, stage, needed)
            finally:
                shutil.rmtree(stage / "dump", ignore_errors=True)
                if planned.target is not None:
                    shutil.rmtree(stage, ignore_errors=True)
        say(f"{rows} rows in {counted(tables, 'table')} compared, by number and by sum: all are the same.")
        _settle(planned, stage, say)
    return 0


def _plan(config: Config, to: str) -> _Move:
    if to == EMBEDDED:
        if not config.is_database_external:
            raise MoveError("The database is the embedded one already: MAJLIS_DATABASE_URL is not set.")
        return _Move(config, None)
    try:
        target = load({**os.environ, "MAJLIS_DATABASE_URL": to, "MAJLIS_DATABASE_URL_FILE": ""})
    except ConfigError as error:
        raise MoveError(str(error).replace("MAJLIS_DATABASE_URL", "--to")) from error
    if not config.is_database_external and not (config.data / "postgres").exists():
        raise MoveError(f"There is no installation in {config.data}: nothing to move (MAJLIS_DATA?).")
    if config.is_database_external and name(config.database) == name(target.database):
        raise MoveError("The database is there already.")
    return _Move(config, target)


@contextmanager
def _source(config: Config) -> Iterator[Config]:
    """What is moved; the embedded server runs for the time of the block. The lock is held."""
    if config.is_database_external:
        database.wait_for(config.database)
        yield config
        return
    server = EmbeddedPostgres(config.data, say=print)
    try:
        server.start()
        yield replace(config, database=server.database)
    finally:
        server.stop()


def _others(source: Config) -> int:
    """How many connections are open to the database; what has just been closed gets time to end, ours too."""
    asked = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and backend_type = 'client backend' and pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + _ENDING_SECONDS
    while True:
        others = int(str(database.ask(source.database, asked)))
        if not others or time.monotonic() > deadline:
            return others
        time.sleep(0.1)


def _look(planned: _Move, source: Config, say: Callable[[str], None]) -> int:
    """Say what is where; bytes of the database. Raises MoveError for whatever is in the way."""
    if not database.has_tables(source.database):
        raise MoveError("There is nothing to move yet: the database is empty.")
    if others := _others(source):
        raise MoveError(
            f"The database is in use ({counted(others, 'connection')} open): stop Majlis everywhere first."
        )
    needed = int(str(database.ask(source.database, "select pg_database_size(current_database())")))
    free = shutil.disk_usage(source.data).free
    wanted = needed if planned.target else 2 * needed
    major = dumps.server_major(source.database)
    say(f"From: {called(planned.config)}, PostgreSQL {major}, {size(needed)}.")
    if planned.target is not None:
        _look_at_target(planned.target, major, say)
    else:
        cluster = source.data / "postgres"
        kept = " The one that lies there already is moved aside." if cluster.exists() else ""
        say(f"To: a new embedded database in {cluster}.{kept}")
    if free < wanted:
        raise MoveError(
            f"There is no room in {source.data}: {size(free)} free, and up to {size(wanted)} are needed."
        )
    return needed


def _look_at_target(target: Config, major: int, say: Callable[[str], None]) -> None:
    database.wait_for(target.database)
    theirs = dumps.server_major(target.database)
    if theirs < _OLDEST:
        raise MoveError(
            f"{name(target.database)} is PostgreSQL {theirs}: a database can be moved to {_OLDEST} or newer."
        )
    if not database.is_empty(target.database):
        raise MoveError(f"{name(target.database)} is not empty: make a new database there (createdb).")
    with database.connect(target.database) as session:
        known = session.execute("select name from pg_available_extensions").fetchall()
    missing = [one for one in ("pg_trgm", "unaccent") if (one,) not in known]
    if missing:
        raise MoveError(f"The server there lacks {', '.join(missing)}: install PostgreSQL's contrib package.")
    say(f"To: {name(target.database)}, PostgreSQL {theirs}, empty.")


def _copy(planned: _Move, source: Config, stage: Path, needed: int) -> tuple[int, int]:
    """Dump, fill, compare; rows and tables. An external target that does not compare is left for a look."""
    progress = Progress("Moving")
    (stage / "dump").mkdir(mode=0o700)
    dumped = stage / "dump" / "database.dump"
    try:
        dumps.dump(source, dumped, while_waiting=lambda: progress.show(f"saving {size(needed)}"))
        before = _sums(source.database)
        if planned.target is not None:
            dumps.restore(planned.target, dumped, while_waiting=lambda: progress.show("filling"))
            after = _sums(planned.target.database)
        else:
            server = EmbeddedPostgres(stage)
            try:
                server.start()
                made = replace(source, database=server.database, is_database_external=False)
                dumps.restore(made, dumped, while_waiting=lambda: progress.show("filling"))
                after = _sums(made.database)
            finally:
                server.stop()
                if server.socket is not None and stage not in server.socket.parents:
                    shutil.rmtree(server.socket, ignore_errors=True)
    finally:
        progress.end()
    wrong = sorted(table for table in before.keys() | after.keys() if before.get(table) != after.get(table))
    if wrong:
        raise MoveError(f"The copy is not the same in {', '.join(wrong[:5])}: go on with what you have.")
    return sum(number for number, _ in before.values()), len(before) - 1


def _sums(target: DatabaseConfig) -> dict[str, tuple[int, str]]:
    """Of each table, Django's books too: how many rows, and a sum of all that they say, in whatever order."""
    found = {}
    with database.connect(target) as session:
        session.execute("set timezone = 'UTC'; set datestyle = 'ISO'; set bytea_output = 'hex'")
        tables = session.execute(
            "select tablename from pg_tables where schemaname = current_schema()"
        ).fetchall()
        for (table,) in tables:
            row = session.execute(
                sql.SQL(
                    "select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text from {} t"
                ).format(sql.Identifier(str(table)))
            ).fetchone()
            found[str(table)] = (int(str(row[0])), str(row[1])) if row else (0, "")
        found["(sequences)"] = (0, _sequences(session))
    return found


def _sequences(session: psycopg.Connection[tuple[object, ...]]) -> str:
    rows = session.execute(
        "select sequencename, last_value from pg_sequences where schemaname = current_schema() order by 1"
    ).fetchall()
    return repr(rows)


def _settle(planned: _Move, stage: Path, say: Callable[[str], None]) -> None:
    """Put the new embedded cluster in its place, the old one aside; leave the note; say what to set."""
    data = planned.config.data
    aside = data / f"before-move-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    if (data / "postgres").exists():
        aside.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
        (data / "postgres").rename(aside / "postgres")
    if planned.target is None:
        (stage / "postgres").rename(data / "postgres")
        shutil.rmtree(stage, ignore_errors=True)
    moved.write(planned.config, planned.to)
    if planned.target is None:
        say("Now take MAJLIS_DATABASE_URL away and start Majlis.")
        say(f"{name(planned.config.database)} is as it was: drop it when you are sure.")
    else:
        say(f"Now set MAJLIS_DATABASE_URL to that address ({planned.to}) and start Majlis.")
        if aside.exists():
            say(f"The embedded data are kept in {aside}: remove them when you are sure.")
    say("`majlis doctor --deep` looks whether all is well.")
