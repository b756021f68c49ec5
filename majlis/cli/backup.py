"""`majlis backup FILE`: the database, the files and the secret key in one tar with sums, consistent, durable.

The database is dumped first: files are named by their bytes, never change, and are swept a day after their
last row went, so every file that the dump names is still there when the files are read.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from majlis import __version__
from majlis.cli import dumps
from majlis.cli.errors import CommandError
from majlis.cli.keys import sync_folder
from majlis.cli.progress import Progress, size
from majlis.config import Config
from majlis.lib import backups

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
KEY = "secret.key"
FILES = "files/"


class BackupError(CommandError):
    """The backup could not be made or used; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup. `files` is None when they were left out."""

    path: Path
    bytes: int
    files: int | None
    has_key: bool


def make(config: Config, path: Path, *, with_key: bool = True, with_files: bool = True) -> Made:
    """Save the reachable database of `config`, its files and its key to the new file `path` (mode 0600).

    Written under another name, synced, renamed: a file of that name is a whole backup. Raises BackupError.
    """
    path = path.absolute()
    if path.exists():
        raise BackupError(f"{path} exists already: choose another name.")
    if not path.parent.is_dir():
        raise BackupError(f"The folder {path.parent} does not exist.")
    progress = Progress("Backup")
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            made = _write(config, out, path, progress=progress, with_key=with_key, with_files=with_files)
            out.flush()
            os.fsync(out.fileno())
        aside.rename(path)
        sync_folder(path.parent)
        if with_files:
            backups.note(config.data, path)
        return made
    except dumps.DumpError as error:
        raise BackupError(str(error)) from error
    except OSError as error:
        raise BackupError(f"The backup could not be written: {error.strerror} ({path})") from error
    finally:
        progress.end()
        with suppress(OSError):
            aside.unlink()


def _write(
    config: Config, out: IO[bytes], path: Path, *, progress: Progress, with_key: bool, with_files: bool
) -> Made:
    members: dict[str, dict[str, Any]] = {}
    count = 0
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.{os.getpid()}-", dir=path.parent) as folder:
            dumped = Path(folder, DUMP)
            major = dumps.dump(
                config, dumped, while_waiting=lambda: progress.show(f"database, {_size_of(dumped)}")
            )
            with dumped.open("rb") as dump:
                members[DUMP] = _add(tar, DUMP, dump)
        if with_files:
            for name, file in _files(config.files):
                members[FILES + name] = _add(tar, FILES + name, file)
                count += 1
                progress.show(f"{count} files, {size(out.tell())}")
        if with_key and config.secret is not None:
            members[KEY] = _add(tar, KEY, io.BytesIO(config.secret.encode() + b"\n"))
        manifest = {
            "format": FORMAT,
            "majlis": __version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "postgresql": major,
            "files": count if with_files else None,
            "has_key": KEY in members,
            "members": members,
        }
        _add(tar, MANIFEST, io.BytesIO(json.dumps(manifest, ensure_ascii=False, indent=1).encode()))
    return Made(path, out.tell(), count if with_files else None, KEY in members)


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> dict[str, Any]:
    """Add exactly the bytes that `file` has now; its entry in the manifest."""
    info = tarfile.TarInfo(name)
    info.size = file.seek(0, os.SEEK_END)
    info.mode = 0o600
    info.mtime = int(os.fstat(file.fileno()).st_mtime) if not isinstance(file, io.BytesIO) else 0
    file.seek(0)
    summing = _Summing(file)
    tar.addfile(info, cast(IO[bytes], summing))
    return {"bytes": info.size, "sha256": summing.total.hexdigest()}


def _files(folder: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Every finished file below `folder`, opened in turn; names that start with a dot are being written."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if name.startswith(".") or path.is_symlink():
                continue
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue  # swept since the folder was read: the dump does not name it
            with file:
                yield str(path.relative_to(folder)), file


def _size_of(path: Path) -> str:
    return size(path.stat().st_size if path.exists() else 0)


class _Summing:
    """A reader that sums what passes through it, so that each file is read once."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.total = hashlib.sha256()

    def read(self, count: int = -1) -> bytes:
        data = self.file.read(count)
        self.total.update(data)
        return data
