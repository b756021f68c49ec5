"""Bringing tables and static files up to date: a backup first, then the migrations. Refuses a newer database."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from majlis import __version__
from majlis.cli import backup, database, kept
from majlis.cli.errors import CommandError
from majlis.cli.progress import counted, size
from majlis.config import Config

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor

Say = Callable[[str], None]


class TooNewError(CommandError):
    """The database was brought up to date by a newer Majlis."""


def main(config: Config, *, say: Say = print) -> int:
    """Migrate the reachable database of `config`. Returns 0.

    A database that holds our tables is first saved to DATA/backups (without files: those never change), and
    every table's rows are counted before and after. Raises TooNewError, BackupError, UnreachableError, and
    MigrationError, which says what is so then.
    """
    executor, pending = _plan(config)
    from django.core.management import call_command

    if pending:
        if database.has_tables(config.database):
            _carry_over(config, pending, say)
        else:
            say("majlis: making the tables …")
            call_command("migrate", interactive=False, verbosity=0)
    else:
        executor.check_replacements()  # what only sums up migrations that ran long ago has run too: say so
    # htmx's extensions are not used, and one of them imports a name that only a bundler knows.
    call_command(
        "collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=["ext", "allauth"]
    )
    _remember_key()
    return 0


def preview(config: Config, *, say: Say = print) -> int:
    """Say what `main` would do and change nothing. Returns 0, or 1 when there is no room for it.

    Raises TooNewError, UnreachableError.
    """
    _, pending = _plan(config)
    if not pending:
        say(f"Majlis {__version__}: the tables are up to date; nothing would change.")
        return 0
    if not database.has_tables(config.database):
        say(f"Majlis {__version__}: the tables would be made; there is nothing to save yet.")
        return 0
    from majlis.cli import counting, migrating

    with database.connect(config.database) as session:
        held = counting.counts(session)
    needed, free = kept.needed(config), kept.free(config)
    say(f"Majlis {__version__} would carry out {counted(len(pending), 'migration')}:")
    for migration, _ in pending:
        say(f"  {migration}")
    say(f"over {sum(held.values())} rows in {counted(len(held), 'table')}, {size(needed)} of database.")
    say(f"A backup first: {kept.next_path(config)}")
    say(
        f"Disk: at most {size(needed)} for it, and {size(free)} free{'' if needed < free else ': too little'}."
    )
    if migrating.is_whole(pending):
        say("All of it is one transaction: if anything fails, the database stays as it was.")
    else:
        say(
            "Not all of it fits in one transaction: if a later part fails, the backup has to be brought back."
        )
    say("`majlis upgrade --rehearse` tries it on a copy and says how long it takes.")
    return 0 if needed < free else 1


def _plan(config: Config) -> tuple[MigrationExecutor, Sequence[tuple[Any, bool]]]:
    """Django's executor, and the migrations that wait. Raises TooNewError, UnreachableError."""
    database.wait_for(config.database)
    import django
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    newer = sorted(
        _newer(set(executor.loader.applied_migrations), set(executor.loader.disk_migrations or ()))
    )
    if newer:
        raise TooNewError(
            f"This is Majlis {__version__}, but the database was last used by a newer version "
            f"(it holds {', '.join(newer[:3])}): install that version, or restore an older backup."
        )
    return executor, executor.migration_plan(executor.loader.graph.leaf_nodes())


def _carry_over(config: Config, pending: Sequence[tuple[Any, bool]], say: Say) -> None:
    """Save, migrate, compare."""
    from majlis.cli import migrating

    path = kept.next_path(config)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    kept.sweep(config)
    needed, free = kept.needed(config), kept.free(config)
    if free < needed:
        raise backup.BackupError(
            f"A backup comes before an upgrade, and there is no room for it: {size(free)} free in "
            f"{path.parent}, and it may take {size(needed)}. Nothing was changed."
        )
    say(f"majlis: saving the database to {path} before {counted(len(pending), 'migration')} …")
    try:
        backup.make(config, path, with_files=False)
    except backup.BackupError as error:
        raise backup.BackupError(f"{error} The upgrade has not begun; nothing was changed.") from error
    try:
        rows, tables = migrating.migrate(pending)
    except migrating.MigrationError as error:
        raise migrating.MigrationError(f"{error} {_now(path, pending)}") from error
    finally:
        kept.prune(config)
    say(f"majlis: {rows} rows in {counted(tables, 'table')} counted before and after: all are there.")


def _now(path: Path, pending: Sequence[tuple[Any, bool]]) -> str:
    """What is so after a failure, and what to do."""
    from majlis.cli import migrating

    if migrating.is_whole(pending):
        with suppress(OSError):
            path.unlink()  # tried again at every start, it would fill the disk with what nobody needs
        return "The database is as it was: go on with the version that you had, and report this. Nothing was lost."
    return (
        f"The database may be between two versions. To have it as it was, install the version that you had "
        f"and bring the backup back: majlis restore {path} --force"
    )


def _remember_key() -> None:
    """A value that only the installation's key can read: by it a changed key is noticed."""
    from majlis.channels.actions.keeping import remember_key

    remember_key()


def _newer(applied: set[tuple[str, str]], known: set[tuple[str, str]]) -> set[str]:
    """Applied migrations with a higher number than any that we know of their app."""
    highest: dict[str, int] = {}
    for app, name in known:
        highest[app] = max(highest.get(app, 0), _number(name))
    return {
        f"{app}.{name}" for app, name in applied - known if app in highest and _number(name) > highest[app]
    }


def _number(name: str) -> int:
    match = re.match(r"\d+", name)
    return int(match[0]) if match else 0
