"""Bringing tables and static files up to date: a backup first, then the migrations. Refuses a newer database."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from majlis import __version__
from majlis.cli import backup, database
from majlis.cli.errors import CommandError
from majlis.cli.progress import counted
from majlis.config import Config


class TooNewError(CommandError):
    """The database was brought up to date by a newer Majlis."""


def main(config: Config, *, say: Callable[[str], None] = print) -> int:
    """Migrate the reachable database of `config`. Returns 0; raises TooNewError, BackupError, UnreachableError.

    A database that holds our tables is first saved to DATA/backups (without files: those never change).
    """
    database.wait_for(config.database)
    import django
    from django.core.management import call_command
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
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        if database.has_tables(config.database):
            path = backup_path(config, datetime.now(UTC))
            say(f"majlis: saving the database to {path} before {counted(len(pending), 'migration')} …")
            path.parent.mkdir(mode=0o700, exist_ok=True)
            backup.make(config, path, with_files=False)
        else:
            say("majlis: making the tables …")
        call_command("migrate", interactive=False, verbosity=0)
    else:
        executor.check_replacements()  # what only sums up migrations that ran long ago has run too: say so
    # htmx's extensions are not used, and one of them imports a name that only a bundler knows.
    call_command(
        "collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=["ext", "allauth"]
    )
    return 0


def backup_path(config: Config, now: datetime) -> Path:
    """Where the state before this version is kept."""
    return config.data / "backups" / f"before-{__version__}-{now:%Y%m%dT%H%M%SZ}.majlis"


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
