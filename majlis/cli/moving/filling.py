"""Rows of an export into the tables of a session: in order of what points to what, and checked as they go in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from psycopg import sql

from majlis.cli.moving import catalogue, checking
from majlis.cli.moving import folder as places
from majlis.cli.moving.catalogue import Session, Table
from majlis.cli.moving.folder import MovingError
from majlis.cli.moving.pace import Pace
from majlis.cli.moving.tables import FILES, LEFT_OUT_SECRET, SECRETS

_BATCH_BYTES = 2 * 1024 * 1024


def fill(
    session: Session, of: Path, found: dict[str, Any], *, named: Path, pace: Pace, with_secrets: bool
) -> None:
    """Put every row of the export into the session's tables, which are empty, within its transaction.

    `named` is the table of files as this desk has it. Columns that the export does not know get their default.
    Raises psycopg.Error when a row breaks a rule of the database.
    """
    tables = catalogue.tables(session)
    session.execute("set time zone 'UTC'")
    session.execute("create temporary table if not exists lines_of_export (line text)")
    filled: set[str] = set()
    for name in checking.order({name: table.references.values() for name, table in tables.items()}):
        if name in found["tables"]:
            path = named if name == FILES else of / places.table_file(name)
            _fill_one(session, tables[name], path, found["tables"][name], pace)
            if not with_secrets:
                _forget_secrets(session, tables[name])
        filled.add(name)
        check_references(session, tables, filled)
    for name, table in tables.items():
        set_next_number(session, table, found["tables"].get(name, {}).get("next_number"))
    session.execute("drop table lines_of_export")


def check_references(session: Session, tables: dict[str, Table], filled: set[str]) -> None:
    """Have the database look at what was deferred, unless a table that is filled later is still pointed to."""
    if all(
        target in filled or target not in tables
        for name in filled
        for target in tables[name].references.values()
    ):
        session.execute("set constraints all immediate")
        session.execute("set constraints all deferred")


def _fill_one(session: Session, table: Table, path: Path, told: dict[str, Any], pace: Pace) -> None:
    pace.begin(table.name, told["rows"])
    given = {*told["columns"], "digest"} if table.name == FILES else {*told["columns"]}
    columns = [column for column in table.columns if column.name in given]
    if table.name != FILES and len(columns) != len(given):
        lost = sorted(given - {column.name for column in columns})
        raise MovingError(f"{path}: there is no column {', '.join(lost)} in {table.name}.")
    query = sql.SQL(
        "insert into {0} ({1}) select {2} from lines_of_export l"
        " cross join lateral json_populate_record(null::{0}, l.line::json) r"
    ).format(
        catalogue.quoted(table.name),
        sql.SQL(", ").join(catalogue.quoted(column.name) for column in columns),
        sql.SQL(", ").join(
            # JSON has one null; where a column takes none, it was the value of that name.
            sql.SQL(
                "coalesce(r.{}, 'null')" if column.is_required and column.kind == "jsonb" else "r.{}"
            ).format(catalogue.quoted(column.name))
            for column in columns
        ),
    )
    for block, number in _batches(path):
        with session.cursor() as cursor, cursor.copy("copy lines_of_export from stdin") as stream:
            stream.write(block.replace(b"\\", b"\\\\"))
        session.execute(query)
        session.execute("truncate lines_of_export")
        pace.add(number)


def _batches(path: Path) -> Iterator[tuple[bytes, int]]:
    """Whole lines, some megabytes at a time, and how many they are."""
    with path.open("rb") as file:
        while lines := file.readlines(_BATCH_BYTES):
            yield b"".join(lines), len(lines)


def _forget_secrets(session: Session, table: Table) -> None:
    for column in table.columns:
        if column.name in SECRETS.get(table.name, ()):
            is_text = column.kind in ("text", "character varying")
            session.execute(
                sql.SQL("update {0} set {1} = {2} where {1}::text <> ''").format(
                    catalogue.quoted(table.name),
                    catalogue.quoted(column.name),
                    sql.Literal(LEFT_OUT_SECRET) if is_text else sql.SQL("null"),
                )
            )


def set_next_number(session: Session, table: Table, number: int | None) -> None:
    """New rows are numbered from here on."""
    name = catalogue.sequence(session, table)
    if name is not None and number is not None:
        session.execute("select setval(%s::regclass, %s, false)", [name, number])
