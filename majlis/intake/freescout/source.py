"""FreeScout's database: opened for reading only, one consistent state of it, whatever its version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from . import words

NEEDED = ("users", "mailboxes", "mailbox_user", "customers", "emails", "conversations", "threads")
_PLAIN = {
    1044: "This user may not read that database: GRANT SELECT ON {name}.* TO it.",
    1045: "The user or the password is wrong. Look at DB_USERNAME and DB_PASSWORD in FreeScout's .env.",
    1049: "There is no database {name} there. Look at DB_DATABASE in FreeScout's .env.",
    2002: "Nothing answers at {host}. Does the database run, and may this machine reach it?",
    2003: "Nothing answers at {host}. Does the database run, and may this machine reach it?",
}
Row = dict[str, Any]


class SourceError(Exception):
    """The database cannot be read; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database is."""

    host: str
    port: int
    user: str
    password: str
    name: str
    socket: str = ""

    @classmethod
    def read(cls, url: str, password: str = "") -> Self:
        """From mysql://user:password@host:port/name (?socket=PATH). Raises SourceError."""
        try:
            parts = urlsplit(url)
            port = parts.port or 3306
        except ValueError as problem:
            raise SourceError(f"--database: {problem}.") from problem
        if parts.scheme not in ("mysql", "mariadb") or not parts.path.strip("/") or not parts.username:
            raise SourceError("--database has the form mysql://user@host:port/name (MySQL or MariaDB).")
        return cls(
            host=parts.hostname or "localhost",
            port=port,
            user=unquote(parts.username),
            password=password or unquote(parts.password or ""),
            name=unquote(parts.path.strip("/")),
            socket=parse_qs(parts.query).get("socket", [""])[0],
        )


class Source:
    """The state the database had when it was opened; a context manager. Times are read in `zone`, its APP_TIMEZONE."""

    def __init__(self, place: Place, zone: tzinfo) -> None:
        self.place, self.zone = place, zone

    def __enter__(self) -> Self:
        import pymysql
        from pymysql.cursors import DictCursor, SSDictCursor

        self._plain, self._streaming = DictCursor, SSDictCursor
        place = self.place
        where = {"unix_socket": place.socket} if place.socket else {"host": place.host, "port": place.port}
        try:
            self._link = pymysql.connect(
                user=place.user,
                password=place.password,
                database=place.name,
                charset="utf8mb4",
                connect_timeout=10,
                autocommit=True,
                **where,
            )
        except (pymysql.Error, OSError, RuntimeError) as problem:
            raise self._error(problem) from problem
        try:
            with self._link.cursor() as cursor:
                # A page of ours may take long between two of its rows.
                cursor.execute("set session net_write_timeout = 3600, session wait_timeout = 28800")
                cursor.execute("set session transaction isolation level repeatable read")
                cursor.execute("start transaction with consistent snapshot, read only")
            self._columns = self._read_columns()
            if missing := [table for table in NEEDED if table not in self._columns]:
                raise SourceError(
                    f"{place.name} is not a FreeScout database: it has no table {', '.join(missing)}."
                )
        except BaseException:
            self._link.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            self._link.close()

    def first_user(self) -> tuple[int, int]:
        """The id of the first user, and when they were made, in seconds since 1970: the same in every copy."""
        with self._link.cursor() as cursor:
            cursor.execute(
                "select id, coalesce(unix_timestamp(created_at), 0) from users order by id limit 1"
            )
            row = cursor.fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def has(self, table: str) -> bool:
        """Claims that there is such a table: those of modules may not be there."""
        return table in self._columns

    def rows(self, table: str, columns: str, rest: str = "", values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a small question; columns this version does not have are None."""
        return list(self._rows(self._plain, table, columns, rest, values))

    def stream(self, table: str, columns: str, rest: str = "", values: Sequence[Any] = ()) -> Iterator[Row]:
        """The same row by row, as the server hands them out; nothing else may be asked meanwhile."""
        return self._rows(self._streaming, table, columns, rest, values)

    def number(self, table: str, rest: str = "", values: Sequence[Any] = ()) -> int:
        """How many rows."""
        with self._link.cursor() as cursor:
            cursor.execute(f"select count(*) from `{table}` {rest}", list(values))  # noqa: S608
            row = cursor.fetchone()
        return int(row[0]) if row else 0

    def sums(self, table: str, by: str, what: str, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """Sums over the rows of each of these ids, {id: numbers}."""
        marks = ", ".join(["%s"] * len(ids))
        with self._link.cursor() as cursor:
            asked = f"select {by}, {what} from {table} where {by} in ({marks}) group by {by}"  # noqa: S608
            cursor.execute(asked, list(ids))
            return {int(row[0]): tuple(int(one) for one in row[1:]) for row in cursor.fetchall()}

    def _rows(self, kind: type, table: str, columns: str, rest: str, values: Sequence[Any]) -> Iterator[Row]:
        wanted = columns.split()
        there = [name for name in wanted if name in self._columns[table]]
        chosen = ", ".join(f"`{table}`.`{name}`" for name in there)
        with self._link.cursor(kind) as cursor:
            cursor.execute(f"select {chosen} from `{table}` {rest}", list(values))  # noqa: S608
            for row in cursor:
                yield {name: self._value(row.get(name)) for name in wanted}

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return words.repaired(value).replace("\x00", "")
        if isinstance(value, bytes):
            return words.repaired(value.decode("utf-8", "replace")).replace("\x00", "")
        if isinstance(value, datetime):
            return value.replace(tzinfo=self.zone)
        return value

    def _read_columns(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        with self._link.cursor() as cursor:
            cursor.execute(
                "select table_name, column_name from information_schema.columns where table_schema = %s",
                [self.place.name],
            )
            for table, column in cursor.fetchall():
                found.setdefault(str(table), set()).add(str(column))
        return found

    def _error(self, problem: Exception) -> SourceError:
        code = problem.args[0] if problem.args else 0
        place = self.place
        host = place.socket or f"{place.host}:{place.port}"
        said = _PLAIN.get(code, "") if isinstance(code, int) else ""
        text = said.format(name=place.name, host=host) or f"The database cannot be opened: {problem}."
        return SourceError(text)
