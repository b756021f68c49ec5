"""Hears PostgreSQL's notifications, passes each to the streams that may see it, ends those whose session fell."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeVar

import orjson
import psycopg

from majlis.gateway.queries import Grant, valid_sessions
from majlis.gateway.stream import BEAT, RELOAD, RESTART, SIGNED_OUT, Stream, encode
from majlis.gateway.visiting import Visit, Visitors, visits

CHANNEL = "majlis"
CHECK_SECONDS = 2.0
VISITORS_SECONDS = 20.0  # between two looks whether visitors still stand
STALE_SECONDS = 5.0
BEAT_SECONDS = 20.0
BEATS_AT_ONCE = 100
RELOADS_AT_ONCE = 50  # visitors, and after so many seconds the next
RELOAD_SECONDS = 0.2
QUERY_SECONDS = 5.0
IDLE_CLOSE_SECONDS = 30.0
BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
KEEPALIVE: dict[str, Any] = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}

Answer = TypeVar("Answer")
VISITORS_AT_ONCE = 500
logger = logging.getLogger("majlis.gateway")


class Unavailable(Exception):  # noqa: N818 - said as a fact
    """The database cannot be asked just now."""


class Hub:
    """All open streams by session, the connection that listens and the one that checks sessions.

    The checking connection exists only while somebody is watching: an idle installation pays for one backend.
    """

    def __init__(self, conninfo: str, *, visitors_seconds: float = VISITORS_SECONDS) -> None:
        self._conninfo, self._visitors_seconds = conninfo, visitors_seconds
        self._streams: dict[str, list[Stream]] = {}
        self._checker: psycopg.AsyncConnection | None = None
        self._checker_lock = asyncio.Lock()
        self._used_at = self._checked_at = time.monotonic()
        self._recheck = asyncio.Event()
        self._has_held_back = False
        self.is_closing = False
        self.visitors = Visitors()
        self.unavailable: type[Exception] = Unavailable
        self._visited_at = time.monotonic()

    # Streams

    def add(self, stream: Stream) -> None:
        """Register `stream`; from here on it gets its nudges."""
        self._streams.setdefault(stream.session_key, []).append(stream)
        if self.is_closing:
            stream.end(RESTART)

    def remove(self, stream: Stream) -> None:
        """Forget `stream`; harmless when it is not there."""
        mine = self._streams.get(stream.session_key, [])
        if stream in mine:
            mine.remove(stream)
        if not mine:
            self._streams.pop(stream.session_key, None)

    def count(self, session_key: str) -> int:
        """Return how many streams the session holds open."""
        return len(self._streams.get(session_key, ()))

    def close(self) -> None:
        """Say good-bye to everybody: an open stream would keep the server from stopping."""
        self.is_closing = True
        for stream in list(self._all()):
            stream.end(RESTART)

    def _all(self) -> Iterator[Stream]:
        yield from (stream for mine in self._streams.values() for stream in mine)
        yield from self.visitors.all()

    def _teammates(self) -> Iterator[Stream]:
        return (stream for mine in self._streams.values() for stream in mine)

    def reload_all(self) -> None:
        """Teammates at once; visitors, of whom there may be thousands, some after the others: each asks for everything anew."""
        for stream in self._teammates():
            stream.offer(RELOAD)
        loop = asyncio.get_running_loop()
        for place, stream in enumerate(self.visitors.all()):
            loop.call_later(place // RELOADS_AT_ONCE * RELOAD_SECONDS, stream.offer, RELOAD)

    # Tasks

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen, check and beat while the block runs."""
        tasks = [asyncio.create_task(_forever(loop)) for loop in (self._listen, self._check, self._beat)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._drop_checker()

    async def _listen(self) -> None:
        failures = 0
        while True:
            try:
                async with await self._connect("listen") as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    failures = 0
                    # Whatever was said while nobody listened is lost here, not in the tables: also what began.
                    self.reload_all()
                    self._visited_at = -self._visitors_seconds
                    self._recheck.set()
                    async for notification in connection.notifies():
                        self._take(notification.payload)
            except (psycopg.Error, OSError, TimeoutError) as error:
                logger.warning("live events: not listening (%s), trying again", _first_line(error))
            pause = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
            failures += 1
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret

    def _take(self, payload: str) -> None:
        """Pass one notification on. Closed by default: what names no mailbox goes to nobody."""
        try:
            nudge = orjson.loads(payload)
            kind, mailbox_id = nudge["k"], nudge.get("m")
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.warning("live events: a notification that is not a nudge")
            return
        if kind == "access":
            self._recheck.set()
            return
        if time.monotonic() - self._checked_at > STALE_SECONDS:
            # Rights could not be checked for too long: silence, and everybody reloads after the next check.
            self._has_held_back = True
            return
        self.visitors.take(nudge, kind)
        if type(mailbox_id) is not int or not self._streams:
            return
        event = encode("nudge", nudge)
        whose = nudge.get("t")
        for stream in self._teammates():
            grant = stream.grant
            # What somebody is told is theirs alone. Where somebody is, they know themselves.
            is_meant = (
                grant.teammate_id == whose
                if kind == "notice"
                else kind != "presence" or grant.teammate_id != whose
            )
            if is_meant and mailbox_id in grant.mailbox_ids:
                stream.offer(event)

    async def _check(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CHECK_SECONDS):
                    await self._recheck.wait()
            self._recheck.clear()
            started_at = time.monotonic()
            asked = list(self._streams)
            if asked:
                try:
                    grants = await self.grants(asked)
                except Unavailable:
                    continue
                # Only for the sessions asked about: others may have come while the answer was on its way.
                for key in asked:
                    self._apply(key, grants.get(key))
            elif self._checker is not None and started_at - self._used_at > IDLE_CLOSE_SECONDS:
                await self._drop_checker()
            if self._has_held_back or started_at - self._visited_at > self._visitors_seconds:
                with contextlib.suppress(Unavailable):
                    await self._check_visitors()
                    self._visited_at = started_at
            self._checked_at = started_at
            if self._has_held_back:
                self._has_held_back = False
                self.reload_all()

    async def _check_visitors(self) -> None:
        asked = self.visitors.keys()
        for place in range(0, len(asked), VISITORS_AT_ONCE):
            some, mark = asked[place : place + VISITORS_AT_ONCE], self.visitors.mark()
            standing = await self.visits(some)
            for key in some:
                self.visitors.apply(key, standing.get(key), since=mark)

    def _apply(self, session_key: str, grant: Grant | None) -> None:
        for stream in self._streams.get(session_key, ()):
            if grant is None:
                stream.end(SIGNED_OUT)
            elif grant != stream.grant:
                stream.grant = grant
                stream.offer(RELOAD)  # a mailbox came or went: the lists on the page are no longer right

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            due = time.monotonic() - BEAT_SECONDS
            silent = [stream for stream in self._all() if stream.sent_at < due]
            for place, stream in enumerate(silent):
                stream.sent_at = time.monotonic()
                stream.offer(BEAT)
                if place % BEATS_AT_ONCE == BEATS_AT_ONCE - 1:
                    await asyncio.sleep(0)  # thousands came at once: what happens meanwhile goes first

    # Database

    async def grants(self, session_keys: list[str]) -> dict[str, Grant]:
        """Return the grants of the sessions that stand (see `queries.valid_sessions`); raises Unavailable."""
        return await self._asked(lambda checker: valid_sessions(checker, session_keys))

    async def visits(self, digests: list[str]) -> dict[str, Visit]:
        """Return the visitors who stand, by the digest of their token; raises Unavailable."""
        return await self._asked(lambda checker: visits(checker, digests))

    async def _asked(self, ask: Callable[[psycopg.AsyncConnection], Awaitable[Answer]]) -> Answer:
        self._used_at = time.monotonic()
        reason: Exception | None = None
        # Twice: the server may have been restarted under a connection that still looks well.
        for _attempt in range(2):
            try:
                async with asyncio.timeout(QUERY_SECONDS):
                    async with self._checker_lock:
                        if (checker := self._checker) is None:
                            checker = self._checker = await self._connect("check")
                    return await ask(checker)
            except (psycopg.Error, OSError, TimeoutError) as error:
                reason = error
                await self._drop_checker()
        logger.warning("live events: sessions cannot be checked (%s)", _first_line(reason) if reason else "")
        raise Unavailable

    async def _connect(self, what: str) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            self._conninfo,
            autocommit=True,
            connect_timeout=5,
            application_name=f"majlis gateway {what}",
            **KEEPALIVE,
        )

    async def _drop_checker(self) -> None:
        checker, self._checker = self._checker, None
        if checker is not None:
            await checker.close()


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


async def _forever(loop: Callable[[], Awaitable[None]]) -> None:
    """Run `loop` again should it ever fail: a silent gateway would look like a quiet day."""
    while True:
        try:
            await loop()
        except Exception:
            logger.exception("live events: a task failed, starting it again")
        await asyncio.sleep(1.0)
