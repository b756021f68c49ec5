"""Visitors who say things and teammates who answer them while lines break: what a widget does, without a browser.

What they hold at the end is compared with what the database holds (`reckoning`).
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any, Final
from uuid import UUID

import orjson

from majlis.cli.benches import wire
from majlis.cli.benches.asking import Asker, Disturbance, Site

MARK: Final = re.compile(r"mark-[0-9a-f]{16}")
_ALL_SEEN: Final = "1000000"


class Talker(Asker):
    """A visitor's browser: says things in order, each under a key of its own, and keeps its conversation true."""

    def __init__(self, at: Site, broken: Disturbance, rng: Random, source: str) -> None:
        super().__init__(at, broken, rng, source)
        self.token = ""
        self.conversation: int | None = None
        self.seq = 0
        self.held: dict[int, str] = {}  # seq: the mark of what was said there
        self.said: list[str] = []
        self.out: deque[tuple[UUID, str]] = deque()
        self.is_reading = self.ask_again = self.is_live = False
        self._stream: wire.Stream | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._has_work = asyncio.Event()

    def start(self) -> None:
        """Begin to send what is to be said."""
        self._do(self._send())

    def say(self) -> None:
        """Put something into what is to be said."""
        mark = f"mark-{self.rng.getrandbits(64):016x}"
        self.said.append(mark)
        self.out.append((UUID(int=self.rng.getrandbits(128), version=4), mark))
        self._has_work.set()

    async def stop(self) -> None:
        """Go away."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._stream is not None:
            self._stream.cut()

    def question(self, what: str, **said: Any) -> bytes:
        """A question of the widget's as bytes."""
        about = {"page": f"{self.at.site}/dallah", "language": "ar", "zone": "Asia/Riyadh"}
        body = orjson.dumps({**about, **({"token": self.token} if self.token else {}), **said})
        more = f"Origin: {self.at.site}\r\nContent-Type: text/plain;charset=UTF-8\r\n"
        return wire.question(f"/chat/{self.at.key}/{what}", body, host=self.at.host, more=more)

    def _do(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            what = f"stopped: {error!r}"
            self.broken.refused[what] = self.broken.refused.get(what, 0) + 1

    async def _send(self) -> None:
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            while self.out:
                key, mark = self.out[0]
                said: dict[str, Any] = {"key": str(key), "text": f"سؤال {mark}"}
                if self.conversation is not None:
                    said["conversation"] = self.conversation
                told = (await self.until_answered(self.question("say", **said))).told()
                self.out.popleft()
                self._sent(told)

    def _sent(self, told: dict[str, Any]) -> None:
        number, seq = told["conversation"]["id"], told["conversation"]["seq"]
        if "token" in told:
            self.token = told["token"]
        is_new = self.conversation is None
        if is_new:
            self.conversation = number
            self._do(self._listen())
        is_next = seq == told["entry"]["seq"] == self.seq + 1
        self._merge(seq if is_next else self.seq, [told["entry"]])
        if not is_next:
            self._catch_up()

    def _merge(self, seq: int, entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            if found := MARK.search(orjson.dumps(entry.get("body", "")).decode()):
                self.held[entry["seq"]] = found[0]
        self.seq = max(self.seq, seq)

    def _catch_up(self) -> None:
        if self.is_reading:
            self.ask_again = True
            return
        self.is_reading = True
        self._do(self._read())

    async def _read(self) -> None:
        try:
            while True:
                self.ask_again = False
                asked = self.question("since", conversation=self.conversation, since=self.seq)
                told = (await self.until_answered(asked)).told()
                before = len(self.held)
                self._merge(told["seq"], told["entries"])
                if len(self.held) > before and self.rng.random() < 0.5:
                    await self.until_answered(
                        self.question("read", conversation=self.conversation, seq=self.seq)
                    )
                if not self.ask_again:
                    return
        finally:
            self.is_reading = False

    async def _listen(self) -> None:
        """Hold a stream open; when it is over, another one."""
        while True:
            over = asyncio.Event()

            def ended(_status: int, over: asyncio.Event = over) -> None:
                over.set()

            asked = wire.live(self.at.key, self.token, host=self.at.host, site=self.at.site)
            try:
                self._stream = await wire.listen(
                    self.at.port, self.source, asked, heard=self._hear, ended=ended
                )
            except OSError:
                over.set()
            else:
                await self._live(over)
            self.is_live = False
            await asyncio.sleep(self.rng.uniform(0.02, 0.4))

    async def _live(self, over: asyncio.Event) -> None:
        """Until the stream is over, by itself or because its line breaks now."""
        while not over.is_set():
            try:
                async with asyncio.timeout(self.rng.uniform(0.05, 2) * self.broken.stream_seconds):
                    await over.wait()
            except TimeoutError:
                if self.broken.is_on and self._stream is not None:
                    self.broken.cut_streams += 1
                    self._stream.cut(rudely=self.rng.random() < 0.5)

    def _hear(self, kind: bytes, data: bytes) -> None:
        self.is_live = self.is_live or kind == b"hello"
        if kind in (b"hello", b"reload"):
            self._catch_up()
        elif kind == b"nudge":
            told = orjson.loads(data)
            if told["c"] == self.conversation and told["s"] > self.seq:
                self._catch_up()


class Answerer(Asker):
    """A teammate who answers visitors, each answer under a key of its own."""

    answered: list[tuple[int, str]]

    def __init__(self, at: Site, broken: Disturbance, rng: Random, source: str) -> None:
        super().__init__(at, broken, rng, source)
        self.answered = []

    async def answer_one(self, talkers: list[Talker]) -> None:
        """Answer one of those who have said something."""
        waiting = [one for one in talkers if one.conversation is not None]
        if waiting:
            await self.answer(self.rng.choice(waiting))

    async def answer(self, talker: Talker) -> None:
        """Answer somebody who has said something."""
        number = talker.conversation
        assert number is not None
        mark = f"mark-{self.rng.getrandbits(64):016x}"
        key = str(UUID(int=self.rng.getrandbits(128), version=4))
        self.answered.append((number, mark))
        body = orjson.dumps({"text": f"جواب {mark}", "seen": _ALL_SEEN, "key": key})
        more = f"{self.at.teammate}HX-Request: true\r\nContent-Type: application/json\r\n"
        await self.until_answered(
            wire.question(f"/conversations/{number}/replies", body, host=self.at.host, more=more)
        )


async def repeatedly(do: Callable[[], Any], rng: Random, *, gap_seconds: float, until: float) -> None:
    """Do something again and again at random gaps, until this time of the loop's clock."""
    clock = asyncio.get_running_loop().time
    while clock() < until:
        await asyncio.sleep(rng.uniform(0, 2) * gap_seconds)
        if (waits := do()) is not None:
            await waits
