"""Whether this machine's clock is right, without asking a time server: by the database, by rows, by files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from majlis.cli.findings import Finding
from majlis.config import Config

Session = psycopg.Connection[tuple[object, ...]]

_MOST_DRIFT_SECONDS = 5.0
_MOST_AHEAD_SECONDS = 300.0
_FEWEST_MAILS = 10
_STEP = "Set it, and keep it by NTP (timedatectl set-ntp true)."
# The newest mails as they came, not old ones imported: how long after they were written they arrived.
_TRAVELLED = """
select count(*), percentile_cont(0.5) within group (order by extract(epoch from created_at - written_at))
from (
    select created_at, written_at from conversations_entry
    where kind = 'message' and not is_historic and written_at is not null order by id desc limit 50
) lately
"""


def findings(config: Config, session: Session) -> Iterator[Finding]:
    """One finding: the first sign that it is wrong, or that there is none."""
    before = time.time()
    row = session.execute("select extract(epoch from clock_timestamp())::float8").fetchone()
    theirs = float(str(row[0])) if row else before
    drift = abs(theirs - (before + time.time()) / 2)
    if before < 1_735_689_600:  # 2025: a machine without a battery starts in 1970
        yield Finding("clock", "this machine's clock is years behind", _STEP)
    elif drift > _MOST_DRIFT_SECONDS:
        step = "Keep both machines' clocks by NTP."
        yield Finding("clock", f"{drift:.0f} s apart from the database server's", step)
    elif sign := _from_the_future(config, session, before):
        yield Finding("clock", f"this machine's clock seems to be behind: {sign}", _STEP)
    elif (ahead := _mail_before_it_was_written(session)) > _MOST_AHEAD_SECONDS:
        said = f"mail arrives {ahead / 60:.0f} minutes before it was written, so the clock is behind"
        yield Finding("clock", said, _STEP)
    else:
        yield Finding("clock", "agrees with the database's, and nothing is from the future")


def _from_the_future(config: Config, session: Session, now: float) -> str:
    """What was written later than now: files of the desk, rows of its log, the program itself."""
    for path in (*_newest_files(config), Path(__file__)):
        ahead = path.stat().st_mtime - now
        if ahead > _MOST_AHEAD_SECONDS:
            return f"{path.name} was written {_when(now + ahead)}"
    row = session.execute("select to_regclass('journal_event') is not null").fetchone()
    if row and row[0]:
        row = session.execute(
            "select extract(epoch from at)::float8 from journal_event order by id desc limit 1"
        ).fetchone()
        if row and float(str(row[0])) - now > _MOST_AHEAD_SECONDS:
            return f"the newest event is of {_when(float(str(row[0])))}"
    return ""


def _newest_files(config: Config) -> list[Path]:
    """The folders of the files change whenever one is added."""
    return [path for path in (config.files, *config.files.glob("??")) if path.exists()]


def _mail_before_it_was_written(session: Session) -> float:
    """Seconds by which half of the newest mails came before their own dates; 0 while there are too few."""
    row = session.execute("select to_regclass('conversations_entry') is not null").fetchone()
    if not row or not row[0]:
        return 0.0
    row = session.execute(_TRAVELLED).fetchone()
    if not row or int(str(row[0])) < _FEWEST_MAILS:
        return 0.0
    return -float(str(row[1]))


def _when(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
