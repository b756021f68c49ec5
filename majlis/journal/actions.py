"""Writing the journal, and waking those who wait for news once the facts are committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone

from .kinds import KINDS
from .models import Event

BROWSERS = "majlis"
WORKERS = "majlis_work"


@dataclass(frozen=True, slots=True)
class Told:
    """What happened, before it is written."""

    kind: str
    seq: int | None
    actor_id: int | None
    at: datetime
    data: dict[str, Any]


def record(
    kind: str,
    *,
    conversation_id: int | None = None,
    seq: int | None = None,
    mailbox_id: int | None = None,
    actor_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Write one event inside the caller's transaction and wake the reactions after its commit.

    Raises ValueError for a kind that `kinds.KINDS` does not list.
    """
    now = timezone.now()
    told = Told(kind, seq, actor_id, now, dict(data or {}))
    return Event(
        id=record_all([told], conversation_id=conversation_id, mailbox_id=mailbox_id)[0],
        kind=kind,
        conversation_id=conversation_id,
        seq=seq,
        mailbox_id=mailbox_id,
        actor_id=actor_id,
        at=now,
        data=told.data,
    )


def record_all(
    events: Sequence[Told], *, conversation_id: int | None = None, mailbox_id: int | None = None
) -> list[int]:
    """Write several events of one conversation in their order, in one statement; their ids. As `record`."""
    for told in events:
        if told.kind not in KINDS:
            raise ValueError(f"{told.kind} is not an event kind")
    if not events:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into journal_event (kind, conversation_id, seq, mailbox_id, actor_id, at, data, attempts, error)"
            " select kind, %s::bigint, seq, %s::bigint, actor_id, at, data::jsonb, 0, ''"
            " from unnest(%s::text[], %s::int[], %s::bigint[], %s::timestamptz[], %s::text[]) with ordinality"
            " as t(kind, seq, actor_id, at, data, place) order by place returning id",
            [
                conversation_id,
                mailbox_id,
                [told.kind for told in events],
                [told.seq for told in events],
                [told.actor_id for told in events],
                [told.at for told in events],
                [orjson.dumps(told.data).decode() for told in events],
            ],
        )
        ids = [row[0] for row in cursor.fetchall()]
    wake("react")
    return ids


def nudge(payload: Mapping[str, Any]) -> None:
    """Tell the browsers' gateways after commit; a lost one is made good by catching up."""
    _notify(BROWSERS, orjson.dumps(dict(payload)).decode())


def wake(topic: str) -> None:
    """Wake workers that drain `topic` (raw, react, deliver, connections) after commit."""
    _notify(WORKERS, topic)


def _notify(channel: str, payload: str) -> None:
    # A statement of its own after the commit: inside the transaction NOTIFY holds a global lock
    # until the commit has reached the disk. Equal notices of one transaction go out once.
    pending: set[tuple[str, str]] | None = getattr(connection, "majlis_notices", None)
    if pending is None:
        pending = set()
        connection.majlis_notices = pending  # type: ignore[attr-defined]
    if not connection.in_atomic_block:
        _send([(channel, payload)])
        return
    # A rolled back transaction leaves its notices behind; they are cleared with the next send.
    pending.add((channel, payload))
    transaction.on_commit(_flush)


def _flush() -> None:
    pending: set[tuple[str, str]] = getattr(connection, "majlis_notices", set())
    if pending:
        notices = sorted(pending)
        pending.clear()
        _send(notices)


def _send(notices: list[tuple[str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_notify(c, p) from unnest(%s::text[], %s::text[]) as t(c, p)",
            [[c for c, _ in notices], [p for _, p in notices]],
        )
