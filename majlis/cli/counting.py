"""How many rows each table holds, and whether they are all still there after something was done to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import psycopg
from psycopg import sql

# Django's own books, which every upgrade writes.
_BOOKS = ("auth_permission", "django_content_type", "django_migrations")
Session = psycopg.Connection[Any]


def tables(session: Session) -> list[str]:
    """Every table with rows of its own, but Django's books."""
    found = session.execute(
        "select tablename from pg_tables where schemaname = current_schema() order by tablename"
    ).fetchall()
    return [name for (name,) in found if name not in _BOOKS]


def counts(session: Session) -> dict[str, int]:
    """Table → how many rows it holds now."""
    return {table: _number(session, table) for table in tables(session)}


def differences(
    before: Mapping[str, int],
    after: Mapping[str, int],
    *,
    may_grow: Collection[str] = (),
    may_shrink: Collection[str] = (),
) -> Iterator[str]:
    """A sentence for each table that was there before and does not hold as many rows as it should now.

    A table that went away held nothing, or a migration says so in `may_shrink`.
    """
    for table, was in sorted(before.items()):
        now = after.get(table)
        is_less = (now or 0) < was
        is_told = table in (may_shrink if is_less else may_grow)
        if (now or 0) != was and not is_told:
            yield f"{table} held {was} rows and {'is gone' if now is None else f'now holds {now}'}"


def _number(session: Session, table: str) -> int:
    found = session.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
    return int(found[0]) if found else 0
