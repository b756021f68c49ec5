"""A list of the mail in an archive, kept beside memory: what lies where, so that it can be read in the order of time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Place:
    """Where one message lies; `start` and `size` as `archives.Found` has them."""

    path: Path
    start: int | None
    size: int
    folder: str


class Catalogue:
    """A temporary database on the disk, gone when it is closed; a context manager."""

    def __enter__(self) -> Self:
        self._link = sqlite3.connect("", isolation_level=None)
        self._link.execute(
            "create table mail (id integer primary key, at real, path blob, start integer, size integer, folder text)"
        )
        self._link.execute("create table filed (file_id integer, folder text)")
        self._link.execute("begin")
        self._last = 0.0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._link.close()

    def add(self, place: Place, at: datetime | None) -> None:
        """Note a message; one that does not say when it was written follows the one before it."""
        self._last = at.timestamp() if at else self._last
        row = (self._last, bytes(place.path), place.start, place.size, place.folder)
        self._link.execute("insert into mail (at, path, start, size, folder) values (?, ?, ?, ?, ?)", row)

    def in_order(self) -> Iterator[Place]:
        """All of them, the oldest first."""
        for path, start, size, folder in self._link.execute(
            "select path, start, size, folder from mail order by at, id"
        ):
            yield Place(Path(path.decode(errors="surrogateescape")), start, size, folder)

    def folders(self) -> list[tuple[str, int, int]]:
        """(folder, messages, bytes) by name."""
        rows = self._link.execute(
            "select folder, count(*), sum(size) from mail group by folder order by folder"
        )
        return [(str(name), int(number), int(size)) for name, number, size in rows]

    @property
    def bytes(self) -> int:
        """How much there is to read."""
        (total,) = self._link.execute("select coalesce(sum(size), 0) from mail").fetchone()
        return int(total)

    def file(self, file_id: int, folder: str) -> None:
        """Note which kept file came from which folder."""
        self._link.execute("insert into filed values (?, ?)", (file_id, folder))

    def filed(self) -> Iterator[tuple[int, str]]:
        """What `file` noted."""
        yield from self._link.execute("select file_id, folder from filed order by file_id")
