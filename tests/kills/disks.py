"""A small disk, which can be filled, and emptied again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_BALLAST = "ballast"


@contextmanager
def small_disk(place: Path, *, mebibytes: int) -> Iterator[Path]:
    """A disk of so much room at `place`; where none may be mounted the test fails and says what it lacks."""
    place.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=711", "tmpfs", str(place)]
    mounted = subprocess.run(words, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.fail(f"A disk that fills needs the right to mount one (root): {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path, *, but: int = 0) -> None:
    """Nothing more fits, or `but` bytes at most."""
    with (disk / _BALLAST).open("ab", buffering=0) as ballast:
        for size in (1 << 20, 1 << 12):
            while shutil.disk_usage(disk).free - but >= size:
                ballast.write(b"x" * size)
    os.sync()


def make_room(disk: Path) -> None:
    """What filled it is gone."""
    (disk / _BALLAST).unlink()
