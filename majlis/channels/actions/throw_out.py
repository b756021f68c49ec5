"""A conversation from the trash goes for good, with the mail it was made of as that came."""

from __future__ import annotations

from django.db import transaction

from majlis.channels.gate import forget_conversation
from majlis.channels.models import PassedOver, RawMessage
from majlis.channels.noticing import forget_letters
from majlis.conversations.actions.trash import remove
from majlis.lib.errors import Refused
from majlis.people.models import Teammate


def throw_out(conversation_id: int, *, teammate: Teammate | None = None) -> bool:
    """Delete it, by nobody when its time was over; False when that somebody is nobody and it was restored meanwhile.

    Raises as `trash.remove`.
    """
    try:
        with transaction.atomic():
            _forget_raw(conversation_id)
            forget_letters(conversation_id)
            forget_conversation(conversation_id)
            remove(conversation_id, teammate=teammate)
    except Refused:
        if teammate is None:
            return False
        raise
    return True


def _forget_raw(conversation_id: int) -> None:
    """What lies on its server still is no gap to fill: it must not come again."""
    raw = RawMessage.objects.filter(entry__conversation_id=conversation_id)
    placed = raw.filter(folder__isnull=False).values_list("folder_id", "uidvalidity", "uid", "uidl")
    PassedOver.objects.bulk_create(
        [
            PassedOver(folder_id=folder, uidvalidity=uidvalidity, uid=uid, uidl=uidl, is_removed=True)
            for folder, uidvalidity, uid, uidl in placed
            if uid is not None or uidl is not None
        ],
        ignore_conflicts=True,
    )
    raw.delete()
