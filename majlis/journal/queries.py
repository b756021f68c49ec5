"""Reading the journal."""

from __future__ import annotations

from django.db.models import QuerySet

from .kinds import SHOWN
from .models import Event


def shown_since(conversation_id: int, seq: int = 0) -> QuerySet[Event]:
    """The events of a conversation that stand in its thread, after `seq`, in order."""
    return Event.objects.filter(
        conversation_id=conversation_id, seq__gt=seq, kind__in=sorted(SHOWN)
    ).order_by("seq")
