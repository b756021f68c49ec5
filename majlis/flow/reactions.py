"""What follows from what: one table, read like a menu, drained from the events themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from majlis.conversations.actions.assign import assign_to
from majlis.conversations.actions.changing import changing
from majlis.conversations.models import Conversation, Status
from majlis.journal.models import Event

log = logging.getLogger(__name__)

REACTIONS_LOCK = 7102
ATTEMPTS = 3


def hand_back(event: Event) -> None:
    """A teammate left: what was theirs and is not closed goes back to the unassigned."""
    mine = Conversation.objects.filter(assignee_id=event.data["teammate"]).exclude(status=Status.CLOSED)
    for conversation_id in mine.values_list("pk", flat=True):
        with changing(conversation_id) as change:
            assign_to(change, None, by=None)


REACTIONS: Final[dict[str, tuple[Callable[[Event], None], ...]]] = {
    "teammate.deactivated": (hand_back,),
}


def react_pending(*, batch: int = 500) -> int:
    """React to events nobody reacted to yet; returns how many were settled.

    Every reaction may run twice without harm. An event whose reactions fail three times is
    settled with its error on it, so that it holds up nothing.
    """
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s::bigint)", [REACTIONS_LOCK])
        if not (cursor.fetchone() or (False,))[0]:
            return 0
    try:
        while True:
            waiting = list(Event.objects.filter(reacted_at=None).order_by("pk")[:batch])
            quiet = [event.pk for event in waiting if event.kind not in REACTIONS]
            Event.objects.filter(pk__in=quiet).update(reacted_at=timezone.now())
            loud = [event for event in waiting if event.kind in REACTIONS]
            settled = sum(_react(event) for event in loud)
            done += len(quiet) + settled
            if len(waiting) < batch or len(quiet) + settled == 0:
                return done
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s::bigint)", [REACTIONS_LOCK])


def _react(event: Event) -> bool:
    """Whether the event is settled, well or with its error written down."""
    try:
        with transaction.atomic():
            for reaction in REACTIONS[event.kind]:
                reaction(event)
            Event.objects.filter(pk=event.pk).update(reacted_at=timezone.now())
    except OperationalError:
        raise
    except Exception as problem:
        log.exception("reaction to event %s failed", event.pk)
        is_last = event.attempts + 1 >= ATTEMPTS
        Event.objects.filter(pk=event.pk).update(
            attempts=F("attempts") + 1,
            error=f"{type(problem).__name__}: {problem}"[:500],
            reacted_at=timezone.now() if is_last else None,
        )
        return is_last
    return True
