"""Whether this machine's clock is right, without asking a time server: by the database, by rows, by files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_MOST_DRIFT_SECONDS = 5.0
_MOST_AHEAD_SECONDS = 300.0
_FEWEST_MAILS = 10
_IS_THERE = "select to_regclass('{}') is not null"
_NEWEST_EVENT = "select extract(epoch from at)::float8 from journal_event order by id desc limit 1"
# The newest mails as they came, not old ones imported: how long after they were written they arrived.
_TRAVELLED = """
select count(*), percentile_cont(0.5) within group (order by extract(epoch from created_at - written_at))
from (
    select created_at, written_at from conversations_entry
    where kind = 'message' and not is_historic and written_at is not null order by id desc limit 50
) lately
"""

Ask = Callable[[str], Sequence[object] | None]


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign that the clock is wrong.

    `code`: "years" (behind), "apart" (from the database's, by `seconds`), "future" (`what`, a file's name or "" for the
    newest event, was written at `moment`), "travelled" (mail comes `seconds` before it was written).
    """

    code: str
    seconds: float = 0.0
    what: str = ""
    moment: float = 0.0


def sign(ask: Ask, files: Path) -> Sign | None:
    """The first sign that it is wrong. `ask` returns the first row of a question; `files` is where files are kept."""
    before = time.time()
    row = ask("select extract(epoch from clock_timestamp())::float8")
    theirs = _number(row) if row else before
    drift = abs(theirs - (before + time.time()) / 2)
    if before < 1_735_689_600:  # 2025: a machine without a battery starts in 1970
        return Sign("years")
    if drift > _MOST_DRIFT_SECONDS:
        return Sign("apart", seconds=drift)
    if found := next(_from_the_future(ask, files, before), None):
        return found
    if (ahead := _mail_before_it_was_written(ask)) > _MOST_AHEAD_SECONDS:
        return Sign("travelled", seconds=ahead)
    return None


def _from_the_future(ask: Ask, files: Path, now: float) -> Iterator[Sign]:
    """What was written later than now: files of the desk, rows of its log, the program itself."""
    # The folders of the files change whenever one is added.
    for path in (files, *files.glob("??"), Path(__file__)):
        if path.exists() and path.stat().st_mtime - now > _MOST_AHEAD_SECONDS:
            yield Sign("future", what=path.name, moment=path.stat().st_mtime)
    row = ask(_NEWEST_EVENT) if _is_there(ask, "journal_event") else None
    if row and _number(row) - now > _MOST_AHEAD_SECONDS:
        yield Sign("future", moment=_number(row))


def _mail_before_it_was_written(ask: Ask) -> float:
    """Seconds by which half of the newest mails came before their own dates; 0 while there are too few."""
    row = ask(_TRAVELLED) if _is_there(ask, "conversations_entry") else None
    if not row or int(str(row[0])) < _FEWEST_MAILS:
        return 0.0
    return -float(str(row[1]))


def _is_there(ask: Ask, table: str) -> bool:
    row = ask(_IS_THERE.format(table))
    return bool(row and row[0])


def _number(row: Sequence[object]) -> float:
    return float(str(row[0]))
