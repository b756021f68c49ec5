"""Whether there is room where Majlis writes: its data, its files, and the system's place for passing things."""

from __future__ import annotations

from collections.abc import Iterator

from majlis.cli.findings import Finding
from majlis.cli.progress import size
from majlis.config import Config
from majlis.lib.disk_room import Room, rooms


def findings(config: Config) -> Iterator[Finding]:
    """One finding for each disk that is (nearly) full, or one that all have room."""
    known = rooms(config.data, config.files)
    found = [one for room in known for one in _full(room)]
    yield from found
    if not found:
        yield Finding("disk", f"{size(known[0].free)} free")


def _full(room: Room) -> Iterator[Finding]:
    what = "temporary files" if room.what == "passing" else room.what
    if room.is_short:
        meaning = "is full: nothing can be kept, so mail is refused" if room.is_over else "is nearly full"
        setting = "TMPDIR" if room.what == "passing" else "MAJLIS_DATA"
        step = f"Make room on the disk of {room.folder}, or move {setting} to a larger one."
        yield Finding("disk", f"the disk of {what} {meaning} ({size(room.free)} free, {room.folder})", step)
    elif room.lacks_names:
        said = f"the disk of {what} has room for {room.names} more files only ({room.folder})"
        yield Finding("disk", said, "Remove small files there, or move to a disk made for more of them.")
