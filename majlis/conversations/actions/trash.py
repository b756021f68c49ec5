"""Throwing a conversation away: back out of the trash while it lies there, gone for good after it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from majlis.conversations.models import Conversation, Shelf
from majlis.journal import actions as journal
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people.models import Notification, Teammate

from .changing import Change

KEPT = timedelta(days=30)
_UNCOUNT = (
    "update conversations_counter set number = number - %s"
    " where mailbox_id = %s and assignee_id = %s and shelf = %s"
)


def trash(change: Change, *, teammate: Teammate) -> bool:
    """Throw it away; False when it lies in the trash already."""
    if change.conversation.deleted_at is not None:
        return False
    change.conversation.deleted_at = timezone.now()
    change.record("trashed", actor_id=teammate.pk)
    return True


def restore(change: Change, *, teammate: Teammate | None) -> bool:
    """Take it out of the trash, by nobody when the customer wrote again; False when it did not lie there."""
    if change.conversation.deleted_at is None:
        return False
    change.conversation.deleted_at = None
    change.record("restored", actor_id=teammate.pk if teammate else None)
    return True


def remove(conversation_id: int, *, teammate: Teammate | None) -> None:
    """Delete a conversation that lies in the trash for good, with all that was said; files go when nobody owns them.

    The journal keeps that it was done, and nothing of what it held. `teammate` is None when its time was over.
    Raises Refused: `not_allowed` (only admins), `not_found`, `not_in_trash`.
    """
    if teammate is not None and not teammate.is_admin:
        raise Refused("not_allowed")
    with transaction.atomic():
        held = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
        if held is None:
            raise Refused("not_found")
        if held.shelf != Shelf.TRASH:
            raise Refused("not_in_trash")
        mailbox_id, whole = held.mailbox_id, _with_merged(held)
        Event.objects.filter(conversation_id__in=[one.pk for one in whole]).delete()
        Notification.objects.filter(conversation_id__in=[one.pk for one in whole]).delete()
        steps = Counter((one.mailbox_id, one.assignee_id or 0, str(one.shelf)) for one in whole)
        for one in reversed(whole):
            one.delete()
        journal.record(
            "conversation.removed",
            mailbox_id=mailbox_id,
            actor_id=teammate.pk if teammate else None,
            data={"number": conversation_id},
        )
        with connection.cursor() as cursor:  # counter rows are locked last
            for at, number in sorted(steps.items()):
                cursor.execute(_UNCOUNT, [number, *at])
    journal.nudge({"c": conversation_id, "s": 0, "k": "conversation.removed", "m": mailbox_id})


def _with_merged(held: Conversation) -> list[Conversation]:
    """It and those that were merged into it, which are nothing without it."""
    whole, found = [held], [held]
    while found:
        ids = [one.pk for one in found]
        found = list(Conversation.objects.select_for_update().filter(merged_into_id__in=ids).order_by("pk"))
        whole += found
    return whole


def overdue(*, batch: int = 500) -> list[int]:
    """The conversations that have lain in the trash for `KEPT`, the oldest first."""
    old = Conversation.objects.filter(shelf=Shelf.TRASH, deleted_at__lt=timezone.now() - KEPT)
    return list(old.order_by("deleted_at").values_list("pk", flat=True)[:batch])
