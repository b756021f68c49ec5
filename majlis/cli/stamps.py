"""What the embedded database is known to hold already, so that a later start need not ask again.

The stamps lie inside the cluster's own folder: they come and go with it. A missing one only costs time.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from majlis import __version__
from majlis.config import Config

_MIGRATED = "majlis.migrated"
_OWNED = "majlis.owned"


def migrations() -> str:
    """A sum over our migrations and static files, and the name and version of every installed package."""
    package = Path(__file__).resolve().parent.parent
    total = hashlib.sha256(__version__.encode())
    for path in sorted(package.glob("*/migrations/*.py")):
        total.update(f"\n{path.relative_to(package)}\n".encode() + path.read_bytes())
    for path in sorted((package / "static").rglob("*")):
        if path.is_file():
            total.update(
                f"\n{path.relative_to(package)} {path.stat().st_size}\n".encode() + path.read_bytes()
            )
    django = find_spec("django")
    if django is not None and django.origin:
        for folder in sorted(Path(django.origin).parent.parent.glob("*.dist-info")):
            total.update(folder.name.encode())
    return total.hexdigest()


def is_migrated(config: Config) -> bool:
    """Whether exactly these migrations are known to be in the embedded database."""
    return not config.is_database_external and _read(config, _MIGRATED) == migrations()


def set_migrated(config: Config) -> None:
    """Remember that the embedded database holds all migrations."""
    _write(config, _MIGRATED, migrations())


def forget_migrated(config: Config) -> None:
    """To be called before migrations of any kind run."""
    with suppress(OSError):
        (config.data / "postgres" / _MIGRATED).unlink()


def is_owned(config: Config) -> bool:
    """Whether the installation is known to have an owner: no first-run link is needed any more."""
    return not config.is_database_external and bool(_read(config, _OWNED))


def set_owned(config: Config) -> None:
    """Remember that the installation has its owner."""
    _write(config, _OWNED, "yes")


def _read(config: Config, name: str) -> str:
    try:
        return (config.data / "postgres" / name).read_text()
    except OSError:
        return ""


def _write(config: Config, name: str, text: str) -> None:
    if not config.is_database_external:
        with suppress(OSError):
            (config.data / "postgres" / name).write_text(text)
