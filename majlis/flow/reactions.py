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
from majlis.flow import acknowledging, mailbox_notices, notices
from majlis.flow.alarms import mail_alarm
from majlis.flow.invitations import mail_invitation
from majlis.flow.lapsed import mail_lapse
from majlis.journal.models import Event

log = logging.getLogger(__name__)

REACTIONS_LOCK = 7109
ATTEMPTS = 3
_QUIET = (
    "with settled as (update journal_event set reacted_at = %s where id = any(array("
    "select id from journal_event where reacted_at is null and kind <> all(%s::text[])"
    " order by id limit %s for update skip locked)) returning 1)"
    " select (select count(*) from settled),"
    " exists (select from journal_event where reacted_at is null and kind = any(%s::text[])),"
    " exists (select from journal_event where reacted_at is null and kind = any(%s::text[])),"
    " exists (select from channels_acknowledgementdue)"
)


def hand_back(event: Event) -> None:
    """A teammate left: what was theirs and is not closed goes back to the unassigned."""
    mine = Conversation.objects.filter(assignee_id=event.data["teammate"]).exclude(status=Status.CLOSED)
    for conversation_id in mine.values_list("pk", flat=True):
        with changing(conversation_id, is_merged=True) as change:
            assign_to(change, None, by=None)


REACTIONS: Final[dict[str, tuple[Callable[[Event], None], ...]]] = {
    "teammate.deactivated": (hand_back,),
    "teammate.invited": (mail_invitation,),
    "link.issued": (mail_invitation,),
    "mailbox.lapsed": (mailbox_notices.tell, mail_lapse),
    "mailbox.stale": (mailbox_notices.tell, mail_alarm),
    "mailbox.well": (mailbox_notices.settle, mail_alarm),
    "mailbox.authorised": (mailbox_notices.settle,),
    "mailbox.disabled": (mailbox_notices.settle,),
    "mailbox.changed": (mailbox_notices.settle,),
    "service.removed": (mailbox_notices.settle,),
    "automatic.resumed": (mailbox_notices.settle,),
}


def is_waiting() -> bool:
    """Whether there are events nobody reacted to yet."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from journal_event where reacted_at is null)")
        return bool((cursor.fetchone() or (False,))[0]) or acknowledging.is_waiting()


def react_pending(*, batch: int = 500) -> int:
    """React to events nobody reacted to yet; returns how many were settled.

    Every reaction may run twice without harm. An event whose reactions fail three times is
    settled with its error on it, so that it holds up nothing.
    """
    done, is_loud, is_telling, is_due = _settle_quiet(batch)
    if is_telling:
        done += notices.tell_pending()
    if is_telling or is_due:
        done += acknowledging.acknowledge_due()
    if not is_loud:
        return done
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s::bigint)", [REACTIONS_LOCK])
        if not (cursor.fetchone() or (False,))[0]:
            return done
    try:
        while True:
            waiting = _loud(batch)
            settled = sum(_react(event) for event in waiting)
            done += settled
            if len(waiting) < batch or settled == 0:
                return done
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s::bigint)", [REACTIONS_LOCK])


def _settle_quiet(batch: int) -> tuple[int, bool, bool, bool]:
    """Settle all events that nothing follows from; how many, and whether others wait, such as people are told of, or
    messages to be acknowledged.

    Of two processes at it, each takes what the other leaves.
    """
    done = 0
    loud = sorted(REACTIONS)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_QUIET, [timezone.now(), [*loud, *notices.KINDS], batch, loud, notices.KINDS])
            settled, is_loud, is_telling, is_due = cursor.fetchone()
        done += settled
        if settled < batch:
            return done, is_loud, is_telling, is_due


def _loud(batch: int) -> list[Event]:
    """The oldest events that something follows from."""
    return list(Event.objects.filter(reacted_at=None, kind__in=sorted(REACTIONS)).order_by("pk")[:batch])


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
