"""A child never outlives who started it, however early that one ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.polling import until

# Ties the child only once its parent is gone: the moment that must not leave an orphan.
LATE = """#!/bin/sh
echo $$ >> "$SEEN"
while kill -0 "$PARENT" 2>/dev/null; do sleep 0.02; done
exec "$REAL" "$@"
"""
PARENT = """
import os, signal, sys
from majlis.cli import children

os.environ["PARENT"] = str(os.getpid())
children.spawn("sleeper", ["sleep", "300"], on_orphaned=signal.SIGTERM, tie="setpriv")
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a shell watches the parent")
def test_a_child_that_is_tied_after_its_parents_end_does_not_begin(tmp_path: Path) -> None:
    real = shutil.which("setpriv")
    assert real
    late, seen = tmp_path / "setpriv", tmp_path / "seen"
    late.write_text(LATE)
    late.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "REAL": real, "SEEN": str(seen)}
    parent = subprocess.Popen([sys.executable, "-c", PARENT], env=environment, stdin=subprocess.PIPE)
    until(lambda: seen.exists() and seen.read_text().strip(), "the child has begun")
    child = int(seen.read_text())
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    until(lambda: not is_running(child), "the child is gone")


def is_running(pid: int) -> bool:
    """Claims that this process lives, and does not only wait for somebody to ask how it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
