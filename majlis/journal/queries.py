"""Reading the journal."""

from __future__ import annotations

import orjson
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Q

from .kinds import ADMINISTRATIVE, SHOWN
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


def standing_in(conversation_id: int, ids: list[int]) -> set[int]:
    """Those of these events that stand in this conversation."""
    found = Event.objects.filter(conversation_id=conversation_id, pk__in=ids)
    return set(found.values_list("pk", flat=True))


def administrative(
    *, before: int | None = None, group: str = "", person_id: int | None = None, limit: int = 50
) -> list[Event]:
    """Acts upon the desk itself, newest first: those of one group (see `kinds.ADMINISTRATIVE`), or of all.

    `before` is the id of the last event shown; `person_id` finds what somebody did and what was done to them.
    """
    kinds = ADMINISTRATIVE.get(group) or [kind for some in ADMINISTRATIVE.values() for kind in some]
    found = Event.objects.filter(conversation_id=None, kind__in=kinds)
    if person_id is not None:
        found = found.filter(Q(actor_id=person_id) | Q(data__teammate=person_id))
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])
