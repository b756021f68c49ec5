"""`majlis restore FILE`: all is unpacked, checked and filled beside the data, then moved into place."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from majlis.cli import backup, database, dumps, lock, moved
from majlis.cli.backup import BackupError
from majlis.cli.keys import make_data_folder, sync_folder
from majlis.cli.postgres import EmbeddedPostgres
from majlis.cli.progress import Progress, size
from majlis.config import Config

_STAGE = ".restoring"
_PARTS = ("postgres", "files", "secret.key")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. `aside` is where the data that was there before lies now."""

    made_at: str
    version: str
    files: int | None
    has_key: bool
    aside: Path | None


def restore(config: Config, path: Path, *, is_forced: bool = False) -> Restored:
    """Bring the backup `path` back into an empty DATA, and into an empty database if that is one's own.

    With `is_forced` the embedded data that is there is moved aside, never deleted. Until the whole backup has
    been read, its sums checked and the database filled, nothing that was there is touched.
    Raises BackupError, lock.HeldError, PostgresError, UnreachableError.
    """
    make_data_folder(config)
    stage = config.data / _STAGE
    progress = Progress("Restore")
    with lock.exclusive(config.data, "restore"):
        _refuse_if_occupied(config, is_forced=is_forced)
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
        try:
            manifest = _unpack(path, stage, progress)
            _fill(config, stage, progress)
            aside = _move_into_place(config, stage, with_files=manifest["files"] is not None)
        except dumps.DumpError as error:
            raise BackupError(f"{error}. Nothing was changed.") from error
        except OSError as error:
            raise BackupError(
                f"The backup could not be restored: {error.strerror}: {error.filename}"
            ) from error
        finally:
            progress.end()
            shutil.rmtree(stage, ignore_errors=True)
    return Restored(
        str(manifest["made_at"]), str(manifest["majlis"]), manifest["files"], bool(manifest["has_key"]), aside
    )


def verify(config: Config, *, say: Callable[[str], None] = print) -> int:
    """Look whether all that came back hangs together, files, links and secrets. Returns 0, or 1 and says what not."""
    from majlis.cli import truth

    with (
        database.reachable(config, "restore") as live,
        database.connect(live.database) as session,
    ):
        found = list(truth.findings(live, session))
    for finding in found:
        finding.tell(say)
    return int(not all(finding.is_well for finding in found))


def _refuse_if_occupied(config: Config, *, is_forced: bool) -> None:
    if config.is_database_external:
        database.wait_for(config.database)
        if not database.is_empty(config.database):
            raise BackupError(
                f"The database {config.database.name} is not empty: make a new one and name it in "
                "MAJLIS_DATABASE_URL. Nothing was changed."
            )
    if not is_forced and _occupied(config):
        raise BackupError(
            f"{config.data} already holds an installation. Restore into an empty folder (MAJLIS_DATA), or "
            "say --force: what is there is then moved aside. Nothing was changed."
        )


def _occupied(config: Config) -> list[str]:
    names = []
    for name in _PARTS:
        part = config.data / name
        if part.is_file() or (part.is_dir() and any(part.iterdir())):
            names.append(name)
    # A key alone is no installation: it may have been put there for a backup without one.
    return [] if names == ["secret.key"] else names


def _unpack(path: Path, stage: Path, progress: Progress) -> dict[str, Any]:
    """Everything of the backup under `stage`, with every sum checked; the manifest. Raises BackupError."""
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    damaged = f"{path} is damaged or not a backup of Majlis"
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            for info in tar:
                content = tar.extractfile(info) if info.isfile() else None
                if content is None or not _is_expected(info.name):
                    raise BackupError(f"{damaged}: it holds {info.name!r}. Nothing was changed.")
                if info.name == backup.MANIFEST:
                    manifest = json.loads(content.read())
                else:
                    found[info.name] = _extract(content, stage / info.name)
                    progress.show(f"{len(found)} files, {size(file.tell())}")
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BackupError(f"{damaged} ({error}). Nothing was changed.") from error
    except OSError as error:
        raise BackupError(f"Cannot read {path}: {error.strerror}. Nothing was changed.") from error
    if manifest is None:
        raise BackupError(f"{damaged}: its end is missing. Nothing was changed.")
    if manifest.get("format") != backup.FORMAT:
        raise BackupError(
            f"{path} was made by a newer Majlis ({manifest.get('majlis')}): install that. "
            "Nothing was changed."
        )
    wrong = sorted(
        name for name in {*found, *manifest["members"]} if found.get(name) != manifest["members"].get(name)
    )
    if wrong or backup.DUMP not in found:
        raise BackupError(f"{damaged}: {', '.join(wrong[:3])} is not as it was. Nothing was changed.")
    return manifest


def _is_expected(name: str) -> bool:
    if name in (backup.MANIFEST, backup.DUMP, backup.KEY):
        return True
    parts = name.split("/")
    return name.startswith(backup.FILES) and all(part not in ("", ".", "..") for part in parts)


def _extract(content: IO[bytes], to: Path) -> dict[str, Any]:
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    total, count = hashlib.sha256(), 0
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while block := content.read(1024 * 1024):
            total.update(block)
            count += len(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return {"bytes": count, "sha256": total.hexdigest()}


def _fill(config: Config, stage: Path, progress: Progress) -> None:
    """Read the dump into the database of one's own, or into a new embedded one under `stage`."""
    dumped = stage / backup.DUMP

    def waiting() -> None:
        progress.show("filling the database")

    if config.is_database_external:
        dumps.restore(config, dumped, while_waiting=waiting)
    else:
        server = EmbeddedPostgres(stage)
        try:
            server.start()
            dumps.restore(replace(config, database=server.database), dumped, while_waiting=waiting)
        finally:
            server.stop()
            if server.socket is not None and stage not in server.socket.parents:
                shutil.rmtree(server.socket, ignore_errors=True)
    dumped.unlink()


def _move_into_place(config: Config, stage: Path, *, with_files: bool) -> Path | None:
    """Swap by renaming: the old parts into a folder of their own, which is returned, then the new ones in."""
    parts = ["files", "secret.key"] if config.is_database_external else ["postgres", "files", "secret.key"]
    if not with_files:
        parts.remove("files")  # such a backup was made in place, beside files that never change
    if not (stage / "secret.key").exists():
        parts.remove("secret.key")  # the one that is there may be the right one, brought back by hand
    aside = config.data / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for name in parts:
        part = config.data / name
        if part.is_dir() and not any(part.iterdir()):
            part.rmdir()
        elif part.exists():
            aside.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
            part.rename(aside / name)
    for name in parts:
        if (stage / name).exists():
            (stage / name).rename(config.data / name)
    config.files.mkdir(mode=0o700, exist_ok=True)
    moved.forget(config)
    sync_folder(config.data)
    return aside if aside.exists() else None
