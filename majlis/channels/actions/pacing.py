"""How fast mail leaves: each mailbox within its limits, nothing to a server that asked for a rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from majlis.channels.actions.claim import Claim
from majlis.channels.email.allowance import Allowance
from majlis.channels.models import Delivery, OutgoingServer, State
from majlis.channels.problems import pack
from majlis.journal import actions as journal

_LOCK = 7107  # class of the transaction locks, one for each mailbox
STEPS_MINUTES = (1, 2, 5, 10, 20, 40, 60)


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: when it may leave at the earliest, as far as is known, and why, packed."""

    until: datetime
    why: str


def key_of_server(host: str, port: int) -> str:
    """What a server is remembered by."""
    return f"{host.lower()}:{port}"


def key_of_mailbox(mailbox_id: int | None) -> str:
    """What a mailbox's account at its server is remembered by; the desk's own letters share one."""
    return f"mailbox:{mailbox_id or 0}"


def resting(keys: Sequence[str]) -> Wait | None:
    """The longest rest of these that is not over."""
    found = OutgoingServer.objects.filter(key__in=list(keys), rests_until__gt=timezone.now())
    longest = found.order_by("-rests_until").first()
    if longest is None or longest.rests_until is None:
        return None
    return Wait(longest.rests_until, pack("rests", why=longest.why))


def admit(claim: Claim, delivery: Delivery, allowance: Allowance) -> Wait | None:
    """Count a delivery under the limits of its mailbox; or say when its turn comes, after those that go before it.

    One at a time decides for a mailbox, so that several workers together stay within its limits.
    """
    windows = allowance.windows()
    if not windows or delivery.mailbox_id is None:
        return None
    now = timezone.now()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s::int, %s::int)", [_LOCK, delivery.mailbox_id])
        for _name, number, length in windows:
            if _nth_last(cursor, delivery, number, since=now - length, now=None) is not None:
                break
        else:
            Delivery.objects.filter(pk=claim.delivery_id, claimed_by=claim.token).update(admitted_at=now)
            return None
        waits = []
        for name, number, length in windows:
            nth = _nth_last(cursor, delivery, number, since=now - length, now=now)
            if nth is not None:
                waits.append(Wait(nth + length, pack(f"limit_{name}", n=number)))
    return max(waits, key=lambda wait: wait.until)


def _nth_last(
    cursor: object, delivery: Delivery, number: int, *, since: datetime, now: datetime | None
) -> datetime | None:
    """When the `number`-th last left, None when fewer did since; with `now`, counting those whose turn is before."""
    sql = (
        "select at from (select admitted_at as at from channels_delivery"
        " where mailbox_id = %s and admitted_at > %s and id <> %s"
    )
    values: list[object] = [delivery.mailbox_id, since, delivery.pk]
    if now is not None:
        sql += (
            " union all select due_at from channels_delivery"
            " where mailbox_id = %s and state = 'queued' and due_at > %s and (rank, id) < (%s, %s)"
        )
        values += [delivery.mailbox_id, now, delivery.rank, delivery.pk]
    sql += ") as times order by at desc offset %s limit 1"
    cursor.execute(sql, [*values, number - 1])  # type: ignore[attr-defined]
    row = cursor.fetchone()  # type: ignore[attr-defined]
    return row[0] if row else None


@transaction.atomic
def rest(key: str, *, why: str, wait_seconds: int | None = None, longest_minutes: int = 60) -> datetime:
    """Nothing goes by `key` for a while: longer each time in a row, and as long as the server asks. Until when.

    Two senders that hear the same refusal at once count it once.
    """
    now = timezone.now()
    asked = timedelta(seconds=wait_seconds or 0)
    OutgoingServer.objects.get_or_create(key=key)
    server = OutgoingServer.objects.select_for_update().get(key=key)
    if server.rests_until is None or server.rests_until <= now:
        server.strikes = min(server.strikes + 1, len(STEPS_MINUTES))
        minutes = min(STEPS_MINUTES[server.strikes - 1], longest_minutes)
        server.rests_until = now + max(timedelta(minutes=minutes), asked)
    else:
        server.rests_until = max(server.rests_until, now + asked)
    server.why = why[:2000]
    server.save(update_fields=["strikes", "rests_until", "why"])
    return server.rests_until


def went_well(keys: Sequence[str], *, size_limit: int) -> None:
    """A message passed: the next rest is short again. `size_limit` is what the server, the first of them, announced."""
    OutgoingServer.objects.filter(key__in=list(keys), strikes__gt=0).update(
        strikes=0, rests_until=None, why=""
    )
    known = OutgoingServer.objects.filter(key=keys[0])
    if (
        not known.filter(size_limit=size_limit).exists()
        and not known.update(size_limit=size_limit)
        and size_limit
    ):
        OutgoingServer.objects.get_or_create(key=keys[0], defaults={"size_limit": size_limit})


def lift(keys: Sequence[str], mailbox_id: int) -> None:
    """Somebody says: try now. What waited in this mailbox for the rest to end, or for its limits, is due."""
    with transaction.atomic():
        OutgoingServer.objects.filter(key__in=list(keys)).update(strikes=0, rests_until=None, why="")
        waiting = Delivery.objects.filter(
            mailbox_id=mailbox_id, state=State.QUEUED, due_at__gt=timezone.now()
        )
        waiting.exclude(why="").update(due_at=timezone.now())
        journal.wake("deliver")
