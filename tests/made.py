"""A data folder whose first start is over: who needs no first start begins with a copy.

It is made once for a process, or for all that share the folder named by MAJLIS_TEST_MADE. The tables, the static files
and the key are there; nobody has an account yet.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
from functools import cache
from pathlib import Path

from tests.folders import new_folder


def copy_to(data: Path) -> Path:
    """Put a copy in `data`, of which nothing may exist yet; returns it."""
    return shutil.copytree(_made(), data, ignore=shutil.ignore_patterns("run", "log", "lock"))


@cache
def _made() -> Path:
    shared = os.environ.get("MAJLIS_TEST_MADE")
    if not shared:
        folder = new_folder()
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return _make(folder)
    with Path(shared, "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one makes it, the others wait
        whole = Path(shared, "whole")
        if not whole.exists():
            _make(Path(shared)).rename(whole)
    return whole


def _make(folder: Path) -> Path:
    from tests.browser.desk import Desk

    folder.chmod(0o755)  # the database's user passes through
    desk = Desk.start(folder / "var")
    assert desk.stop() == 0, desk.log
    return desk.data
