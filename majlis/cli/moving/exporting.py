"""`majlis export FOLDER`: the tables of one moment, then the files they name, and at the very end the manifest.

A moment in the database ends with the session that looks at it: an export that was killed while it wrote tables
writes them anew, and says so. Once they are whole it goes on with the files, as long as these cannot have been swept.
"""

from __future__ import annotations

import hmac
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from majlis import __version__
from majlis.cli import database
from majlis.cli.keys import sync_folder
from majlis.cli.moving import folder as places
from majlis.cli.moving.files_out import Copied, copy
from majlis.cli.moving.folder import MovingError
from majlis.cli.moving.pace import Pace
from majlis.cli.moving.rows_out import write_tables
from majlis.cli.moving.tables import FILES
from majlis.cli.progress import counted
from majlis.config import Config

# Files are swept a day after their last row went: tables older than this may name one that is gone.
_KEPT_FOR = timedelta(hours=20)
_UNFINISHED = "The export could not be finished, and what lies there is not whole; make room and say the same words again"


@dataclass(frozen=True, slots=True)
class Exported:
    """A whole export. `missing` and `damaged`: files whose bytes were not there, or not those that were stored."""

    folder: Path
    rows: int
    files: Copied
    has_key: bool


def export(
    config: Config, to: Path, *, with_key: bool = False, say: Callable[[str], None] = print
) -> Exported:
    """Write the desk in the reachable database of `config`, and its files, to the folder `to`; it may be in use.

    Goes on with an export that was not finished. Raises MovingError, ConfigError (no key), psycopg.Error.
    """
    to = to.absolute()
    _refuse_occupied(to)
    pace = Pace("Export")
    with places.told(_UNFINISHED):
        places.make(to)
        work = to / places.UNFINISHED
        with places.held(work, "exporting to"):
            try:
                state = _state(config, to, work, pace=pace, with_key=with_key, say=say)
                copied = copy(config, to, work, pace=pace)
                _finish(config, to, state, copied, with_key=with_key)
            except psycopg.Error as error:
                raise MovingError(f"{_UNFINISHED}: the database said: {error}".strip()) from error
            finally:
                pace.end()
        shutil.rmtree(work)
        sync_folder(to)
    rows = sum(table["rows"] for table in state["tables"].values())
    return Exported(to, rows, copied, with_key)


def _refuse_occupied(to: Path) -> None:
    if not to.parent.is_dir():
        raise MovingError(f"The folder {to.parent} does not exist.")
    if to.exists() and not to.is_dir():
        raise MovingError(f"{to} is not a folder: choose another name.")
    if (to / places.MANIFEST).exists():
        raise MovingError(f"{to} holds a whole export already: choose another name.")
    if to.exists() and any(to.iterdir()) and not (to / places.UNFINISHED).exists():
        raise MovingError(f"{to} is not empty, and holds no unfinished export: choose another name.")


def _state(
    config: Config,
    to: Path,
    work: Path,
    *,
    pace: Pace,
    with_key: bool,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """What the manifest will say of the tables, which are whole: kept from before, or written now."""
    identity = hmac.digest(config.derived_key("files"), b"the desk that is exported", "sha256").hex()
    known = places.read_json(work / "tables.json")
    if known and known["desk"] == identity and known["has_key"] == with_key:
        taken_at = datetime.fromisoformat(known["taken_at"])
        if taken_at > datetime.now(UTC) - _KEPT_FOR:
            say(f"Going on: the tables of {known['taken_at']} are whole, the files are being finished.")
            return dict(known)
    if (to / "tables").exists():
        say(
            "An export was begun here. Its tables are written anew, since they must all be of one moment; "
            "files that were copied stay."
        )
    (work / "tables.json").unlink(missing_ok=True)
    shutil.rmtree(to / "tables", ignore_errors=True)
    with database.connect(config.database) as session:
        state = {
            "desk": identity,
            "has_key": with_key,
            "majlis": __version__,
            **write_tables(session, to, work, pace=pace, with_key=with_key),
        }
    places.write_json(work / "tables.json", state)
    return state


def _finish(config: Config, to: Path, state: dict[str, Any], copied: Copied, *, with_key: bool) -> None:
    """The key, if it goes along, and the manifest, which makes the export whole."""
    (to / places.KEY).unlink(missing_ok=True)
    if with_key and config.secret is not None:
        with places.create(to / places.KEY) as file:
            file.write(config.secret.encode() + b"\n")
            places.settle(file)
    tables = {**state["tables"], FILES: {**state["tables"][FILES], **copied.table}}
    places.write_json(
        to / places.MANIFEST,
        {
            "format": places.FORMAT,
            "majlis": state["majlis"],
            "taken_at": state["taken_at"],
            "has_key": with_key,
            "files": {
                "count": copied.files,
                "bytes": copied.bytes,
                "missing": copied.missing,
                "damaged": copied.damaged,
            },
            "schema": state["schema"],
            "tables": dict(sorted(tables.items())),
        },
    )


def summary(done: Exported) -> list[str]:
    """What a person is told at the end."""
    lines = [
        f"Exported to {done.folder}: {counted(done.rows, 'row')}, {counted(done.files.files, 'file')}.",
        "docs/export.md says what is where.",
    ]
    if done.files.missing:
        lines.append(f"The bytes of {counted(done.files.missing, 'file')} were missing already.")
    if done.files.damaged:
        lines.append(
            f"{counted(done.files.damaged, 'file')} did not hold what was stored; they went along as they are."
        )
    if done.has_key:
        lines.append("The secret key is inside: whoever has this folder can read everything. Keep it safe.")
    else:
        lines.append("The secret key and the passwords of mailboxes are NOT inside; they are entered again.")
    return lines
