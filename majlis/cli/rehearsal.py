"""`majlis upgrade --rehearse`: the whole upgrade on a copy of the database in a server of its own, then thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from majlis.cli import database, dumps, kept, truth
from majlis.cli.backup import BackupError
from majlis.cli.errors import CommandError
from majlis.cli.postgres import EmbeddedPostgres
from majlis.cli.progress import Progress, counted, size
from majlis.config import Config

_STAGE = ".rehearsal"
_TAKEN_BY_THE_COPY = ("MAJLIS_DATABASE_URL", "MAJLIS_SECRET_KEY")


class RehearsalError(CommandError):
    """The rehearsal went wrong; the message says where. The real data were only read."""


def rehearse(config: Config, *, say: Callable[[str], None] = print) -> int:
    """Copy the reachable database of `config`, upgrade the copy as a start would, look whether all is right.

    Returns 0. Nothing of the installation is changed; DATA/.rehearsal is there for the time of it, also after a kill
    (the next rehearsal removes it). Raises RehearsalError, BackupError, DumpError, PostgresError.
    """
    if not database.has_tables(config.database):
        raise RehearsalError("There is nothing to rehearse with yet: the database is empty.")
    stage = config.data / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    needed, free = 3 * kept.needed(config), kept.free(config)
    if free < needed:
        raise BackupError(
            f"There is no room for a copy: {size(free)} free, and it may take {size(needed)}. "
            "Nothing was changed."
        )
    stage.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
    begun = time.monotonic()
    try:
        with _copy(config, stage) as copied:
            say(f"A copy is made ({time.monotonic() - begun:.1f} s); upgrading it …")
            begun = time.monotonic()
            _upgrade(config, stage, copied, say)
            seconds = time.monotonic() - begun
            with database.connect(copied.database) as session:
                # The words to find old messages by are written by the worker, after the upgrade.
                found = list(truth.findings(copied, session, with_files=False, with_words=False))
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    for finding in found:
        finding.tell(say)
    wrong = sum(not finding.is_well for finding in found)
    if wrong:
        raise RehearsalError(
            f"The copy was upgraded in {seconds:.1f} s, and {counted(wrong, 'thing')} in it is not right (see above)."
        )
    say(f"The rehearsal went well: {seconds:.1f} s. The copy is removed; nothing was changed.")
    return 0


@contextmanager
def _copy(config: Config, stage: Path) -> Iterator[Config]:
    progress = Progress("Rehearsal")
    server = EmbeddedPostgres(stage, settings={"fsync": "off"})
    dumped = stage / "database.dump"
    try:
        dumps.dump(config, dumped, while_waiting=lambda: progress.show("copying"))
        server.start()
        copied = replace(config, data=stage, database=server.database, is_database_external=False)
        dumps.restore(copied, dumped, while_waiting=lambda: progress.show("filling the copy"))
        dumped.unlink()
        yield copied
    finally:
        progress.end()
        server.stop()
        if server.socket is not None and stage not in server.socket.parents:
            shutil.rmtree(server.socket, ignore_errors=True)


def _upgrade(config: Config, stage: Path, copied: Config, say: Callable[[str], None]) -> None:
    """The real command, in a process of its own, over the copy."""
    kept_names = {
        name: value for name, value in os.environ.items() if not name.startswith(_TAKEN_BY_THE_COPY)
    }
    done = subprocess.run(
        [sys.executable, "-m", "majlis.cli.main", "upgrade"],
        env={
            **kept_names,
            "MAJLIS_DATA": str(stage),
            "MAJLIS_SECRET_KEY": config.secret or "",
            "MAJLIS_EMBEDDED_SOCKET": copied.database.host,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        say(f"  {line.removeprefix('majlis: ')}")
    if done.returncode:
        words = done.stderr.strip().removeprefix("majlis: ") or f"it ended with status {done.returncode}"
        raise RehearsalError(
            f"The copy could not be upgraded: {words}\nThis was a rehearsal: nothing was changed."
        )
