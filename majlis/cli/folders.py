"""A private folder for the database server's socket, short enough for the system's limit on such paths."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from majlis.cli.ownership import Ownership, closed_folder_above

_LONGEST = 100  # bytes; the limit is 107 on Linux and 103 on macOS
_SHORTEST_PLACE = "/tmp"  # noqa: S108 - only a folder in it that is ours alone is used
_SOCKET = ".s.PGSQL.5432"


def socket_folder(data: Path, ownership: Ownership) -> Path:
    """The folder for the socket, made if missing: DATA/run, or a short one elsewhere when DATA is long.

    The server trusts whoever reaches its socket, so the folder must be private: one that exists with
    another owner or mode is left as it is, and a new one is made. The choice is remembered in
    DATA/postgres.socket, which other commands read.
    """
    remembered = data / "postgres.socket"
    candidates = [data / "run"]
    with suppress(OSError):
        candidates.insert(0, Path(remembered.read_text().strip()))
    if not _fits(data / "run-12345678"):
        mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
        places = [os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), _SHORTEST_PLACE]
        candidates += [Path(place, f"majlis-{mark}") for place in places if place]
    for folder in candidates:
        if folder.is_absolute() and _fits(folder) and _is_ours(folder, ownership):
            break
    else:
        parent = data if _fits(data / "run-12345678") else Path(_SHORTEST_PLACE)
        folder = Path(tempfile.mkdtemp(prefix="run-" if parent == data else "majlis-", dir=parent))
        ownership.give(folder)
    if folder == data / "run":
        remembered.unlink(missing_ok=True)
    else:
        aside = data / ".postgres.socket"
        aside.write_text(f"{folder}\n")
        aside.rename(remembered)
    return folder


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / _SOCKET)) <= _LONGEST


def _is_ours(folder: Path, ownership: Ownership) -> bool:
    try:
        folder.mkdir(mode=0o700)
        ownership.give(folder)
    except FileExistsError:
        pass
    except OSError:
        return False
    status = folder.lstat()
    is_private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    return is_private and status.st_uid == ownership.owner() and not closed_folder_above(folder, ownership)
