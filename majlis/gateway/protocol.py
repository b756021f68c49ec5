"""The ASGI shapes the gateway speaks, and the short plain answers it gives without Django."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


def header(scope: Scope, name: bytes) -> bytes:
    """Return the value of the last header called `name` (lower case), or b""."""
    for key, value in reversed(scope["headers"]):
        if key == name:
            return bytes(value)
    return b""


async def answer(
    send: Send, status: int, text: str, *, headers: Iterable[tuple[bytes, bytes]] = (), is_last: bool = True
) -> None:
    """Send a plain-text response of `status` that no cache keeps; the caller ends it unless `is_last`."""
    body = f"{text}\n".encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", b"no-store"),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": not is_last})
