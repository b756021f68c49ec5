"""Visitors who only listen: thousands of streams in one process, which says when each heard of something.

Run as a process: `python -m majlis.cli.benches.idle`. The first line of standard input says where, every further one asks
(`Idle`); each is answered by a line. It ends when standard input does.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from random import Random
from typing import Any, Final

import orjson

from majlis.cli.benches import wire
from majlis.cli.benches.place import BenchError

AT_ONCE: Final = 32  # streams that are being opened
_HEARS_WITHIN_SECONDS: Final = 10.0


class Idle:
    """The process as who started it sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def count(self) -> int:
        """How many streams are open and greeted."""
        return int(self._ask({"count": True})["open"])

    def more(self, tokens: Sequence[str]) -> None:
        """Open the streams of these too. Raises BenchError when one cannot be opened."""
        before = self.count()
        if self._ask({"tokens": list(tokens)}) != {"open": before + len(tokens)}:
            raise BenchError("not every stream could be opened")

    def heard(self, conversation: int, seq: int, *, of: int = 1) -> list[float]:
        """When so many streams had heard of it, on the monotonic clock. Raises BenchError when they did not in time."""
        told = self._ask({"conversation": conversation, "seq": seq, "of": of})["at"]
        if len(told) != of:
            raise BenchError(
                f"{len(told)} of {of} streams heard of {conversation} within {_HEARS_WITHIN_SECONDS:g} s"
            )
        return [float(at) for at in told]

    def _ask(self, what: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(what)}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise BenchError("the visitors who only listen have ended")
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def listening(port: int, *, key: str, site: str, tokens: Sequence[str]) -> Iterator[Idle]:
    """The streams of these visitors, all open, while the block runs. Raises BenchError when one cannot be opened."""
    command = [sys.executable, "-m", "majlis.cli.benches.idle"]
    given = {"port": port, "key": key, "site": site}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        try:
            idle = Idle(process)
            idle._ask(given)
            idle.more(tokens)
            yield idle
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


class _Listeners:
    """The streams; one that is over is opened again after a while, as a widget does."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = given
        self._rng = Random(1)  # noqa: S311 - pauses, not secrets
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self.open = 0
        self.heard: dict[tuple[int, int], list[float]] = {}
        self.changed = asyncio.Event()
        self._known = 0

    async def more(self, tokens: Sequence[str]) -> None:
        """Open these streams; returns when all are open, or when there was time enough for it."""
        for token in tokens:
            self._keep(self._known, token, pause=0.0)
            self._known += 1
        await self.until(lambda: self.open == self._known, 30 + len(tokens) * 0.05)

    def _keep(self, number: int, token: str, *, pause: float) -> None:
        task = asyncio.get_running_loop().create_task(self._open(number, token, pause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, number: int, token: str, pause: float) -> None:
        await asyncio.sleep(pause)
        port, key, site = self._given["port"], self._given["key"], self._given["site"]
        asked = wire.live(key, token, host=f"localhost:{port}", site=site)
        done = asyncio.Event()
        is_open = False

        def heard(kind: bytes, data: bytes) -> None:
            nonlocal is_open
            at = time.monotonic()
            if kind == b"nudge":
                told = orjson.loads(data)
                self.heard.setdefault((told["c"], told["s"]), []).append(at)
                self.changed.set()
            elif kind == b"hello":
                is_open = True
                self.open += 1
                done.set()
                self.changed.set()

        def ended(_status: int) -> None:
            nonlocal is_open
            self.open -= is_open
            is_open = False
            done.set()
            self._keep(number, token, pause=self._rng.uniform(1.0, 2.0))

        async with self._gate:
            try:
                await wire.listen(port, wire.address(number), asked, heard=heard, ended=ended)
            except OSError:
                ended(0)
            await done.wait()

    async def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What a line asks."""
        if "tokens" in asked:
            await self.more(asked["tokens"])
        if "conversation" not in asked:
            return {"open": self.open}
        what = (asked["conversation"], asked["seq"])
        await self.until(lambda: len(self.heard.get(what, ())) >= asked["of"], _HEARS_WITHIN_SECONDS)
        return {"at": self.heard.pop(what, [])}

    async def until(self, claim: Any, seconds: float) -> None:
        """Wait for it, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                while not claim():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            return


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    listeners = _Listeners(json.loads(await lines.readline()))
    _say({"open": listeners.open})
    while line := await lines.readline():
        _say(await listeners.answer(json.loads(line)))


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def main() -> None:
    """Listen until standard input ends."""
    from majlis.gateway.server import raise_open_files

    raise_open_files()
    factory: Any = None
    if find_spec("uvloop"):
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_serve())


if __name__ == "__main__":
    main()
