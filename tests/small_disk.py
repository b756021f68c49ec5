"""A disk with little room for one command: a real one, or limits of its process where nothing may be mounted.

`python -m tests.small_disk PLACE SIZE LARGEST KEEP PYTHON -m MODULE WORDS…` is the way with limits.
"""

from __future__ import annotations

import os
import resource
import runpy
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

_MOUNTED = """
mount -t tmpfs -o size="$1" tmpfs "$2" || exit 125
keep=$3; place=$2; shift 3
"$@"; status=$?
[ -z "$keep" ] || cp -a "$place/." "$keep"
exit $status
"""


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def words(place: Path, *, size: int, largest: int, keep: Path | None = None) -> tuple[str, ...]:
    """What to put before a command (`python -m …`), for which the folder `place` is a disk of `size` bytes.

    largest: where nothing may be mounted, no file there or elsewhere may grow beyond so many bytes.
    keep: a folder that what lies on the disk is copied to at the end.
    """
    kept = str(keep or "")
    if is_mountable():
        return ("unshare", "-Urm", "sh", "-c", _MOUNTED, "sh", str(size), str(place), kept)
    return (sys.executable, "-m", "tests.small_disk", str(place), str(size), str(largest), kept)


@cache
def is_mountable() -> bool:
    """Whether a process may have mounts of its own here."""
    if not shutil.which("unshare"):
        return False
    tried = ["unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/tmp"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def main(place: Path, size: int, largest: int, keep: str, module: str) -> None:
    """Run `module`; it ends this process."""
    real = shutil.disk_usage

    def usage(path: str | os.PathLike[str]) -> object:
        if not Path(path).resolve().is_relative_to(place.resolve()):
            return real(path)
        used = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
        return _Usage(size, used, max(size - used, 0))

    shutil.disk_usage = usage  # type: ignore[assignment]
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        if keep:
            shutil.copytree(place, keep, dirs_exist_ok=True)


if __name__ == "__main__":
    place, size, largest, keep, _, _, module = sys.argv[1:8]
    sys.argv = [module, *sys.argv[8:]]
    main(Path(place), int(size), int(largest), keep, module)
