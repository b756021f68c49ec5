"""An export of an older Majlis: its rows go into tables as they were then, which are then brought up to date.

That happens in a schema of its own beside the desk's tables, by the same migrations as an upgrade; what comes of it
is copied into the empty tables in one go. A schema that a killed import left is begun anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import sql

from majlis.cli.moving import catalogue, checking, filling
from majlis.cli.moving.catalogue import Session
from majlis.cli.moving.pace import Pace

_STAGE = "majlis_import"


def is_older(session: Session, schema: dict[str, list[str]]) -> bool:
    """Claims that the tables of the export lack a migration that the tables here have."""
    here = catalogue.migrations(session)
    return any({*names} - {*schema.get(app, ())} - _summed_up() for app, names in here.items())


def stage(
    session: Session, of: Path, found: dict[str, Any], *, named: Path, pace: Pace, with_secrets: bool
) -> None:
    """Fill tables of the export's own time, and bring them up to date, in a schema beside the desk's."""
    from django.db import transaction

    session.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(_STAGE)))
    session.execute(sql.SQL("create schema {}").format(sql.Identifier(_STAGE)))
    row = session.execute("show search_path").fetchone()
    usual = row[0] if row else "public"
    session.execute("select set_config('search_path', %s, false)", [_STAGE])
    try:
        _migrate_to({app: {*names} for app, names in found["schema"].items()})
        with transaction.atomic():
            tables = catalogue.tables(session)
            session.execute(
                sql.SQL("truncate {}").format(sql.SQL(", ").join(catalogue.quoted(name) for name in tables))
                + sql.SQL(" cascade")
            )
            filling.fill(session, of, found, named=named, pace=pace, with_secrets=with_secrets)
        _migrate_on()
    finally:
        session.execute("select set_config('search_path', %s, false)", [usual])


def take_over(session: Session, *, pace: Pace) -> None:
    """Copy what was staged into the desk's own tables, within the session's transaction, and drop the stage."""
    tables = catalogue.tables(session)
    filled: set[str] = set()
    for name in checking.order({name: table.references.values() for name, table in tables.items()}):
        columns = sql.SQL(", ").join(catalogue.quoted(column.name) for column in tables[name].columns)
        staged = sql.SQL("{}.{}").format(sql.Identifier(_STAGE), catalogue.quoted(name))
        pace.begin(name, 1)
        session.execute(
            sql.SQL("insert into {0} ({1}) select {1} from {2}").format(
                catalogue.quoted(name), columns, staged
            )
        )
        pace.add(1)
        filled.add(name)
        filling.check_references(session, tables, filled)
        filling.set_next_number(
            session, tables[name], catalogue.next_number(session, tables[name], schema=_STAGE)
        )
    session.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(_STAGE)))


def _summed_up() -> set[str]:
    """Names of migrations that only sum up others: tables made one by one need not know of them."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    return {name for (_, name), migration in (loader.disk_migrations or {}).items() if migration.replaces}


def _migrate_to(applied: dict[str, set[str]]) -> None:
    """Make tables by these migrations: as a first start would, or each by itself for a state between summed-up ones."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader

    sought = {(app, name) for app, names in applied.items() for name in names}
    loader, wanted = MigrationLoader(None, load=False), set[tuple[str, str]]()
    for is_summed_up in (True, False):
        loader = MigrationLoader(connection, replace_migrations=is_summed_up)
        disk = loader.disk_migrations or {}
        parts = {key: {*map(tuple, migration.replaces)} or {key} for key, migration in disk.items()}
        wanted = {key for key in loader.graph.nodes if parts[key] <= sought}
        if not is_summed_up:
            wanted = {key for key in wanted if parts[key] == {key}}
        if {part for key in wanted for part in parts[key]} >= {
            key for key in sought & disk.keys() if parts[key] == {key}
        }:
            break
    executor = MigrationExecutor(connection)
    executor.loader = loader
    after = {key: {child.key for child in loader.graph.node_map[key].children} for key in wanted}
    executor.migrate(
        sorted(key for key in wanted if not any(app == key[0] for app, _ in after[key] & wanted))
    )


def _migrate_on() -> None:
    """The rest of the migrations, as an upgrade runs them."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
