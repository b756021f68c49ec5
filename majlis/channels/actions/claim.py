"""Who is sending what: one claim a delivery, provably alive as long as its session lock is held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from majlis.channels.models import Delivery, State


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery in the hands of one thread. `token` is written on the row and names the lock.

    `is_first`: nobody had it in hand before, or it was put back each time before anything was tried.
    """

    delivery_id: int
    token: str
    is_first: bool = False


class LostClaim(Exception):  # noqa: N818 - said as a fact
    """The row was taken away meanwhile: the lock had been lost with the database connection."""


@contextmanager
def claimed() -> Iterator[Claim | None]:
    """The first that is due by rank, then by time, in state `sending` and committed so; None when none is due.

    The lock is taken before the row is, so a row in `sending` without a lock has been left by a dead claimer.
    Two claimers at once: the row's lock is skipped by the second, and the state is changed by one of them.
    """
    token = uuid4().hex
    _lock(token)
    try:
        taken = _take(token)
        yield None if taken is None else Claim(taken[0], token, is_first=taken[1])
    finally:
        _unlock(token)


def begin_transmitting(claim: Claim) -> None:
    """Commit that the end of the message goes out now: from here on nobody may send it again unasked.

    Raises LostClaim when the delivery is no longer this claim's.
    """
    with transaction.atomic(durable=True):
        mine = Delivery.objects.filter(pk=claim.delivery_id, claimed_by=claim.token, state=State.SENDING)
        if not mine.update(transmitting_at=timezone.now()):
            raise LostClaim


@contextmanager
def left_by_the_dead(token: str) -> Iterator[bool]:
    """Whether nobody holds the claim named `token`; while inside, nobody can say otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [_name(token)])
        is_dead = bool(cursor.fetchone()[0])
    try:
        yield is_dead
    finally:
        if is_dead:
            _unlock(token)


def _take(token: str) -> tuple[int, bool] | None:
    now = timezone.now()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            "with found as materialized (select id, claimed_at is null as is_first from channels_delivery"
            " where state = 'queued' and due_at <= %s order by rank, due_at, id limit 1 for update skip locked)"
            " update channels_delivery d set state = 'sending', claimed_at = %s, claimed_by = %s,"
            " transmitting_at = null, attempts = attempts + 1 from found where d.id = found.id"
            " returning d.id, found.is_first",
            [now, now, token],
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def _lock(token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [_name(token)])


def _unlock(token: str) -> None:
    # With the connection the lock is gone too, and nothing is left to unlock.
    if connection.connection is None or connection.connection.closed:
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [_name(token)])


def _name(token: str) -> str:
    return f"majlis delivery {token}"
