"""The backups that upgrades leave in DATA/backups: where, how many, and the room for one more."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from majlis import __version__
from majlis.cli import database, processes
from majlis.config import Config

NEWEST = 3
_UNFINISHED = re.compile(r"\.before-.+\.majlis\.(\d+)(?:-.*)?")


def folder(config: Config) -> Path:
    """Where they lie."""
    return config.data / "backups"


def next_path(config: Config, now: datetime | None = None) -> Path:
    """The name of the backup that an upgrade to this version makes now."""
    at = now or datetime.now(UTC)
    # Two within one second (one was killed, and its next began at once) have names of their own, in their order.
    while (path := folder(config) / f"before-{__version__}-{at:%Y%m%dT%H%M%SZ}.majlis").exists():
        at += timedelta(seconds=1)
    return path


def backups(config: Config) -> list[Path]:
    """All of them, the newest first."""
    found = folder(config).glob("before-*.majlis")
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def prune(config: Config) -> list[Path]:
    """Remove all but the newest three and the first that this version made; what was removed.

    The first one is the state before the upgrade, however often an upgrade was tried since.
    """
    found = backups(config)
    first = [path for path in found if path.name.startswith(f"before-{__version__}-")][-1:]
    old = [path for path in found[NEWEST:] if path not in first]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def sweep(config: Config) -> None:
    """Remove what backups left that were killed while they were written."""
    for path in folder(config).glob(".before-*"):
        match = _UNFINISHED.fullmatch(path.name)
        if match and not processes.is_alive(int(match[1])):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def needed(config: Config) -> int:
    """Bytes that a backup and the upgrade after it may take: as many as the database has, compressed or not."""
    return int(str(database.ask(config.database, "select pg_database_size(current_database())")))


def free(config: Config) -> int:
    """Bytes free where the backups lie."""
    place = folder(config)
    return shutil.disk_usage(place if place.exists() else config.data).free
