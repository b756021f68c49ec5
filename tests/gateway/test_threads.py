"""Threads that work for a loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from majlis.gateway.threads import Threads
from tests.polling import until


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads(3, "worker")
    yield made
    made.close()


def here() -> str:
    return threading.current_thread().name


def test_one_after_the_other_is_done_by_one_thread(threads: Threads) -> None:
    async def work() -> set[str]:
        return {await threads.run(here) for _ in range(20)}

    assert asyncio.run(work()) == {"worker_0"}


def test_at_most_so_many_are_done_at_once_and_all_in_the_end(threads: Threads) -> None:
    gate, at_work, most = threading.Event(), set[str](), list[int]()

    def wait(number: int) -> int:
        at_work.add(here())
        most.append(len(at_work))
        assert gate.wait(10)
        at_work.discard(here())
        return number

    async def work() -> list[int]:
        waiting = [threads.run(wait, number) for number in range(10)]
        await asyncio.to_thread(until, lambda: len(most) == 3, "three at work")
        gate.set()
        return await asyncio.gather(*waiting)

    assert asyncio.run(work()) == list(range(10))
    assert max(most) == 3


def test_what_is_raised_comes_back_and_the_thread_lives_on(threads: Threads) -> None:
    def fail() -> None:
        raise LookupError("not here")

    async def work() -> str:
        with pytest.raises(LookupError, match="not here"):
            await threads.run(fail)
        return await threads.run(here)

    assert asyncio.run(work()) == "worker_0"


def test_closing_ends_the_threads_and_drops_what_waits() -> None:
    threads, gate, done = Threads(1, "closing"), threading.Event(), list[str]()

    def first() -> str:
        assert gate.wait(10)
        done.append("first")
        return "first"

    async def work() -> str:
        running, waiting = threads.run(first), threads.run(done.append, "second")
        threads.close()
        gate.set()
        assert await running == "first"
        assert not waiting.done()
        with pytest.raises(RuntimeError):
            threads.run(here)
        return "over"

    assert asyncio.run(work()) == "over"
    until(lambda: all("closing" not in one.name for one in threading.enumerate()), "no thread left")
    assert done == ["first"]


def test_who_has_nothing_to_do_gives_back_what_it_keeps_except_who_comes_first() -> None:
    rested = list[str]()
    threads = Threads(3, "resting", rest=lambda: rested.append(here()), rest_seconds=0.05)
    together = threading.Barrier(3)

    def meet() -> str:
        together.wait(10)
        return here()

    async def work() -> list[str]:
        await asyncio.gather(*(threads.run(meet) for _ in range(3)))
        await asyncio.to_thread(until, lambda: len(rested) == 2, "two at rest")
        first = await threads.run(here)
        return [first, *await asyncio.gather(*(threads.run(meet) for _ in range(3)))]

    first, *all_again = asyncio.run(work())
    threads.close()

    assert len(set(rested)) == 2
    assert first not in rested[:2]
    assert sorted(all_again) == ["resting_0", "resting_1", "resting_2"]
