"""HTTP as far as these measurements need it: questions on a connection each, and streams that are read as they come.

Each visitor has an address of their own on this machine (127.x.y.z), as visitors have.
"""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson

EVENT: Final = re.compile(rb"event: ([a-z]+)\ndata: ([^\n]*)\n\n")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_AFTER = re.compile(rb"(?i)\r\nretry-after: *(\d+)")
ANSWERS_WITHIN_SECONDS: Final = 30.0


class Cut(Exception):  # noqa: N818 - said as a fact
    """The connection ended before the whole answer was there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, the seconds after which to ask again (0: nothing said), and the body."""

    status: int
    after: int
    body: bytes

    def told(self) -> dict[str, Any]:
        """What it says in JSON."""
        found: dict[str, Any] = orjson.loads(self.body)
        return found


def address(number: int) -> str:
    """The address of visitor `number` (up to 60,000): Linux answers at all of 127.0.0.0/8, others at one."""
    return f"127.1.{number // 250 % 250}.{1 + number % 250}" if sys.platform == "linux" else "127.0.0.1"


async def connect(port: int, source: str) -> socket.socket:
    """A connection from `source` to the web process. Raises OSError."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setblocking(False)
    try:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", port))
    except BaseException:
        made.close()
        raise
    return made


def question(path: str, body: bytes, *, host: str, more: str = "") -> bytes:
    """A POST of JSON; `more` are further header lines, each with its line's end."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nConnection: close\r\n{more}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def ask(
    port: int,
    source: str,
    asked: bytes,
    *,
    cut: Callable[[socket.socket, bytes], Awaitable[None]] | None = None,
) -> Answer:
    """Send a question and read its whole answer. `cut` sends it instead, and returns when the line is to break.

    Raises Cut when the connection ended before that, or could not be made.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
            with await connect(port, source) as line:
                if cut is not None:
                    await cut(line, asked)
                    raise Cut
                await loop.sock_sendall(line, asked)
                return await _answer(loop, line)
    except (OSError, TimeoutError) as error:
        raise Cut from error


async def _answer(loop: asyncio.AbstractEventLoop, line: socket.socket) -> Answer:
    got = b""
    while b"\r\n\r\n" not in got:
        got += await _more(loop, line)
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(found[1]) if (found := _LENGTH.search(head)) else 0
    while len(body) < length:
        body += await _more(loop, line)
    after = int(found[1]) if (found := _AFTER.search(head)) else 0
    return Answer(int(head[9:12]), after, body)


async def _more(loop: asyncio.AbstractEventLoop, line: socket.socket) -> bytes:
    if not (got := await loop.sock_recv(line, 65_536)):
        raise Cut
    return got


class Stream(asyncio.Protocol):
    """A visitor's stream. `heard(kind, data)` is called for each event, `ended(status)` when it is over, however."""

    __slots__ = ("_ended", "_heard", "_rest", "status", "transport")

    def __init__(self, heard: Callable[[bytes, bytes], None], ended: Callable[[int], None]) -> None:
        self._heard, self._ended = heard, ended
        self._rest = b""
        self.status = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line stands."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Whole events are passed on, the beginning of one waits."""
        rest = self._rest + data
        if not self.status:
            if len(rest) < 12:
                self._rest = rest
                return
            self.status = int(rest[9:12])
        place = 0
        for found in EVENT.finditer(rest):
            place = found.end()
            self._heard(found[1], found[2])
        self._rest = rest[place:]

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._ended(self.status)

    def cut(self, *, rudely: bool = False) -> None:
        """Break the line: with a reset, or with an end that the other side can read."""
        if self.transport is not None:
            if rudely:
                self.transport.abort()
            else:
                self.transport.close()


async def listen(
    port: int,
    source: str,
    asked: bytes,
    *,
    heard: Callable[[bytes, bytes], None],
    ended: Callable[[int], None],
) -> Stream:
    """Open a stream. Raises OSError."""
    line = await connect(port, source)
    try:
        _, stream = await asyncio.get_running_loop().create_connection(
            lambda: Stream(heard, ended), sock=line
        )
    except BaseException:
        line.close()
        raise
    if stream.transport is not None:
        stream.transport.write(asked)
    return stream


def live(key: str, token: str, *, host: str, site: str) -> bytes:
    """The question that opens a visitor's stream."""
    body = orjson.dumps({"token": token})
    return question(f"/chat/{key}/live", body, host=host, more=f"Origin: {site}\r\n")
