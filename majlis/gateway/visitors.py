"""`POST /chat/KEY/live`: a visitor's stream, opened with the token of their browser.

The token travels in the body, so that no log of addresses holds it; a fetch reads the stream (Server-Sent Events).
"""

from __future__ import annotations

import hashlib
import time
from typing import Final, Protocol

import orjson

from majlis.gateway.protocol import Receive, Scope, Send, answer, header
from majlis.gateway.queries import Grant
from majlis.gateway.stream import HEADERS, RESTART, Stream, encode
from majlis.gateway.visiting import Visit, Visitors

PREFIX: Final = "/chat/"
SUFFIX: Final = "/live"
STREAMS_PER_VISITOR: Final = 12
MOST_BYTES: Final = 2_000
NOBODY: Final = Grant(0, frozenset())


class Asks(Protocol):
    """What a stream asks of the hub."""

    visitors: Visitors
    is_closing: bool
    unavailable: type[Exception]

    async def visits(self, digests: list[str]) -> dict[str, Visit]:
        """The visitors who stand; raises `unavailable`."""


def digest(token: str) -> str:
    """What is kept of a token (`channels.chat.tokens.digest`)."""
    return hashlib.sha256(f"majlis visitor {token}".encode()).hexdigest()


def headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    """What lets the page that asked read the answer; no cookie travels."""
    return [
        (b"access-control-allow-origin", header(scope, b"origin") or b"*"),
        (b"vary", b"origin"),
        (b"cross-origin-resource-policy", b"cross-origin"),
    ]


async def token_of(scope: Scope, receive: Receive) -> str:
    """The token in a question's body, empty for none."""
    body = b""
    while len(body) <= MOST_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return ""
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    else:
        return ""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    token = said.get("token") if isinstance(said, dict) else None
    return token[:200] if isinstance(token, str) else ""


def refusal(code: str) -> str:
    """A refusal as the widget reads it."""
    return orjson.dumps({"error": code, "say": ""}).decode()


async def refuse(scope: Scope, send: Send, status: int, code: str, *, after: int = 0) -> None:
    """Answer that there is no stream, and why."""
    more = headers(scope) + ([(b"retry-after", str(after).encode())] if after else [])
    await answer(send, status, refusal(code), headers=more)


async def serve(hub: Asks, scope: Scope, receive: Receive, send: Send) -> None:
    """Hold one visitor's stream open until they go, their token falls or the server stops.

    401 for a token nobody has, 403 from another site's page and where the widget is not shown to them, 405, 429 past 12 streams of one visitor, 503 while the
    database cannot be asked.
    """
    if scope["method"] != "POST":
        return await answer(send, 405, "Only POST.", headers=[(b"allow", b"POST"), *headers(scope)])
    token = await token_of(scope, receive)
    if not token:
        return await refuse(scope, send, 401, "unknown_visitor")
    key = digest(token)
    mark = hub.visitors.mark()
    try:
        visit = (await hub.visits([key])).get(key)
    except hub.unavailable:
        return await refuse(scope, send, 503, "busy", after=2)
    if visit is None:
        return await refuse(scope, send, 401, "unknown_visitor")
    if visit.sites and header(scope, b"origin").decode("latin-1").lower() not in visit.sites:
        return await refuse(scope, send, 403, "wrong_site")
    if not visit.is_shown and not visit.conversation_ids:
        return await refuse(scope, send, 403, "not_shown")
    if hub.visitors.count(key) >= STREAMS_PER_VISITOR:
        return await refuse(scope, send, 429, "too_often", after=10)
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *headers(scope)]})
    stream = Stream(key, NOBODY, send)
    # Not a step between these two lines may wait: what is said after the greeting must reach this stream.
    hub.visitors.add(stream, visit, since=mark)
    stream.offer(encode("hello", {"now": round(time.time(), 3)}))
    if hub.is_closing:
        stream.end(RESTART)
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    finally:
        hub.visitors.remove(stream)
    return None
