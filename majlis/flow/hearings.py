"""A mail that was condemned because processes died at it is heard again: it may have been the machine, say short of memory."""

from __future__ import annotations

from majlis.channels.actions import quarantine

from . import alone, arrival


def hear_again() -> None:
    """Have those whose time has come tried again, each in a process of its own, as before."""
    quarantine.hear_again(error=alone.DEADLY, attempts=arrival.ATTEMPTS, pauses_seconds=alone.PAUSES_SECONDS)
