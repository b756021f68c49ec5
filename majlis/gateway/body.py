"""The request's body, collected before a thread is taken: in memory up to 1 MiB, on disk past that."""

from __future__ import annotations

import asyncio
import io
import tempfile
from concurrent.futures import Executor
from typing import IO

from majlis.gateway.protocol import Receive, Scope, header

SPOOL_BYTES = 1024 * 1024
CHUNK_SECONDS = 30.0
DISCARD_SECONDS = 10.0


class TooLarge(Exception):  # noqa: N818 - said as a fact
    """The body is larger than the limit."""


class ClientGone(Exception):  # noqa: N818 - said as a fact
    """The client closed the connection before its body was complete."""


async def collect(
    scope: Scope, receive: Receive, *, limit_bytes: int, disk: Executor
) -> tuple[IO[bytes], int]:
    """Read the whole body; return it as a file at its start, and its size in bytes.

    Past 1 MiB the bytes go to a temporary file, written in `disk`'s thread: the loop never waits for it.
    Raises TooLarge past `limit_bytes`, ClientGone, and TimeoutError when nothing comes for 30 seconds.
    """
    declared = header(scope, b"content-length")
    if not header(scope, b"transfer-encoding") and int(declared or 0) == 0:
        return io.BytesIO(), 0
    if int(declared or 0) > limit_bytes:
        raise TooLarge
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - handed over open
    size, more = 0, True
    try:
        while more:
            async with asyncio.timeout(CHUNK_SECONDS):
                message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            chunk, more = message.get("body", b""), message.get("more_body", False)
            size += len(chunk)
            if size > limit_bytes:
                raise TooLarge
            if size > SPOOL_BYTES:
                await asyncio.get_running_loop().run_in_executor(disk, spool.write, chunk)
            else:
                spool.write(chunk)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return spool, size


async def discard(receive: Receive, *, limit_bytes: int) -> None:
    """Read on after a refusal, for a while: closing on unread bytes resets the connection, and a browser
    would show that instead of the refusal (RFC 9112 §9.6)."""
    try:
        async with asyncio.timeout(DISCARD_SECONDS):
            size = 0
            while size < limit_bytes:
                message = await receive()
                size += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
