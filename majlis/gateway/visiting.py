"""Visitors who are here: whose conversations each stream hears of, and what of them it hears."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from majlis.gateway.stream import RELOAD, SIGNED_OUT, Stream, encode

# What concerns a visitor; everything else of a conversation is the team's own.
SHOWN: Final = frozenset(
    {"reply.posted", "reply.withdrawn", "acknowledged", "customer.wrote", "status.changed", "chat.ended"}
    | {"merged.into", "customer.merged"}
)
BEGUN_KEPT: Final = 5_000  # begun conversations that are remembered for streams which are just being opened

# Each by an index: their own, and those of the same person's other browsers at this brand.
_VISITORS = """
    select v.id, v.digest, w.sites, v.is_shown,
           array(select t.conversation_id from channels_chatthread t where t.visitor_id = v.id
                 union
                 select t.conversation_id from channels_widget s
                   join channels_visitor o on o.widget_id = s.id and o.identity = v.identity and o.identity <> ''
                   join channels_chatthread t on t.visitor_id = o.id
                  where v.identity <> '' and s.brand_id = w.brand_id)
      from channels_visitor v join channels_widget w on w.id = v.widget_id and w.is_on
     where v.digest = any(%s)
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor as their token says: the conversations that are theirs, the origins their widget may stand on.

    `is_shown`: whether the widget was shown to them when they asked last.
    """

    visitor_id: int
    conversation_ids: tuple[int, ...]
    sites: tuple[str, ...]
    is_shown: bool = True


async def visits(connection: psycopg.AsyncConnection, digests: Sequence[str]) -> dict[str, Visit]:
    """The visitors with these digests of tokens, those of widgets that are on. Raises psycopg.Error."""
    cursor = await connection.execute(_VISITORS, [list(digests)])
    return {
        digest: Visit(visitor_id, tuple(conversation_ids), tuple(sites or ()), is_shown)
        for visitor_id, digest, sites, is_shown, conversation_ids in await cursor.fetchall()
    }


@dataclass(slots=True)
class _Here:
    """A visitor who is here, with the streams of one browser."""

    visitor_id: int
    streams: list[Stream] = field(default_factory=list)
    conversations: set[int] = field(default_factory=set)


class Visitors:
    """The open streams of visitors: by the digest of their token, and by the conversations they hear of."""

    def __init__(self) -> None:
        self._here: dict[str, _Here] = {}
        self._keys: dict[int, str] = {}
        self._by_conversation: dict[int, list[Stream]] = {}
        # What began lately, each with its place in the order of all: whoever asked the database before hears of it too.
        self._begun: deque[tuple[int, int, frozenset[int]]] = deque(maxlen=BEGUN_KEPT)
        self._begun_ever = 0

    def mark(self) -> int:
        """To be taken before the database is asked; what begins while it answers is not missed then."""
        return self._begun_ever

    def add(self, stream: Stream, visit: Visit, *, since: int) -> None:
        """From here on `stream` hears of this visitor's conversations, with those begun `since` (a `mark`)."""
        key = stream.session_key
        here = self._here.setdefault(key, _Here(visit.visitor_id))
        self._keys[visit.visitor_id] = key
        self._gain(here, self._theirs(visit, since) - here.conversations)
        here.streams.append(stream)
        for number in here.conversations:
            self._by_conversation.setdefault(number, []).append(stream)

    def remove(self, stream: Stream) -> None:
        """Forget `stream`; harmless when it is not there."""
        key = stream.session_key
        here = self._here.get(key)
        if here is None or stream not in here.streams:
            return
        here.streams.remove(stream)
        for number in here.conversations:
            self._unhear(stream, number)
        if not here.streams:
            del self._here[key]
            self._keys.pop(here.visitor_id, None)

    def count(self, key: str) -> int:
        """How many streams the visitor holds open."""
        here = self._here.get(key)
        return len(here.streams) if here is not None else 0

    def keys(self) -> list[str]:
        """The digests of everybody who is here."""
        return list(self._here)

    def all(self) -> Iterable[Stream]:
        """Every open stream."""
        return (stream for here in self._here.values() for stream in here.streams)

    def apply(self, key: str, visit: Visit | None, *, since: int) -> None:
        """What the database said of a visitor: nobody any more, or with which conversations; asked at `since`."""
        here = self._here.get(key)
        if here is None:
            return
        if visit is None:
            for stream in here.streams:
                stream.end(SIGNED_OUT)
            return
        theirs = self._theirs(visit, since)
        for number in here.conversations - theirs:
            for stream in here.streams:
                self._unhear(stream, number)
        here.conversations &= theirs
        self._gain(here, theirs - here.conversations)

    def take(self, nudge: dict[str, Any], kind: str) -> None:
        """Pass on what concerns visitors: that something was said, is being written, or was read. Never what kind of
        thing the team did besides."""
        number = nudge.get("c")
        if not isinstance(number, int):
            return
        if kind == "chat":
            self._begin(number, frozenset(nudge.get("v") or ()))
            return
        hearing = self._by_conversation.get(number)
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

    def _begin(self, number: int, visitor_ids: frozenset[int]) -> None:
        """A conversation began: its visitor, at whichever browser, hears of it from now on."""
        self._begun_ever += 1
        self._begun.append((self._begun_ever, number, visitor_ids))
        event = encode("nudge", {"c": number, "s": 0})
        for visitor_id in visitor_ids:
            here = self._here.get(self._keys.get(visitor_id, ""))
            if here is None:
                continue
            for stream in here.streams:
                if number not in here.conversations:
                    self._by_conversation.setdefault(number, []).append(stream)
                stream.offer(event)
            here.conversations.add(number)

    def _gain(self, here: _Here, numbers: set[int]) -> None:
        """Who gains a conversation without hearing of it may have missed what was said there, and is told to reload."""
        here.conversations |= numbers
        for stream in here.streams if numbers else ():
            for number in numbers:
                self._by_conversation.setdefault(number, []).append(stream)
            stream.offer(RELOAD)

    def _theirs(self, visit: Visit, since: int) -> set[int]:
        theirs = set(visit.conversation_ids)
        for place, number, visitor_ids in reversed(self._begun):
            if place <= since:
                break
            if visit.visitor_id in visitor_ids:
                theirs.add(number)
        return theirs

    def _unhear(self, stream: Stream, number: int) -> None:
        hearing = self._by_conversation.get(number, [])
        if stream in hearing:
            hearing.remove(stream)
        if not hearing:
            self._by_conversation.pop(number, None)
