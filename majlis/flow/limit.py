"""A mail that is read for too long ends its process: a thread that hangs cannot be stopped.

Only reading counts, which needs nothing but the processor. Whoever waits for a database is in no hurry.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

log = logging.getLogger(__name__)

LIMIT_SECONDS = 120.0
SIGNAL = signal.SIGPROF  # what a process ends by that read for too long
_LOOKS = 20  # within the limit


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    raw_id: int


_in_hand: dict[int, _Reading] = {}  # by thread


@contextmanager
def reading(raw_id: int) -> Iterator[None]:
    """Around work that may hang of what stands in the mail. Without `watch` it does nothing."""
    thread = threading.get_ident()
    _in_hand[thread] = _Reading(raw_id)
    try:
        yield
    finally:
        del _in_hand[thread]


def watch() -> None:
    """From now on this process ends by SIGNAL when one reading takes longer than LIMIT_SECONDS.

    It says which raw message that was, and shows by a traceback where every thread stood. A regular expression
    without end lets no other thread say anything: then it is the kernel that ends the process, by the
    processor's time (setitimer(2), ITIMER_PROF), and there is the traceback alone.
    """
    faulthandler.register(SIGNAL, all_threads=True, chain=True)
    threading.Thread(target=_look, args=(LIMIT_SECONDS,), name="limit", daemon=True).start()


def _look(limit_seconds: float) -> None:
    pause = limit_seconds / _LOOKS
    spent: dict[_Reading, float] = {}
    before = time.monotonic()
    while True:
        signal.setitimer(signal.ITIMER_PROF, limit_seconds)  # put off again by each look
        time.sleep(pause)
        now = time.monotonic()
        # A machine that slept, or a process that was stopped, shows as one long pause: nobody read meanwhile.
        passed, before = min(now - before, 2 * pause), now
        spent = {one: spent.get(one, -passed) + passed for one in _in_hand.copy().values()}
        for one, seconds in spent.items():
            if seconds >= limit_seconds:
                log.error(
                    "raw message %s has been read for more than %g s: this process ends now",
                    one.raw_id,
                    limit_seconds,
                )
                # While this thread has the interpreter no other goes on: only so may all of them be shown. A signal
                # comes in the midst of their steps, and what shows them then may itself break.
                faulthandler.dump_traceback(all_threads=True)
                faulthandler.unregister(SIGNAL)
                os.kill(os.getpid(), SIGNAL)
