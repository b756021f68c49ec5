"""Who is killed, and in which order: decided by a seed, done by SIGKILL."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from random import Random

from tests.kills.running import Installation
from tests.polling import until

PROCESSES = ("supervisor", "web", "worker", "postmaster", "backend")
POINTS = ("parse", "data", "settle")
# The supervisor waits up to 30 s before it starts a process again that keeps dying, and the worker may die at every point
# on its way to the one that is waited for.
_THERE_WITHIN_SECONDS = 30 * (len(POINTS) + 2)


def plan(number: int, rng: Random) -> list[str]:
    """So many deaths, every kind at least once, in any order. Raises ValueError when `number` is too small."""
    every = [*PROCESSES, *POINTS]
    if number < len(every):
        raise ValueError(f"{number} deaths are fewer than the {len(every)} kinds")
    chosen = every + rng.choices(every, k=number - len(every))
    rng.shuffle(chosen)
    return chosen


def kill(installation: Installation, what: str, *, rng: Random) -> None:
    """Kill one process of that name as soon as there is one; a point is armed, and kills whoever gets there.

    A killed supervisor is started again, as a service manager does.
    """
    if what in POINTS:
        arm(installation, what)
        return
    _kill_one(installation, what, rng)
    if what == "supervisor":
        assert installation.process is not None
        installation.process.wait(10)
        installation.start()


def arm(installation: Installation, point: str) -> None:
    """The next process that gets to `point` dies there; one that is still to come is waited for."""
    armed = installation.points / point
    until(lambda: not armed.exists(), f"the death inside {point}", timeout=_THERE_WITHIN_SECONDS)
    armed.touch()


def armed(installation: Installation) -> list[str]:
    """The points that nobody has come to."""
    return [point for point in POINTS if (installation.points / point).exists()]


def _kill_one(installation: Installation, what: str, rng: Random) -> None:
    def is_killed() -> bool:
        there = installation.pid_of(what)
        if not there:
            return False
        with suppress(ProcessLookupError):
            os.kill(rng.choice(there), signal.SIGKILL)
            return True
        return False

    until(is_killed, f"a {what} to kill", timeout=_THERE_WITHIN_SECONDS)
