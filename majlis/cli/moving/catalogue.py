"""What the database itself says of its tables: columns, keys, references, the next number, the state of the schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from majlis.cli.moving.tables import EXPORTED

Session = psycopg.Connection[tuple[Any, ...]]

_COLUMNS = (
    "select c.relname, a.attname, format_type(a.atttypid, null), a.attnotnull"
    " from pg_class c join pg_attribute a on a.attrelid = c.oid"
    " where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname = any(%s)"
    " and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by c.relname, a.attnum"
)
_KEYS = (
    "select c.relname, k.contype, a.attname, r.relname from pg_constraint k join pg_class c on c.oid = k.conrelid"
    " cross join lateral unnest(k.conkey) with ordinality as part(attnum, place)"
    " join pg_attribute a on a.attrelid = c.oid and a.attnum = part.attnum"
    " left join pg_class r on r.oid = k.confrelid"
    " where c.relnamespace = current_schema()::regnamespace and c.relname = any(%s) and k.contype in ('p', 'f')"
    " order by c.relname, part.place"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the database has it; `kind` is PostgreSQL's name of the type."""

    name: str
    kind: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `references` says for each column that points elsewhere to which table."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    references: dict[str, str]


def tables(session: Session) -> dict[str, Table]:
    """Every table of the desk that this database has, by name."""
    columns: dict[str, list[Column]] = {}
    for table, name, kind, is_required in session.execute(_COLUMNS, [list(EXPORTED)]):
        columns.setdefault(table, []).append(Column(name, kind, is_required))
    keys: dict[str, list[str]] = {}
    references: dict[str, dict[str, str]] = {}
    for table, kind, column, target in session.execute(_KEYS, [list(EXPORTED)]):
        if kind in ("p", b"p"):
            keys.setdefault(table, []).append(column)
        else:
            references.setdefault(table, {})[column] = target
    return {
        name: Table(
            name, tuple(found), tuple(keys.get(name, ())), dict(sorted(references.get(name, {}).items()))
        )
        for name, found in columns.items()
    }


def sequence(session: Session, table: Table, *, schema: str = "") -> str | None:
    """The sequence that numbers the rows of `table`, if one does."""
    if len(table.primary_key) != 1:
        return None
    name = f"{schema}.{table.name}" if schema else table.name
    row = session.execute("select pg_get_serial_sequence(%s, %s)", [name, table.primary_key[0]]).fetchone()
    return row[0] if row else None


def next_number(session: Session, table: Table, *, schema: str = "") -> int | None:
    """The number that the next row of `table` would get: those of rows that were deleted are never given again."""
    name = sequence(session, table, schema=schema)
    if name is None:
        return None
    query = sql.SQL("select case when is_called then last_value + 1 else last_value end from {}")
    row = session.execute(query.format(sql.SQL(name))).fetchone()  # quoted by the server already
    return int(row[0]) if row else None


def migrations(session: Session) -> dict[str, list[str]]:
    """The migrations that made these tables, by app."""
    found: dict[str, list[str]] = {}
    for app, name in session.execute("select app, name from django_migrations order by 1, 2"):
        if name not in found.setdefault(app, []):
            found[app].append(name)
    return found


def quoted(name: str) -> sql.Composable:
    """A table's or column's name in SQL."""
    return sql.Identifier(name)
