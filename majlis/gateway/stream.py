"""One open stream of Server-Sent Events: its bounded queue, and the wire format (HTML standard §9.2)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import orjson

from majlis.gateway.protocol import Send
from majlis.gateway.queries import Grant

QUEUE_EVENTS = 256
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def encode(event: str, data: object) -> bytes:
    """Return `data` as the JSON of an SSE event; JSON has no raw line break, so one data line is enough."""
    return b"event: %b\ndata: %b\n\n" % (event.encode(), orjson.dumps(data))


RELOAD = encode("reload", {})
BEAT = encode("beat", {})
SIGNED_OUT = encode("bye", {"why": "signed-out"})
RESTART = encode("bye", {"why": "restart"})


class Stream:
    """A client's stream. An idle one owns no task: a writer lives only while there is something to write."""

    __slots__ = ("_queue", "_send", "_writer", "grant", "is_ended", "sent_at", "session_key")

    def __init__(self, session_key: str, grant: Grant, send: Send) -> None:
        self.session_key = session_key
        self.grant = grant
        self.is_ended = False
        self.sent_at = time.monotonic()
        self._send = send
        self._queue: list[bytes] = []
        self._writer: asyncio.Task[None] | None = None

    def offer(self, event: bytes) -> None:
        """Queue `event`. A client too slow for 256 events loses them all and is told to reload instead."""
        if self.is_ended:
            return
        if len(self._queue) >= QUEUE_EVENTS:
            self._queue = [RELOAD]
        else:
            self._queue.append(event)
        self._wake()

    def end(self, event: bytes) -> None:
        """Drop what waits, send `event` and close: what waits may be no longer this client's to see."""
        if not self.is_ended:
            self.is_ended = True
            self._queue = [event]
            self._wake()

    def _wake(self) -> None:
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._queue:
                batch, self._queue = b"".join(self._queue), []
                is_last = self.is_ended
                message: dict[str, Any] = {
                    "type": "http.response.body",
                    "body": batch,
                    "more_body": not is_last,
                }
                await self._send(message)
                self.sent_at = time.monotonic()
                if is_last:
                    return
        except (OSError, RuntimeError):
            self.is_ended = True  # the connection broke under the write; its request task sees the disconnect
        finally:
            self._writer = None
