"""When an installation was last saved: a note that every whole backup leaves in DATA, wherever it was written to."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Saved:
    """A backup: when, and the file it was written to."""

    at: datetime
    path: Path


def note(data: Path, path: Path) -> None:
    """A whole backup was just written to `path`. One that cannot be noted is no worse a backup."""
    place = _note(data)
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    told = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "path": str(path)}
    with suppress(OSError):
        place.parent.mkdir(mode=0o700, exist_ok=True)
        aside.write_text(json.dumps(told, ensure_ascii=False))
        aside.rename(place)


def last(data: Path) -> Saved | None:
    """The last whole backup made here; None when none was, or nothing is known of it."""
    try:
        told = json.loads(_note(data).read_text())
        return Saved(datetime.fromisoformat(told["at"]), Path(told["path"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def last_of_upgrade(data: Path) -> Saved | None:
    """The newest of those that upgrades leave, which hold no files."""
    times = []
    for path in (data / "backups").glob("before-*.majlis"):
        with suppress(OSError):
            times.append(Saved(datetime.fromtimestamp(path.stat().st_mtime, UTC), path))
    return max(times, key=lambda one: one.at, default=None)


def _note(data: Path) -> Path:
    return data / "backups" / "last.json"
