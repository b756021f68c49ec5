"""The thread behind the listener: finds mailboxes, and keeps what came, many messages in one commit."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from django.db import IntegrityError, InterfaceError, OperationalError, connection

from majlis.channels.actions.accept import Incoming, accept_many
from majlis.channels.models import Route
from majlis.lib.full import is_disk_full
from majlis.people.queries import mailbox_at

_T = TypeVar("_T")
log = logging.getLogger(__name__)

GROUP_MESSAGES = 32
GROUP_BYTES = 16 * 1024 * 1024
REMEMBER_SECONDS = 10.0
_REMEMBER_AT_MOST = 1000


class NoSuchMailbox(Exception):  # noqa: N818 - said as a fact
    """A mailbox was removed between its address being looked up and its mail being kept."""


@dataclass(frozen=True, slots=True)
class _Keeping:
    """One message's copies that wait to be kept."""

    incoming: Sequence[Incoming]
    future: Future[None]


@dataclass(frozen=True, slots=True)
class _Finding:
    """An address that waits to be looked up."""

    address: str
    future: Future[int | None]


class Storing:
    """One thread with one database connection, so that a listener's event loop never waits for either.

    Whoever arrives while a group is being written makes the next group: under load one commit serves many.
    """

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[_Keeping | _Finding | None] = queue.SimpleQueue()
        self._known: dict[str, tuple[int, float]] = {}
        self._thread = threading.Thread(target=self._run, name="storing", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self, timeout_seconds: float = 5.0) -> None:
        """Finish what waits, then end."""
        self._waiting.put(None)
        self._thread.join(timeout_seconds)

    def store(self, incoming: list[Incoming]) -> Future[None]:
        """Keep one message's copies for its mailboxes: done when they are durable.

        The future raises NoSuchMailbox, or whatever the database or disk raised: nothing was kept then.
        """
        future: Future[None] = Future()
        self._waiting.put(_Keeping(incoming, future))
        return future

    def known(self, address: str) -> int | None:
        """The mailbox of an address looked up a moment ago; None when it has to be looked up."""
        found = self._known.get(address)
        return found[0] if found and found[1] > time.monotonic() else None

    def find(self, address: str) -> Future[int | None]:
        """The id of the mailbox with this address, or None; the future raises what the database raised."""
        future: Future[int | None] = Future()
        self._waiting.put(_Finding(address, future))
        return future

    def _run(self) -> None:
        try:
            while (first := self._waiting.get()) is not None:
                if isinstance(first, _Finding):
                    self._find(first)
                elif not self._keep_group(first):
                    return
        finally:
            connection.close()

    def _find(self, finding: _Finding) -> None:
        try:
            mailbox_id = _trying_twice(lambda: mailbox_at(finding.address))
        except Exception as error:
            log.warning("an address could not be looked up: %s", error)
            _fail(finding.future, error)
            return
        if mailbox_id is not None:
            if len(self._known) >= _REMEMBER_AT_MOST:
                self._known.clear()
            self._known[finding.address] = mailbox_id, time.monotonic() + REMEMBER_SECONDS
        _answer(finding.future, mailbox_id)

    def _keep_group(self, first: _Keeping) -> bool:
        """Keep `first` and those who wait behind it. False when the end was found among them."""
        group, size, goes_on = [first], _size(first), True
        while len(group) < GROUP_MESSAGES and size < GROUP_BYTES:
            try:
                following = self._waiting.get_nowait()
            except queue.Empty:
                break
            if following is None:
                goes_on = False
                break
            if isinstance(following, _Finding):
                self._find(following)
                continue
            group.append(following)
            size += _size(following)
        self._keep(group)
        return goes_on

    def _keep(self, group: Sequence[_Keeping]) -> None:
        try:
            together = [one for waiting in group for one in waiting.incoming]
            _trying_twice(lambda: accept_many(together, route=Route.LMTP))
        except Exception as error:
            if len(group) > 1 and not isinstance(error, OperationalError | InterfaceError | OSError):
                for one in group:  # one bad message is no reason to turn the others away
                    self._keep([one])
                return
            # A full disk would be filled the more by what is said about it.
            log.error(
                "%d messages could not be kept: %s", len(group), error, exc_info=not is_disk_full(error)
            )
            if isinstance(error, IntegrityError):
                self._known.clear()
                error = NoSuchMailbox()
            for waiting in group:
                _fail(waiting.future, error)
        else:
            for waiting in group:
                _answer(waiting.future, None)


def _size(one: _Keeping) -> int:
    return len(one.incoming[0].content) if one.incoming else 0


def _answer(future: Future[_T], value: _T) -> None:
    with suppress(InvalidStateError):  # the sender hung up meanwhile
        future.set_result(value)


def _fail(future: Future[_T], error: BaseException) -> None:
    with suppress(InvalidStateError):
        future.set_exception(error)


def _trying_twice(work: Callable[[], _T]) -> _T:
    """A connection that died since the last message is made anew once; a dead database raises."""
    try:
        return work()
    except (OperationalError, InterfaceError):
        connection.close()
        return work()
