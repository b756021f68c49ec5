"""Somebody who asks while lines break: the same question again until it is answered, as the widget and the desk do."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass, field
from random import Random
from typing import Final

from majlis.cli.benches import wire

_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets
_LONGEST_PAUSE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Site:
    """Where it happens: the web process's port, the widget's key and site, a teammate's cookies as header lines."""

    port: int
    key: str
    site: str
    teammate: str

    @property
    def host(self) -> str:
        """The desk's name."""
        return f"localhost:{self.port}"


@dataclass(slots=True)
class Disturbance:
    """How lines break: a share of the questions, and every stream after a while (on average)."""

    questions: float
    stream_seconds: float
    is_on: bool = True
    cut_questions: int = 0
    cut_streams: int = 0
    refused: dict[str, int] = field(default_factory=dict)


class Failed(Exception):  # noqa: N818 - said as a fact
    """A question was refused; `after`: seconds to wait before it is asked again."""

    def __init__(self, status: int, after: int, said: str) -> None:
        super().__init__(f"{status} {said}")
        self.status, self.after = status, after


class Asker:
    """Somebody who asks, with an address, until the answer comes."""

    def __init__(self, at: Site, broken: Disturbance, rng: Random, source: str) -> None:
        self.at, self.broken, self.rng, self.source = at, broken, rng, source

    async def ask(self, asked: bytes) -> wire.Answer:
        """One try. Raises Cut, Failed."""
        is_cut = self.broken.is_on and self.rng.random() < self.broken.questions
        if is_cut:
            self.broken.cut_questions += 1
        answer = await wire.ask(self.at.port, self.source, asked, cut=self._cut if is_cut else None)
        if answer.status != 200:
            said = answer.body[:200].decode(errors="replace")
            what = f"{answer.status} {said[:60]}"
            self.broken.refused[what] = self.broken.refused.get(what, 0) + 1
            raise Failed(answer.status, answer.after, said)
        return answer

    async def until_answered(self, asked: bytes) -> wire.Answer:
        """Ask the same again until it is answered. Raises Failed where asking again is of no use."""
        while True:
            pause = self.rng.uniform(0.05, 0.3)
            try:
                return await self.ask(asked)
            except wire.Cut:
                pass
            except Failed as failed:
                if failed.status not in (429, 500, 502, 503):
                    raise
                pause = max(pause, min(_LONGEST_PAUSE_SECONDS, failed.after))
            await asyncio.sleep(pause)

    async def _cut(self, line: socket.socket, asked: bytes) -> None:
        """In the middle of the question, right after it, or while it is answered; with a reset or without."""
        loop = asyncio.get_running_loop()
        way = self.rng.randrange(4)
        if way == 0:
            await loop.sock_sendall(line, asked[: self.rng.randrange(1, len(asked))])
        else:
            await loop.sock_sendall(line, asked)
        if way >= 2:
            await asyncio.sleep(self.rng.uniform(0.0, 0.06))
        if self.rng.random() < 0.5:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
