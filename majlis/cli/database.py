"""A database for a command that needs one: the running one, or the embedded server for the command's time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg

from majlis.cli import lock, moved
from majlis.cli.errors import CommandError
from majlis.cli.keys import make_data_folder
from majlis.cli.postgres import EmbeddedPostgres
from majlis.config import Config, DatabaseConfig, load

_WAIT_SECONDS = 30.0
_PASSING = ("starting up", "shutting down", "recovery", "too many clients", "not yet accepting")


class UnreachableError(CommandError):
    """The database does not answer; the message says which, and why."""


@contextmanager
def reachable(config: Config, command: str, *, seconds: float = _WAIT_SECONDS) -> Iterator[Config]:
    """The settings with a database that answers, for the time of the block.

    A server of one's own is waited for. The embedded one is used if `majlis run` (or whoever started us)
    has it up; otherwise it is started here, under the same lock. Children of the block find it too.
    Raises UnreachableError, lock.HeldError (another command has it for itself), PostgresError.
    """
    moved.refuse(config)
    if config.is_database_external or os.environ.get("MAJLIS_EMBEDDED_SOCKET"):
        wait_for(config.database, seconds=seconds)
        yield config
        return
    make_data_folder(config)
    try:
        with lock.exclusive(config.data, command):
            server = EmbeddedPostgres(config.data, say=print)
            try:
                server.start()
                os.environ.update(server.environment())
                yield replace(config, database=server.database)
            finally:
                os.environ.pop("MAJLIS_EMBEDDED_SOCKET", None)
                server.stop()
        return
    except lock.HeldError as held:
        if held.command != "run":
            raise
    running = replace(config, database=load().database)
    wait_for(running.database, seconds=seconds)
    yield running


def wait_for(database: DatabaseConfig, *, seconds: float = _WAIT_SECONDS) -> None:
    """Return once a session can be opened. Raises UnreachableError after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            connect(database).close()
            return
        except psycopg.OperationalError as error:
            # A server that refuses us (wrong name, password) does not become right by waiting.
            is_refusal = "FATAL" in str(error) and not any(word in str(error) for word in _PASSING)
            if is_refusal or time.monotonic() > deadline:
                reason = str(error).strip().splitlines()[-1]
                raise UnreachableError(
                    f"The database on {database.host} does not answer: {reason}"
                ) from error
        time.sleep(0.1)


def connect(database: DatabaseConfig) -> psycopg.Connection[tuple[object, ...]]:
    """A session in autocommit; gives up on a silent server after 5 s. Raises psycopg.OperationalError."""
    parameters = {"connect_timeout": "5", **database.parameters()}
    return psycopg.connect(psycopg.conninfo.make_conninfo(**parameters), autocommit=True)


def ask(database: DatabaseConfig, question: str) -> object:
    """The one value that the SQL `question` (without parameters, written by us) answers."""
    with connect(database) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def has_tables(database: DatabaseConfig) -> bool:
    """Whether Majlis has been set up in this database."""
    return bool(ask(database, "select to_regclass('django_migrations') is not null"))


def is_empty(database: DatabaseConfig) -> bool:
    """Whether nothing at all lies in the database's schema."""
    return not ask(
        database,
        "select exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') "
        "and c.relkind in ('r', 'p', 'v'))",
    )
