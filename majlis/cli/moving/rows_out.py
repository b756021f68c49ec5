"""The rows of every table, as one moment in the database had them, streamed into one file for each."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import sql

from majlis.cli.keys import sync_folder
from majlis.cli.moving import catalogue
from majlis.cli.moving import folder as places
from majlis.cli.moving.catalogue import Column, Session, Table
from majlis.cli.moving.pace import Pace
from majlis.cli.moving.tables import FILES, LEFT_OUT_SECRET, SECRETS

_TOLD_EVERY = 500


def write_tables(session: Session, to: Path, work: Path, *, pace: Pace, with_key: bool) -> dict[str, Any]:
    """Write all tables to `to`, the one of the files to `work`; what the manifest says of them and of the moment.

    {"taken_at": time, "schema": {app: [migration]}, "tables": {name: …}}. The session is in autocommit.
    """
    places.make(to / "tables")
    session.execute("set time zone 'UTC'")
    session.execute("set client_encoding to 'UTF8'")
    session.execute("set extra_float_digits = 1")
    with session.transaction():
        session.execute("set transaction isolation level repeatable read, read only")
        row = session.execute("select now()").fetchone()
        assert row is not None
        taken_at: datetime = row[0]
        written = {}
        for name, table in catalogue.tables(session).items():
            path = work / f"{name}.jsonl" if name == FILES else to / places.table_file(name)
            written[name] = _write(session, table, path, pace=pace, with_key=with_key)
        schema = catalogue.migrations(session)
    sync_folder(to / "tables")
    return {"taken_at": taken_at.astimezone(UTC).isoformat(), "schema": schema, "tables": written}


def _write(session: Session, table: Table, path: Path, *, pace: Pace, with_key: bool) -> dict[str, Any]:
    secrets = () if with_key else SECRETS.get(table.name, ())
    counting = sql.SQL("select count(*) from {}").format(catalogue.quoted(table.name))
    row = session.execute(counting).fetchone()
    pace.begin(table.name, row[0] if row else 0)
    total, rows = hashlib.sha256(), 0
    with (
        places.create(path) as file,
        session.cursor() as cursor,
        cursor.copy(_query(table, secrets)) as stream,
    ):
        for block in stream:
            # COPY doubles each backslash; other control characters are escaped by JSON already.
            line = bytes(block).replace(b"\\\\", b"\\")
            total.update(line)
            file.write(line)
            rows += 1
            if rows % _TOLD_EVERY == 0:
                pace.add(_TOLD_EVERY)
        places.settle(file)
    return {
        "file": places.table_file(table.name),
        "rows": rows,
        "sha256": total.hexdigest(),
        "columns": _named(table),
        "primary_key": list(table.primary_key),
        "references": table.references,
        "left_out": [column.name for column in table.columns if column.name in secrets],
        "next_number": catalogue.next_number(session, table),
    }


def _named(table: Table) -> list[str]:
    """The fields of a line; of a file's, as they stand in the index once its bytes are copied."""
    names = [column.name for column in table.columns]
    if table.name == FILES:
        return [*(name for name in names if name != "digest"), "sha256", "is_damaged"]
    return names


def _query(table: Table, secrets: tuple[str, ...]) -> sql.Composed:
    """One line of JSON for each row, in the order of the primary key."""
    columns = [
        _without(column) if column.name in secrets else catalogue.quoted(column.name)
        for column in table.columns
    ]
    order = table.primary_key or tuple(column.name for column in table.columns)
    return sql.SQL(
        "copy (select row_to_json(line) from (select {} from {} order by {}) line) to stdout"
    ).format(
        sql.SQL(", ").join(columns),
        catalogue.quoted(table.name),
        sql.SQL(", ").join(catalogue.quoted(name) for name in order),
    )


def _without(column: Column) -> sql.Composed:
    """Whether there is a secret stays visible: an empty one is as it was."""
    name = catalogue.quoted(column.name)
    is_text = column.kind in ("text", "character varying")
    instead = sql.Literal(LEFT_OUT_SECRET) if is_text else sql.SQL("null")
    return sql.SQL("case when {0}::text = '' or {0} is null then {0} else {1} end as {0}").format(
        name, instead
    )
