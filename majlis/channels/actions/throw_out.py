"""A conversation from the trash goes for good, with the mail it was made of as that came."""

from __future__ import annotations

from django.db import transaction

from majlis.channels.gate import forget_conversation
from majlis.channels.models import RawMessage
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
            RawMessage.objects.filter(entry__conversation_id=conversation_id).delete()
            forget_letters(conversation_id)
            forget_conversation(conversation_id)
            remove(conversation_id, teammate=teammate)
    except Refused:
        if teammate is None:
            return False
        raise
    return True
