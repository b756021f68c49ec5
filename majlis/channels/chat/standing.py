"""Where a chat stands on its way between the page and the mailbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from majlis.channels.chat.models import ChatThread
from majlis.conversations.actions.changing import Change
from majlis.conversations.models import Conversation, Participant

CHANNEL: Final = "chat"
QUIET: Final = timedelta(minutes=1)  # after the last answer, before what is unseen goes by mail
OVER: Final = timedelta(minutes=30)  # without a word from either side: then a chat has ended

_ANSWERED = "update channels_chatthread set mail_due_at = %s::timestamptz, ended_at = null where conversation_id = %s::bigint"


def is_live(conversation: Conversation) -> bool:
    """Claims that an answer stands in the chat at once, and goes by mail only if nobody sees it there.

    So it is unless what the customer said last came by mail.
    """
    return (
        conversation.channel == CHANNEL
        and ChatThread.objects.filter(conversation=conversation.pk, is_by_mail=False).exists()
    )


def answered(change: Change, at: datetime) -> None:
    """Somebody answered in the chat held by `change`: unseen, it goes by mail after a quiet minute."""
    change.write("shown", _ANSWERED, [at + QUIET, change.conversation.pk])


def address_of(thread: ChatThread) -> str:
    """Where mail of a chat goes: the customer's own address there, else the one they typed; empty without any."""
    own = Participant.objects.filter(conversation=thread.conversation_id, is_customer=True).exclude(
        address=""
    )
    return own.values_list("address", flat=True).first() or thread.address
