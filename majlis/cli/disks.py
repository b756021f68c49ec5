"""Whether there is room where Majlis writes: its data, its files, and the system's place for passing things."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from majlis.cli.findings import Finding
from majlis.cli.progress import size
from majlis.config import Config

LEAST = 1024**3
_LEAST_FOR_PASSING = 64 * 1024**2
_LEAST_NAMES = 1000


def findings(config: Config) -> Iterator[Finding]:
    """One finding for each disk that is (nearly) full, or one that all have room."""
    places = [
        ("data", config.data, LEAST),
        ("files", config.files, LEAST),
        ("database", config.data / "postgres", LEAST),
        ("temporary files", Path(tempfile.gettempdir()), _LEAST_FOR_PASSING),
    ]
    found: list[Finding] = []
    seen: set[int] = set()
    for what, place, least in places:
        folder = _existing(place)
        if folder.stat().st_dev not in seen:
            seen.add(folder.stat().st_dev)
            found += _full(what, folder, least)
    yield from found
    if not found:
        yield Finding("disk", f"{size(shutil.disk_usage(_existing(config.data)).free)} free")


def _full(what: str, folder: Path, least: int) -> Iterator[Finding]:
    free, names = shutil.disk_usage(folder).free, os.statvfs(folder)
    if free < least:
        is_over = free < least // 100
        meaning = "is full: nothing can be kept, so mail is refused" if is_over else "is nearly full"
        setting = "TMPDIR" if what == "temporary files" else "MAJLIS_DATA"
        step = f"Make room on the disk of {folder}, or move {setting} to a larger one."
        yield Finding("disk", f"the disk of {what} {meaning} ({size(free)} free, {folder})", step)
    elif names.f_files and names.f_favail < _LEAST_NAMES:
        said = f"the disk of {what} has room for {names.f_favail} more files only ({folder})"
        yield Finding("disk", said, "Remove small files there, or move to a disk made for more of them.")


def _existing(place: Path) -> Path:
    while not place.exists():
        place = place.parent
    return place
