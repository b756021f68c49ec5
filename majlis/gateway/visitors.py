"""`POST /chat/KEY/live`: a visitor's stream, opened with the token of their browser; and who of them hears what.

The token travels in the body, so that no log of addresses holds it; a fetch reads the stream (Server-Sent Events).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson
import psycopg

from majlis.gateway.protocol import Receive, Scope, Send, answer, header
from majlis.gateway.queries import Grant
from majlis.gateway.stream import HEADERS, RESTART, SIGNED_OUT, Stream, encode

PREFIX: Final = "/chat/"
SUFFIX: Final = "/live"
STREAMS_PER_VISITOR: Final = 12
MOST_BYTES: Final = 2_000
NOBODY: Final = Grant(0, frozenset())
# What concerns a visitor; everything else of a conversation is the team's own.
SHOWN: Final = frozenset(
    {"reply.posted", "reply.withdrawn", "acknowledged", "customer.wrote", "status.changed", "chat.ended"}
    | {"merged.into", "customer.merged"}
)

_VISITORS = """
    select v.id, v.digest, w.sites,
           array(select t.conversation_id from channels_chatthread t join channels_visitor o on o.id = t.visitor_id
                  where o.id = v.id or (v.identity <> '' and o.identity = v.identity
                    and o.widget_id in (select s.id from channels_widget s where s.brand_id = w.brand_id)))
      from channels_visitor v join channels_widget w on w.id = v.widget_id and w.is_on
     where v.digest = any(%s)
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor as their token says: the conversations that are theirs, the origins their widget may stand on."""

    visitor_id: int
    conversation_ids: tuple[int, ...]
    sites: tuple[str, ...]


async def visits(connection: psycopg.AsyncConnection, digests: Sequence[str]) -> dict[str, Visit]:
    """The visitors with these digests of tokens, those of widgets that are on. Raises psycopg.Error."""
    cursor = await connection.execute(_VISITORS, [list(digests)])
    return {
        digest: Visit(visitor_id, tuple(conversation_ids), tuple(sites or ()))
        for visitor_id, digest, sites, conversation_ids in await cursor.fetchall()
    }


class Asks(Protocol):
    """What a stream asks of the hub."""

    visitors: Visitors
    is_closing: bool
    unavailable: type[Exception]

    async def visits(self, digests: list[str]) -> dict[str, Visit]:
        """The visitors who stand; raises `unavailable`."""


class Visitors:
    """The open streams of visitors: by visitor, and by the conversation that concerns them."""

    def __init__(self) -> None:
        self._streams: dict[str, list[Stream]] = {}
        self._by_conversation: dict[int, list[Stream]] = {}
        self._by_visitor: dict[int, str] = {}
        self._conversations: dict[str, set[int]] = {}

    def add(self, stream: Stream, visit: Visit) -> None:
        """From here on `stream` hears of this visitor's conversations."""
        key = stream.session_key
        self._streams.setdefault(key, []).append(stream)
        self._by_visitor[visit.visitor_id] = key
        for number in self._conversations.setdefault(key, set()) | set(visit.conversation_ids):
            self._hear(stream, number)

    def remove(self, stream: Stream) -> None:
        """Forget `stream`; harmless when it is not there."""
        key = stream.session_key
        mine = self._streams.get(key, [])
        if stream in mine:
            mine.remove(stream)
        for number in self._conversations.get(key, ()):
            hearing = self._by_conversation.get(number, [])
            if stream in hearing:
                hearing.remove(stream)
            if not hearing:
                self._by_conversation.pop(number, None)
        if not mine:
            self._streams.pop(key, None)
            self._conversations.pop(key, None)

    def count(self, key: str) -> int:
        """How many streams the visitor holds open."""
        return len(self._streams.get(key, ()))

    def keys(self) -> list[str]:
        """The digests of everybody who is here."""
        return list(self._streams)

    def all(self) -> Iterable[Stream]:
        """Every open stream."""
        return (stream for mine in self._streams.values() for stream in mine)

    def apply(self, key: str, visit: Visit | None) -> None:
        """What the database says of a visitor now: nobody any more, or with which conversations."""
        for stream in list(self._streams.get(key, ())):
            if visit is None:
                stream.end(SIGNED_OUT)
                continue
            for number in set(visit.conversation_ids) - self._conversations.get(key, set()):
                self._hear(stream, number)

    def take(self, nudge: dict[str, Any], kind: str) -> None:
        """Pass on what concerns visitors: that something was said, is being written, or was read. Never what kind of
        thing the team did besides."""
        number = nudge.get("c")
        if kind == "chat":
            self._begun(nudge)
            return
        hearing = self._by_conversation.get(number) if isinstance(number, int) else None
        if not hearing:
            return
        if kind == "presence":
            if nudge.get("d") not in ("reply", ""):
                return
            event = encode("typing", {"c": number, "n": nudge.get("n", "") if nudge.get("d") else ""})
        elif kind == "seen":
            event = encode("seen", {"c": number, "s": nudge.get("s", 0)})
        elif SHOWN.isdisjoint(kind.split(",")):
            return
        else:
            event = encode("nudge", {"c": number, "s": nudge.get("s", 0)})
        for stream in hearing:
            stream.offer(event)

    def _begun(self, nudge: dict[str, Any]) -> None:
        """A conversation began: its visitor, at whichever browser, hears of it from now on."""
        for visitor_id in nudge.get("v") or ():
            key = self._by_visitor.get(visitor_id, "")
            for stream in self._streams.get(key, ()):
                self._hear(stream, nudge["c"])
                stream.offer(encode("nudge", {"c": nudge["c"], "s": 0}))

    def _hear(self, stream: Stream, number: int) -> None:
        self._conversations.setdefault(stream.session_key, set()).add(number)
        hearing = self._by_conversation.setdefault(number, [])
        if stream not in hearing:
            hearing.append(stream)


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

    401 for a token nobody has, 403 from another site's page, 405, 429 past 12 streams of one visitor, 503 while the
    database cannot be asked.
    """
    if scope["method"] != "POST":
        return await answer(send, 405, "Only POST.", headers=[(b"allow", b"POST"), *headers(scope)])
    token = await token_of(scope, receive)
    if not token:
        return await refuse(scope, send, 401, "unknown_visitor")
    key = digest(token)
    try:
        visit = (await hub.visits([key])).get(key)
    except hub.unavailable:
        return await refuse(scope, send, 503, "busy", after=2)
    if visit is None:
        return await refuse(scope, send, 401, "unknown_visitor")
    if visit.sites and header(scope, b"origin").decode("latin-1").lower() not in visit.sites:
        return await refuse(scope, send, 403, "wrong_site")
    if hub.visitors.count(key) >= STREAMS_PER_VISITOR:
        return await refuse(scope, send, 429, "too_often", after=10)
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *headers(scope)]})
    stream = Stream(key, NOBODY, send)
    # Not a step between these two lines may wait: what is said after the greeting must reach this stream.
    hub.visitors.add(stream, visit)
    stream.offer(encode("hello", {"now": round(time.time(), 3)}))
    if hub.is_closing:
        stream.end(RESTART)
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    finally:
        hub.visitors.remove(stream)
    return None
