"""The note that a database was moved away: the one that was left behind is not started by mistake."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

from majlis.cli.errors import CommandError
from majlis.cli.keys import sync_folder
from majlis.config import Config, DatabaseConfig

EMBEDDED = "embedded"
_NOTE = "database.moved"


class MovedError(CommandError):
    """This database was moved away; the message says where it is now."""


def name(target: DatabaseConfig) -> str:
    """How an external database is called, without its password."""
    return f"{target.host}:{target.port}/{target.name}"


def called(config: Config) -> str:
    """How the database of these settings is called."""
    return name(config.database) if config.is_database_external else EMBEDDED


def refuse(config: Config) -> None:
    """Raises MovedError where the settings still name what was left: what is written there would be lost."""
    try:
        note = json.loads((config.data / _NOTE).read_text())
    except (OSError, ValueError):
        return
    if note.get("from") != called(config):
        return
    step = "take MAJLIS_DATABASE_URL away" if note["to"] == EMBEDDED else "name it in MAJLIS_DATABASE_URL"
    raise MovedError(
        f"The database was moved to {note['to']} on {note['at']}: {step}. To go on with what was left behind "
        f"instead, remove {config.data / _NOTE}."
    )


def write(config: Config, to: str) -> None:
    """Note that the database of `config` is now `to`, durably."""
    note = {"from": called(config), "to": to, "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"}
    aside = config.data / f".{_NOTE}"
    with aside.open("w") as file:
        json.dump(note, file)
        file.flush()
        os.fsync(file.fileno())
    aside.rename(config.data / _NOTE)
    sync_folder(config.data)


def forget(config: Config) -> None:
    """A backup was brought back: that is the database now."""
    (config.data / _NOTE).unlink(missing_ok=True)
