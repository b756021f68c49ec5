"""Whether this machine's clock is right, without asking a time server: by the database, by rows, by files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import psycopg

from majlis.cli.findings import Finding
from majlis.config import Config
from majlis.lib.timekeeping import Sign, sign

Session = psycopg.Connection[tuple[object, ...]]

_STEP = "Set it, and keep it by NTP (timedatectl set-ntp true)."


def findings(config: Config, session: Session) -> Iterator[Finding]:
    """One finding: the first sign that it is wrong, or that there is none."""

    def ask(question: str) -> Sequence[object] | None:
        return session.execute(question.encode()).fetchone()

    found = sign(ask, config.files)
    if found is None:
        yield Finding("clock", "agrees with the database's, and nothing is from the future")
    elif found.code == "apart":
        said = f"{found.seconds:.0f} s apart from the database server's"
        yield Finding("clock", said, "Keep both machines' clocks by NTP.")
    else:
        yield Finding("clock", _said(found), _STEP)


def _said(found: Sign) -> str:
    if found.code == "years":
        return "this machine's clock is years behind"
    if found.code == "travelled":
        return f"mail arrives {found.seconds / 60:.0f} minutes before it was written, so the clock is behind"
    when = f"{datetime.fromtimestamp(found.moment, UTC):%Y-%m-%d %H:%M} UTC"
    what = f"{found.what} was written {when}" if found.what else f"the newest event is of {when}"
    return f"this machine's clock seems to be behind: {what}"
