"""Another time of day for what is done inside: actions ask `timezone.now`, and are told a moment of the past."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


class Clock:
    """A clock that stands where it is set; `at` is aware."""

    def __init__(self, at: datetime) -> None:
        self.at = at


@contextmanager
def standing(clock: Clock) -> Iterator[None]:
    """Until the end, `timezone.now` tells this thread what stands on `clock`; every other thread the time it is."""
    mine, real = threading.get_ident(), timezone.now
    timezone.now = lambda: clock.at if threading.get_ident() == mine else real()
    try:
        yield
    finally:
        timezone.now = real
