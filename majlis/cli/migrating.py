"""Carrying out migrations: all of them or none, and no row lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db import OperationalError, connection, transaction
from django.db.migrations import Migration

from majlis.cli import counting
from majlis.cli.errors import CommandError

# Seconds that an upgrade waits for another one, or for what is left of one that was killed.
_WAIT_SECONDS = 60
_LOCK = 7199


class MigrationError(CommandError):
    """The tables could not be brought up to date; the message says what is so now."""


class _Migrate(Command):
    """Django's own, which settles every deferred check after each migration: the next may change that table."""

    def migration_progress_callback(
        self, action: str, migration: Migration | None = None, fake: bool = False
    ) -> None:
        if migration is not None:
            self.last = str(migration)
        if action == "apply_success" and connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
                cursor.execute("set constraints all deferred")
        super().migration_progress_callback(action, migration, fake)

    last = ""


def is_whole(plan: Sequence[tuple[Migration, bool]]) -> bool:
    """Whether all of the plan fits in one transaction: none of it builds an index beside a running desk."""
    return all(migration.atomic for migration, _ in plan)


def migrate(plan: Sequence[tuple[Migration, bool]]) -> tuple[int, int]:
    """Carry out `plan` and compare the rows of every table; how many rows and tables were compared.

    A migration names in `may_grow` and `may_shrink` the tables whose rows it adds or takes away. Where all fits in
    one transaction, whatever goes wrong leaves everything as it was. Raises MigrationError.
    """
    command = _Migrate()
    whole = is_whole(plan)
    try:
        with ExitStack() as stack:
            _alone()
            if whole:
                stack.enter_context(transaction.atomic())
            before = counting.counts(_session())
            call_command(command, interactive=False, verbosity=0)
            after = counting.counts(_session())
            _compare(before, after, [migration for migration, _ in plan])
    except MigrationError:
        raise
    except Exception as error:
        where = f" in {command.last}" if command.last else ""
        words = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise MigrationError(f"The upgrade failed{where}: {words}.") from error
    finally:
        connection.close()
    return sum(before.values()), len(before)


def _session() -> counting.Session:
    """The driver's own session, in which the transaction is open."""
    connection.ensure_connection()
    session: counting.Session = connection.connection
    return session


def _alone() -> None:
    """One upgrade of a database at a time; the lock goes with the session, also by a kill."""
    with connection.cursor() as cursor:
        cursor.execute(f"set lock_timeout = '{_WAIT_SECONDS}s'")
        try:
            cursor.execute("select pg_advisory_lock(%s::bigint)", [_LOCK])
        except OperationalError as error:
            raise MigrationError("Another upgrade of this database is at work.") from error
        cursor.execute("set lock_timeout = 0")


def _compare(before: dict[str, int], after: dict[str, int], migrations: Sequence[Any]) -> None:
    told = [
        {table for migration in migrations for table in getattr(migration, name, ())}
        for name in ("may_grow", "may_shrink")
    ]
    wrong = list(counting.differences(before, after, may_grow=told[0], may_shrink=told[1]))
    if wrong:
        raise MigrationError(f"The upgrade would lose or double something: {'; '.join(wrong[:3])}.")
