"""Customers' messages that may have to be acknowledged, drained from their rows: each is decided once."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from majlis.channels.acknowledging import answer, give_up
from majlis.channels.models import AcknowledgementDue

log = logging.getLogger(__name__)

ATTEMPTS = 3


def is_waiting() -> bool:
    """Claims that something is to be decided."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from channels_acknowledgementdue)")
        return bool((cursor.fetchone() or (False,))[0])


def acknowledge_due() -> int:
    """Decide of every message that waits; how many there were. Any number of processes may do so at once.

    The row goes in the transaction that queues the mail: a process that dies leaves both or neither.
    """
    done, seen = 0, 0
    while is_waiting() and (due := _next(after=seen)) is not None:
        seen, done = due, done + 1
    return done


def _next(*, after: int) -> int | None:
    """The first one that nobody else has in hand; its id, None when there is none."""
    entry_id = 0
    try:
        with transaction.atomic():
            waiting = AcknowledgementDue.objects.select_for_update(skip_locked=True, of=("self",))
            found = waiting.filter(pk__gt=after).order_by("pk").first()
            if found is None:
                return None
            entry_id = found.pk
            due = AcknowledgementDue.objects.select_related("entry__customer").get(pk=entry_id)
            answer(due.entry)
            due.delete()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("the acknowledgement of entry %s", entry_id)
        _count(entry_id)
    return entry_id


def _count(entry_id: int) -> None:
    """What fails three times is let be, and holds up nothing."""
    with transaction.atomic():
        mine = AcknowledgementDue.objects.select_for_update().filter(pk=entry_id)
        mine.update(attempts=F("attempts") + 1)
        due = mine.filter(attempts__gte=ATTEMPTS).select_related(None).first()
        if due is not None:
            give_up(due.entry, now=timezone.now())
            due.delete()
