"""Writing the journal, and waking those who wait for news once the facts are committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone

from majlis.database import Statement, execute_after

from .kinds import KINDS
from .models import Event

BROWSERS = "majlis"
WORKERS = "majlis_work"

_RECORD = (
    "insert into journal_event (kind, conversation_id, seq, mailbox_id, actor_id, at, data, attempts, error)"
    " select kind, %s::bigint, seq, %s::bigint, actor_id, at, data, 0, ''"
    " from rows from (jsonb_to_recordset(%s::jsonb)"
    " as (kind text, seq int, actor_id bigint, at timestamptz, data jsonb)) with ordinality"
    " as t(kind, seq, actor_id, at, data, place) order by place"
)


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
    if not events:
        return []
    sql, values = recording(events, conversation_id=conversation_id, mailbox_id=mailbox_id)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} returning id", values)
        ids = [row[0] for row in cursor.fetchall()]
    wake("react")
    return ids


def recording(
    events: Sequence[Told], *, conversation_id: int | None = None, mailbox_id: int | None = None
) -> tuple[str, list[Any]]:
    """The statement of `record_all` with its values, for a caller that writes it together with others.

    The caller wakes "react" itself. Raises ValueError for a kind that `kinds.KINDS` does not list.
    """
    for told in events:
        if told.kind not in KINDS:
            raise ValueError(f"{told.kind} is not an event kind")
    return _RECORD, [
        conversation_id,
        mailbox_id,
        orjson.dumps(events).decode(),
    ]


def move(events: Mapping[int, int], *, conversation_id: int, mailbox_id: int) -> None:
    """Events (id: seq) now stand in another conversation, or elsewhere in theirs; what they tell stays as it was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update journal_event e set conversation_id = %s, mailbox_id = %s, seq = t.seq"
            " from unnest(%s::bigint[], %s::int[]) as t(id, seq) where e.id = t.id",
            [conversation_id, mailbox_id, list(events), list(events.values())],
        )


def nudge(payload: Mapping[str, Any]) -> None:
    """Tell the browsers' gateways after commit; a lost one is made good by catching up."""
    _notify(BROWSERS, orjson.dumps(dict(payload)).decode())


def wake(topic: str) -> None:
    """Wake workers that drain `topic` (the names of `cli.worker.Worker.topics`) after commit."""
    _notify(WORKERS, topic)


def _notify(channel: str, payload: str) -> None:
    # A statement of its own after the commit: inside the transaction NOTIFY holds a global lock
    # until the commit has reached the disk. Equal notices of one transaction go out once.
    pending = _pending()
    pending.add((channel, payload))
    if not connection.in_atomic_block:
        _flush()
        return
    # A rolled back transaction leaves its notices behind; they are cleared with the next send.
    transaction.on_commit(_flush)
    execute_after(_sending)


def _pending() -> set[tuple[str, str]]:
    pending: set[tuple[str, str]] | None = getattr(connection, "majlis_notices", None)
    if pending is None:
        pending = set()
        connection.majlis_notices = pending  # type: ignore[attr-defined]
    return pending


def _flush() -> None:
    if statement := _sending():
        with connection.cursor() as cursor:
            cursor.execute(*statement)


def _sending() -> Statement | None:
    """The statement that sends what is pending, once."""
    pending = _pending()
    if not pending:
        return None
    notices = orjson.dumps(sorted(pending)).decode()
    pending.clear()
    return "select pg_notify(n ->> 0, n ->> 1) from jsonb_array_elements(%s::jsonb) as t(n)", [notices]
