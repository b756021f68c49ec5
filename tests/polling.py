"""Waiting for a condition, with a deadline: the only waiting a test does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, *, timeout: float = 10, interval: float = 0.02) -> T:
    """The first true answer of `condition`, asked every `interval` seconds.

    Raises AssertionError naming `what` was waited for when none came within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: nothing within {timeout} s")
        time.sleep(interval)
