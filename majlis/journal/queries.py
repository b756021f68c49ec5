"""Reading the journal."""

from __future__ import annotations

import orjson
from django.db import DEFAULT_DB_ALIAS, connection

from .kinds import SHOWN
from .models import Event

_SHOWN = sorted(SHOWN)
_NAMES = ["id", "kind", "conversation_id", "seq", "actor_id", "at", "data"]
_TOLD = (
    f"select {', '.join(_NAMES)} from journal_event"  # noqa: S608
    " where conversation_id = %s and seq > %s and kind = any(%s::text[]) order by seq"
)


def told_since(conversation_id: int, seq: int = 0) -> list[Event]:
    """The events of a conversation that stand in its thread, after `seq`, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [conversation_id, seq, _SHOWN])
        return [
            Event.from_db(DEFAULT_DB_ALIAS, _NAMES, [*values, orjson.loads(data)])
            for *values, data in cursor.fetchall()
        ]
