"""Threads that work for the loop: as many as are needed, each with what it keeps (its database connection)."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")
Job = tuple[asyncio.Future[Any], Callable[..., Any], tuple[Any, ...]]


class Threads:
    """At most `number` threads and a queue before them; the one that was busy last is the first to be busy again.

    What `loop.run_in_executor` does, without the second future behind each and the locks between the two, which cost
    a twentieth of a request. And while one thread is enough, there is one: with one warm connection, and not all of
    them in turn. One that had nothing to do for `rest_seconds` gives back what it keeps, by `rest()`; the one that
    would be the first to be busy again stays warm.
    """

    def __init__(
        self, number: int, name: str, *, rest: Callable[[], object] | None = None, rest_seconds: float = 15.0
    ) -> None:
        self._number, self._name = number, name
        self._rest, self._rest_seconds = rest, rest_seconds
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[Job | None]] = []
        self._backlog: deque[Job] = deque()
        self._started = 0
        self._is_closed = False

    def run(self, do: Callable[..., Result], *args: Any) -> asyncio.Future[Result]:
        """Have `do(*args)` done by a free thread; to be called, and awaited, in a running loop.

        Raises RuntimeError when it is closed.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        job: Job = (future, do, args)
        with self._lock:
            if self._is_closed:
                raise RuntimeError("no work is taken any more")
            if self._idle:
                self._idle.pop().put(job)
            elif self._started < self._number:
                threading.Thread(target=self._work, args=(job,), name=f"{self._name}_{self._started}").start()
                self._started += 1
            else:
                self._backlog.append(job)
        return future

    def close(self) -> None:
        """Do nothing more of what waits; a thread that is at work ends after it."""
        with self._lock:
            self._is_closed = True
            self._backlog.clear()
            for hand in self._idle:
                hand.put(None)
            self._idle.clear()

    def _work(self, job: Job | None) -> None:
        hand: SimpleQueue[Job | None] = SimpleQueue()
        while job is not None:
            future, do, args = job
            result, problem = None, None
            try:
                result = do(*args)
            except BaseException as raised:
                problem = raised
            with self._lock:
                is_closed = self._is_closed
                job = self._backlog.popleft() if self._backlog else None
                # Free before anybody hears of it: whoever asks next because of it finds this thread.
                if job is None:
                    self._idle.append(hand)
            # A closed loop waits for nothing any more.
            with contextlib.suppress(RuntimeError):
                future.get_loop().call_soon_threadsafe(_settle, future, result, problem)
            if is_closed:
                return
            del future, do, args, result, problem  # they must not live until the next job comes
            if job is None:
                job = self._next(hand)

    def _next(self, hand: SimpleQueue[Job | None]) -> Job | None:
        """Wait for what comes into this hand."""
        while self._rest is not None:
            with contextlib.suppress(Empty):
                return hand.get(timeout=self._rest_seconds)
            with self._lock:
                is_first = bool(self._idle) and self._idle[-1] is hand
            if not is_first:
                self._rest()
                break
        return hand.get()


def _settle(future: asyncio.Future[Any], result: Any, problem: BaseException | None) -> None:
    if future.done():
        return
    if problem is None:
        future.set_result(result)
    else:
        future.set_exception(problem)
