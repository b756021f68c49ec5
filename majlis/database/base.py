"""The engine named in the settings; Django looks for `DatabaseWrapper` in a module of this name."""

from __future__ import annotations

import select
from collections.abc import Callable, Generator
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError, adapters, pq
from psycopg.postgres import types

from . import Statement


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL with fewer questions around a transaction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last: Statement | None = None
        self.afterwards: Callable[[], Statement | None] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection whose times are read by the driver's compiled reader; Django's own is written in Python."""
        connection = super().get_new_connection(conn_params)
        reader = adapters.get_loader(types["timestamptz"].oid, pq.Format.TEXT)
        assert reader is not None
        connection.adapters.register_loader("timestamptz", reader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of the connection; all of them say times in UTC, as the settings of this project have it."""
        assert self.connection is not None
        if name is None:
            return self.connection.cursor()
        return self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)

    def execute_last(self, sql: str, values: list[Any]) -> None:
        """See `majlis.database.execute_last`."""
        if len(self.atomic_blocks) == 1 and self.last is None:
            self.last = (sql, values)
            return
        with self.cursor() as cursor:
            cursor.execute(sql, values)

    def _commit(self) -> None:
        last, self.last = self.last, None
        if last is None or self.connection is None:
            super()._commit()  # type: ignore[misc]
            return
        with self.wrap_database_errors, self.connection.pipeline() as pipeline:
            # The driver would send each at once, and this thread may have to wait between any two of them.
            pipeline._communicate_gen = _nothing_yet
            self.create_cursor().execute(*last)
            self.create_cursor().execute("COMMIT")
            if self.afterwards is not None and (more := self.afterwards()):
                self.create_cursor().execute(*more)
            del pipeline._communicate_gen
            while pipeline.command_queue:
                pipeline.command_queue.popleft()()

    def _rollback(self) -> None:
        self.last = None
        super()._rollback()  # type: ignore[misc]

    def is_usable(self) -> bool:
        """Claims that the connection still works.

        A server that ended a connection, or went itself, leaves an end of file (mostly with a last message) in the
        socket of an idle connection: while nothing is to be read there, no question needs to be sent. After an
        error, or when there is something to read, the server is asked.
        """
        if not self.errors_occurred and self._is_quiet():
            return True
        return bool(super().is_usable())

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction on a connection that stays in autocommit; Django calls it by this name.

        Django would switch the driver's own transactions on and off again around each of its, which takes as long as
        a statement.
        """
        assert self.connection is not None
        self.last = None
        with self.wrap_database_errors:
            begun = self.connection.pgconn.exec_(b"BEGIN")
            if begun.status != pq.ExecStatus.COMMAND_OK:
                raise OperationalError((begun.error_message or b"").decode(errors="replace").strip())

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection is None or self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _is_quiet(self) -> bool:
        """Claims that the server has said nothing since the last answer, not even good-bye."""
        if self.connection is None or self.connection.closed:
            return False
        ends = select.poll()
        ends.register(self.connection.pgconn.socket, select.POLLIN)
        return not ends.poll(0)


def _nothing_yet() -> Generator[Any, Any, None]:
    """In the place of the driver's sending and receiving, while more is to come."""
    yield from ()
