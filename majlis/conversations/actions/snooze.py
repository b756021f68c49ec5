"""Putting a conversation off until a moment; it wakes by itself, or when somebody writes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from majlis.conversations.models import Conversation, Shelf
from majlis.journal import actions as journal
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .changing import Change, changing

FARTHEST = timedelta(days=5 * 366)


def snooze(change: Change, until: datetime, *, teammate: Teammate) -> bool:
    """Put it off until `until` (aware); False when it is put off until then already.

    Raises Refused: `past`, `too_far`, `not_on_desk` (it is closed, spam or in the trash).
    """
    conversation, now = change.conversation, timezone.now()
    if until <= now:
        raise Refused("past")
    if until - now > FARTHEST:
        raise Refused("too_far")
    if conversation.lies_on not in (Shelf.DESK, Shelf.SNOOZED):
        raise Refused("not_on_desk")
    if conversation.snoozed_until == until:
        return False
    conversation.snoozed_until = until
    conversation.snoozed_by_id = teammate.pk
    change.record("snoozed", actor_id=teammate.pk, data={"until": until.isoformat()})
    journal.wake("snooze")
    return True


def wake(change: Change, *, why: str, teammate: Teammate | None = None) -> bool:
    """Have it back on the desk; False when it does not sleep.

    `why`: `due`, `customer` (wrote), `reply` (a teammate's) or `hand`.
    """
    conversation = change.conversation
    if conversation.snoozed_until is None:
        return False
    conversation.snoozed_until = None
    conversation.snoozed_by_id = None
    if why == "due":
        conversation.last_activity_at = max(conversation.last_activity_at, timezone.now())
    change.record("woken", actor_id=teammate.pk if teammate else None, data={"why": why})
    return True


def next_wake_at() -> datetime | None:
    """When the next one is due to wake, None when nothing sleeps."""
    return (
        Conversation.objects.filter(shelf=Shelf.SNOOZED)
        .order_by("snoozed_until")
        .values_list("snoozed_until", flat=True)
        .first()
    )


def wake_due(*, batch: int = 200) -> int:
    """Wake what is due; how many there were. Two processes at it wake each once."""
    due = Conversation.objects.filter(shelf=Shelf.SNOOZED, snoozed_until__lte=timezone.now())
    woken = 0
    for number in due.order_by("snoozed_until").values_list("pk", flat=True)[:batch]:
        try:
            with changing(number) as change:
                until = change.conversation.snoozed_until
                if until is not None and until <= timezone.now():
                    woken += wake(change, why="due")
        except Refused:  # it was deleted meanwhile
            continue
    return woken
