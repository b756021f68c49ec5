"""A teammate has read what they were told."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from majlis.journal.actions import nudge
from majlis.people import queries
from majlis.people.models import Notification, Teammate


def read_conversation(teammate: Teammate, number: int, *, until: datetime | None = None) -> int:
    """All they were told of this conversation, perhaps only until a moment, is read; how many that were."""
    told = Notification.objects.filter(conversation_id=number)
    return _read(teammate, told if until is None else told.filter(at__lte=until))


def read_one(teammate: Teammate, notification_id: int) -> int:
    """This one is read; 0 when it was, or is not theirs."""
    return _read(teammate, Notification.objects.filter(pk=notification_id))


def read_all(teammate: Teammate) -> int:
    """Everything is read; how many that were."""
    return _read(teammate, Notification.objects.all())


def _read(teammate: Teammate, those: QuerySet[Notification]) -> int:
    """Their other tabs hear of it, so that they count the same."""
    number = those.filter(teammate=teammate, read_at=None).update(read_at=timezone.now())
    if number and (seen := queries.mailbox_ids_visible_to(teammate)):
        nudge({"k": "notice", "t": teammate.pk, "m": seen[0]})
    return number
