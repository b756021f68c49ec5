"""Django's WSGI application on a fixed set of threads, each with its own lasting database connection."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Any

from majlis.gateway import environ as environment
from majlis.gateway.body import ClientGone, TooLarge, collect, discard
from majlis.gateway.protocol import Headers, Receive, Scope, Send, answer
from majlis.gateway.threads import Threads

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

MIB = 1024 * 1024
WHOLE_BYTES = 256 * 1024
BATCH_BYTES = 64 * 1024
BATCH_SECONDS = 0.1
CLOSING = (b"connection", b"close")

logger = logging.getLogger("majlis.gateway")


@dataclass(slots=True)
class Reply:
    """What the application said through `start_response`."""

    status: int = 0
    headers: Headers = field(default_factory=list)

    def start(
        self, status: str, headers: list[tuple[str, str]], _exc_info: object = None
    ) -> Callable[..., None]:
        self.status = int(status.split(" ", 1)[0])
        bodiless = self.status in (204, 304) or self.status < 200
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers
            # RFC 9110 §8.6: a 304 may name the length of what it does not carry; uvicorn would wait for it.
            if not (bodiless and name.lower() == "content-length")
        ]
        return _no_write

    def declared_bytes(self) -> int | None:
        return next((int(value) for name, value in self.headers if name == b"content-length"), None)

    def opening(self) -> dict[str, Any]:
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}


def _no_write(_data: bytes) -> None:
    raise NotImplementedError("return an iterable instead of calling write()")


class Bridge:
    """Runs `handler` for ASGI http requests: at most `threads` at once and `waiting` behind them; see `Threads` for `rest`."""

    def __init__(
        self,
        handler: WSGI,
        *,
        threads: int = 4,
        waiting: int = 64,
        body_limit_bytes: int = 60 * MIB,
        rest: Callable[[], object] | None = None,
    ) -> None:
        self._handler = handler
        self._threads = Threads(threads, "web", rest=rest)
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._room = threads + waiting
        self._taken = 0
        self._body_limit_bytes = body_limit_bytes

    def close(self) -> None:
        """Take no more requests; a thread that still runs ends with its request."""
        self._threads.close()
        self._disk.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; 408, 413 and 503 are answered here, everything else by the application."""
        if self._taken >= self._room:  # before the body: an overloaded server should not fill its disk
            return await _busy(send)
        try:
            body, length = await collect(scope, receive, limit_bytes=self._body_limit_bytes, disk=self._disk)
        except ClientGone:
            return None
        except TimeoutError:
            return await answer(send, 408, "The request did not arrive in time.", headers=[CLOSING])
        except TooLarge:
            size = self._body_limit_bytes // MIB
            await answer(send, 413, f"Too large: at most {size} MiB.", headers=[CLOSING], is_last=False)
            await discard(receive, limit_bytes=2 * self._body_limit_bytes)
            return await send({"type": "http.response.body"})
        if self._taken >= self._room:  # again: others came while the body did
            body.close()
            return await _busy(send)

        environ = environment.build(scope, body, length=length)
        outlet = Outlet(asyncio.get_running_loop(), receive, send)
        self._taken += 1
        try:
            whole = await self._threads.run(self._run, environ, body, outlet)
        except Exception:
            if outlet.is_started:
                raise  # logged and cut off by the server: the client must not take half for the whole
            logger.exception("%s %s failed", scope["method"], scope["path"])
            return await answer(send, 500, "Internal server error.")
        finally:
            self._taken -= 1
            outlet.has_client_gone.set()
        if whole is not None:
            reply, content = whole
            await send(reply.opening())
            await send({"type": "http.response.body", "body": content})
        return None

    def _run(self, environ: dict[str, Any], body: IO[bytes], outlet: Outlet) -> tuple[Reply, bytes] | None:
        """In a thread: run the application; return a short response whole, or stream it and return None."""
        reply = Reply()
        try:
            result = self._handler(environ, reply.start)
            try:
                return _deliver(environ["REQUEST_METHOD"], reply, result, outlet=outlet)
            finally:
                # In this thread: it fires request_finished, which looks after this thread's connection.
                if (close := getattr(result, "close", None)) is not None:
                    close()
        finally:
            body.close()


def _deliver(
    method: str, reply: Reply, result: Iterable[bytes], *, outlet: Outlet
) -> tuple[Reply, bytes] | None:
    if method == "HEAD" or reply.status in (204, 304):
        return reply, b""
    declared = reply.declared_bytes()
    is_streaming = getattr(result, "streaming", not isinstance(result, list | tuple))
    if is_streaming and (declared is None or declared > WHOLE_BYTES):
        outlet.stream(reply, result)
        return None
    content = b"".join(result)
    if declared is None:
        reply.headers.append((b"content-length", str(len(content)).encode()))
    return reply, content


class Outlet:
    """Carries a long response from a thread to the loop, no faster than the client takes it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive, send: Send) -> None:
        self._loop, self._receive, self._send = loop, receive, send
        self.is_started = False
        self.has_client_gone = threading.Event()

    def stream(self, reply: Reply, chunks: Iterable[bytes]) -> None:
        """Send `chunks` in batches of up to 64 KiB or 0.1 s; stops when the client has gone."""
        watch = asyncio.run_coroutine_threadsafe(self._watch(), self._loop)
        try:
            self.is_started = True
            self._put(reply.opening())
            batch, size, sent_at = [], 0, time.monotonic()
            for chunk in chunks:
                if self.has_client_gone.is_set():
                    return
                batch.append(chunk)
                size += len(chunk)
                if size >= BATCH_BYTES or time.monotonic() - sent_at > BATCH_SECONDS:
                    self._put({"type": "http.response.body", "body": b"".join(batch), "more_body": True})
                    batch, size, sent_at = [], 0, time.monotonic()
            self._put({"type": "http.response.body", "body": b"".join(batch)})
        finally:
            watch.cancel()

    def _put(self, message: dict[str, Any]) -> None:
        asyncio.run_coroutine_threadsafe(_as_coroutine(self._send, message), self._loop).result()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.has_client_gone.set()


async def _as_coroutine(send: Send, message: dict[str, Any]) -> None:
    await send(message)


async def _busy(send: Send) -> None:
    await answer(send, 503, "Busy. Try again in a moment.", headers=[(b"retry-after", b"2"), CLOSING])
