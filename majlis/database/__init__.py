"""Django's PostgreSQL backend, quicker where every request passes, and with a last statement that brings the commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.db import connection

if TYPE_CHECKING:
    from .base import DatabaseWrapper

Statement = tuple[str, list[Any]]


def execute_last(sql: str, values: list[Any]) -> None:
    """Execute a statement that returns nothing and is the last one of its transaction.

    It goes out together with the COMMIT when the outermost block ends: rows that many wait for are then locked no
    longer than the server needs, whatever this process does meanwhile. Its errors are raised there. Inside an outer
    block it is executed at once.
    """
    _backend().execute_last(sql, values)


def execute_after(statement: Callable[[], Statement | None]) -> None:
    """Have `statement` asked, right after a COMMIT that `execute_last` brings, for one more to go along.

    It is a transaction of its own. What is asked must know by itself that it was asked.
    """
    _backend().afterwards = statement


def _backend() -> DatabaseWrapper:
    return cast("DatabaseWrapper", connection)
