"""Writing the journal, and waking those who wait for news once the facts are committed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone

from .kinds import KINDS
from .models import Event

BROWSERS = "majlis"
WORKERS = "majlis_work"


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
    if kind not in KINDS:
        raise ValueError(f"{kind} is not an event kind")
    event = Event.objects.create(
        kind=kind,
        conversation_id=conversation_id,
        seq=seq,
        mailbox_id=mailbox_id,
        actor_id=actor_id,
        at=timezone.now(),
        data=dict(data or {}),
    )
    wake("react")
    return event


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
