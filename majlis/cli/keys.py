"""The installation's own folder and its secret key: made once, privately, never silently replaced."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from majlis.config import Config, ConfigError


def make_data_folder(config: Config) -> None:
    """Make DATA and DATA/files if they are missing; a folder that exists keeps its mode.

    As root DATA is made 0711, so that a database server running as another user can pass through it;
    all that lies inside is private. Raises ConfigError when it cannot be made.
    """
    try:
        config.data.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            config.data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
        config.files.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"MAJLIS_DATA: cannot use {config.data}: {error.strerror}") from error


def ensure_secret(config: Config) -> Config:
    """The same settings with a secret key, made and kept in DATA/secret.key (0600) if there was none.

    Raises ConfigError when a database exists whose key is gone: a new key could not read what the old one
    encrypted, so none is made behind anybody's back.
    """
    if config.secret is not None:
        return config
    if (config.data / "postgres").exists():
        raise ConfigError(
            f"{config.secret_file} is missing although {config.data} holds a database. Put it back, or give "
            "the key in MAJLIS_SECRET_KEY. If it is lost for good, set MAJLIS_SECRET_KEY to a new one: "
            "mailbox passwords then have to be entered again."
        )
    import secrets

    make_data_folder(config)
    secret = secrets.token_urlsafe(48)
    if write_secret(config.secret_file, secret):
        return replace(config, secret=secret)
    return replace(config, secret=config.secret_file.read_text().strip())  # another process was first


def write_secret(path: Path, secret: str) -> bool:
    """Write `secret` durably to a new file with mode 0600; False when the file exists already.

    Written aside and linked into place: nobody ever reads half a key, and two makers cannot both win.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return False
    finally:
        aside.unlink()
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name inside `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
