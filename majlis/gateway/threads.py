"""Threads that work for the loop: as many as there are, each with what it keeps (its database connection)."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")
Job = tuple[asyncio.Future[Any], Callable[..., Any], tuple[Any, ...]]


class Threads:
    """A fixed number of threads and one queue before them.

    What `loop.run_in_executor` does, without the second future behind each and the locks between the two: those cost
    a twentieth of a request.
    """

    def __init__(self, number: int, name: str) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._number = number
        for place in range(number):
            threading.Thread(target=self._work, name=f"{name}_{place}").start()

    def run(self, do: Callable[..., Result], *args: Any) -> asyncio.Future[Result]:
        """Have `do(*args)` done by the next thread that is free; to be called, and awaited, in a running loop."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._jobs.put((future, do, args))
        return future

    def close(self) -> None:
        """Take nothing more from the queue; a thread that is at work ends after it."""
        with contextlib.suppress(Empty):
            while True:
                self._jobs.get_nowait()
        for _ in range(self._number):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, do, args = job
            try:
                result, problem = do(*args), None
            except BaseException as raised:
                result, problem = None, raised
            # A closed loop waits for nothing any more.
            with contextlib.suppress(RuntimeError):
                future.get_loop().call_soon_threadsafe(_settle, future, result, problem)
            del job, future, do, args, result, problem


def _settle(future: asyncio.Future[Any], result: Any, problem: BaseException | None) -> None:
    if future.done():
        return
    if problem is None:
        future.set_result(result)
    else:
        future.set_exception(problem)
