"""The web process and the worker from one loaded program, so that what both have read lies in memory once (Linux)."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import threading
import time

from setproctitle import setproctitle

from majlis.config import Config

_PR_SET_PDEATHSIG = 1


def main(config: Config, telling: int) -> int:
    """Be the web process; the worker, forked off, becomes a child of our parent. Returns the exit status of whichever this is.

    `telling`: the end of a pipe into which the worker's number is written; it is closed with nothing in it when
    no worker could be started. The parent must adopt orphans (`processes.adopt_orphans`).
    """
    _load()
    is_worker = _fork(telling)
    setproctitle(f"{sys.executable} -m majlis.cli.main {'worker' if is_worker else 'web'}")
    if is_worker:
        from majlis.cli import worker

        return worker.main(config)
    from majlis.gateway import server

    return server.main(config)


def _load() -> None:
    """Read what the two work with; nothing may be at work yet: a fork takes neither threads nor connections along."""
    import django

    django.setup()

    import majlis.cli.drains
    import majlis.cli.worker
    import majlis.gateway.server
    import majlis.intake.imap_loop
    import majlis.intake.lmtp
    import majlis.urls  # noqa: F401 - all of these only to have them read

    if threading.active_count() > 1:
        raise RuntimeError("A thread was started while modules were read: they cannot be shared by a fork.")
    # Python's collector would write to every object of the other's, too, and take its page from being shared.
    gc.collect()
    gc.freeze()


def _fork(telling: int) -> bool:
    """Whether this is the worker: started by a process that ends at once, which leaves it to our parent."""
    parent = os.getppid()
    try:
        between = os.fork()
    except OSError:
        os.close(telling)
        return False
    if between:
        os.close(telling)
        os.waitpid(between, 0)
        return False
    own = os.getpid()
    try:
        number = os.fork()
        if number:
            os.write(telling, b"%d\n" % number)
            os._exit(0)
    except OSError:
        os._exit(1)
    os.close(telling)
    os.setsid()
    while os.getppid() == own:
        time.sleep(0.001)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    return True
