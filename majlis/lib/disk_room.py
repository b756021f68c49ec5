"""How much room there is where an installation writes: its data, its files, and the system's place for passing things."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

LEAST = 1024**3
_LEAST_FOR_PASSING = 64 * 1024**2
_LEAST_NAMES = 1000


@dataclass(frozen=True, slots=True)
class Room:
    """One disk, by what is written there first: "data", "files", "database" or "passing". `free` and `least` in bytes.

    `names` is how many more files it can hold, where it says so.
    """

    what: str
    folder: Path
    free: int
    least: int
    names: int | None

    @property
    def is_over(self) -> bool:
        """Claims that nothing can be kept any more."""
        return self.free < self.least // 100

    @property
    def is_short(self) -> bool:
        """Claims that it is nearly full, or is."""
        return self.free < self.least

    @property
    def lacks_names(self) -> bool:
        """Claims that it has room, but not for many more files."""
        return not self.is_short and self.names is not None and self.names < _LEAST_NAMES


def rooms(data: Path, files: Path) -> list[Room]:
    """One for each disk. A folder that is not there yet counts as the one it will be made in."""
    places = [
        ("data", data, LEAST),
        ("files", files, LEAST),
        ("database", data / "postgres", LEAST),
        ("passing", Path(tempfile.gettempdir()), _LEAST_FOR_PASSING),
    ]
    found: dict[int, Room] = {}
    for what, place, least in places:
        folder = _existing(place)
        if (disk := folder.stat().st_dev) not in found:
            held = os.statvfs(folder)
            names = held.f_favail if held.f_files else None
            found[disk] = Room(what, folder, shutil.disk_usage(folder).free, least, names)
    return list(found.values())


def _existing(place: Path) -> Path:
    while not place.exists():
        place = place.parent
    return place
