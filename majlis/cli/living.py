"""Whether the work goes on: a worker that is there, queues that move, mailboxes that are fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from majlis.cli import lock
from majlis.cli.findings import Finding
from majlis.cli.progress import counted
from majlis.config import Config

if TYPE_CHECKING:
    from majlis.flow import pulse

_WAITING = {
    "raw": ("mail that came in", "it is kept, but nobody sees it"),
    "due": ("mail to be sent", "replies do not leave"),
    "events": ("events to be reacted to", "nobody is told of what happens"),
}
_START_AGAIN = "Read what `majlis run` printed, then stop it and start it again."


def findings(config: Config) -> Iterator[Finding]:
    """One for the worker, each queue that is stuck and each mailbox that is stale; one for all that is well.

    The tables must be up to date. While Majlis does not run nothing can be late.
    """
    from django.utils import translation

    from majlis.flow import pulse

    is_there = pulse.is_worker_there()
    held = lock.holder(config.data)
    if not is_there and not (held and held.command == "run"):
        yield Finding("worker", "not running, as all of Majlis")
        return
    if is_there:
        yield Finding("worker", "at work")
    else:
        said = "not running though the web pages are: no mail is fetched, taken in or sent"
        yield Finding("worker", said, f"{_START_AGAIN} (Alone it is started by `majlis worker`.)")
    yield from _queues(pulse.queues())
    with translation.override("en"):
        mailboxes = pulse.mailboxes()
    yield from _mailboxes(mailboxes)


def _queues(queues: list[pulse.Queue]) -> Iterator[Finding]:
    stuck = [queue for queue in queues if queue.is_stuck]
    for queue in stuck:
        what, meaning = _WAITING[queue.name]
        said = f"{what} piles up: {queue.number} waiting, the oldest for {_age(queue.since)}; {meaning}"
        yield Finding("queue", said, _START_AGAIN)
    if not stuck:
        yield Finding("queue", f"{sum(queue.number for queue in queues)} waiting, none for long")


def _mailboxes(mailboxes: list[pulse.Fetching]) -> Iterator[Finding]:
    stale = [mailbox for mailbox in mailboxes if mailbox.is_stale]
    for mailbox in stale:
        last = f"last fetched {_age(mailbox.checked_at)} ago" if mailbox.checked_at else "never fetched yet"
        why = f": {mailbox.problem}" if mailbox.problem else ", and it is not known why"
        step = (
            f"Settings → Mailboxes → {mailbox.address}: correct it there."
            if mailbox.problem
            else _START_AGAIN
        )
        yield Finding(f"mailbox {mailbox.address}", f"{last}{why}", step)
    if not stale:
        yield Finding("mailboxes", f"all that are to be fetched ({len(mailboxes)}) were, lately")


def _age(since: datetime | None) -> str:
    from django.utils import timezone

    if since is None:
        return "an unknown time"
    minutes = int((timezone.now() - since).total_seconds() // 60)
    if minutes < 120:
        return counted(minutes, "minute")
    return counted(minutes // 60, "hour") if minutes < 48 * 60 else counted(minutes // 1440, "day")
