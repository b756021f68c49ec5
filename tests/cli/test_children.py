"""A child never outlives who started it, however early that one ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from majlis.cli import processes
from tests.polling import until

# In the place of Linux's own: it ties the child only once the parent is gone, the moment that must leave no orphan.
LATE = """#!/bin/sh
while kill -0 "$PARENT" 2>/dev/null; do sleep 0.02; done
exec "$REAL" "$@"
"""
PARENT = """
import os, signal, sys
from majlis.cli import children

os.environ["PARENT"] = str(os.getpid())
child = children.spawn("sleeper", ["sleep", "300"], on_orphaned=signal.SIGTERM)
print(child.pid, flush=True)
sys.stdin.read()
"""


def test_a_child_that_is_tied_after_its_parents_end_does_not_begin(tmp_path: Path) -> None:
    late = tmp_path / "setpriv"
    real = shutil.which(late.name)
    environment = dict(os.environ)
    if real:  # elsewhere a shell watches the parent, and has no such moment
        late.write_text(LATE)
        late.chmod(0o755)
        environment |= {"PATH": f"{tmp_path}:{os.environ['PATH']}", "REAL": real}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert processes.is_alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until(lambda: not processes.is_alive(child), "the child is gone")
    parent.communicate()
