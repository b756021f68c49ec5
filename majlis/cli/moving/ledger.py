"""Which files are copied already: a small database beside the work, true after any death of ours."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

_TABLE = (
    "create table if not exists copied (digest text primary key, sha256 text not null, size integer not null,"
    " is_damaged integer not null, is_wanted integer not null) without rowid"
)


class Ledger:
    """One line for each file: under which digest it is known to a desk, and the SHA-256 of its bytes.

    `is_wanted`: claims that the run at work has asked for it. Raises sqlite3.Error when the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.base = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._ready()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            # A power cut broke it: what is copied is found by its bytes again.
            with suppress(FileNotFoundError):
                self.path.unlink()
            return self._ready()

    def _ready(self) -> sqlite3.Connection:
        base = sqlite3.connect(self.path, isolation_level=None)
        base.execute("pragma journal_mode = wal")
        base.execute("pragma synchronous = normal")
        base.execute(_TABLE)
        base.execute("create index if not exists by_sum on copied (sha256)")
        return base

    def begin(self) -> None:
        """A new run: nothing is wanted yet."""
        self.base.execute("update copied set is_wanted = 0 where is_wanted = 1")

    def want(self, digest: str) -> tuple[str, bool] | None:
        """The SHA-256 of this file and whether it is damaged, when it is copied; it is wanted from now on."""
        row = self.base.execute(
            "update copied set is_wanted = 1 where digest = ? returning sha256, is_damaged", [digest]
        ).fetchall()
        return (row[0][0], bool(row[0][1])) if row else None

    def add(self, digest: str, sha256: str, size: int, *, is_damaged: bool) -> None:
        """This file is copied, and on the disk."""
        self.base.execute(
            "insert or replace into copied (digest, sha256, size, is_damaged, is_wanted) values (?, ?, ?, ?, 1)",
            [digest, sha256, size, is_damaged],
        )

    def forget(self, digest: str) -> None:
        """It is not there after all."""
        self.base.execute("delete from copied where digest = ?", [digest])

    def is_wanted(self, sha256: str) -> bool:
        """Claims that a file with these bytes belongs to the run at work."""
        found = self.base.execute("select 1 from copied where sha256 = ? and is_wanted = 1 limit 1", [sha256])
        return found.fetchone() is not None

    def number(self) -> int:
        """How many files are copied."""
        return int(self.base.execute("select count(*) from copied").fetchone()[0])

    def close(self) -> None:
        """Put everything into the one file."""
        self.base.close()
