"""What the desk answers by itself stands in the thread, and changes nothing else of the conversation."""

from __future__ import annotations

from datetime import datetime

from majlis.conversations.models import Entry, EntryKind

from .changing import Change
from .entering import enter_at_end

AUTOMATIC = "acknowledgement"


def has_answer(conversation_id: int) -> str:
    """What a conversation has already: `acknowledged`, `answered` (by a person), or nothing."""
    said = Entry.objects.filter(conversation=conversation_id, is_withdrawn=False)
    if said.filter(kind=EntryKind.AUTO, automatic=AUTOMATIC).exists():
        return "acknowledged"
    return "answered" if said.filter(kind__in=(EntryKind.REPLY, EntryKind.CALL)).exists() else ""


def acknowledge(
    change: Change,
    entry_id: int,
    *,
    to: str,
    from_name: str,
    text: str,
    message_id: str,
    now: datetime,
    html: str = "",
    automatic: str = AUTOMATIC,
    kind: str = "acknowledged",
) -> Entry:
    """Add an acknowledgement to the conversation held by `change`, under the id taken for it.

    With another `automatic` and event `kind`: what of a chat goes by mail. `to` is empty for what only a chat shows.

    It is no reply: who waits goes on waiting, status, assignee, snippet and the order of lists stay as they are, nobody
    is told, and no reply that is being written is stopped by it.
    """
    seq = change.next_seq()
    conversation = change.conversation
    entry = Entry(
        id=entry_id,
        conversation=conversation,
        mailbox_id=conversation.mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=EntryKind.AUTO,
        from_name=from_name,
        to=[to] if to else [],
        subject=conversation.subject,
        text=text,
        html=html,
        message_id=message_id,
        automatic=automatic,
        written_at=now,
        created_at=now,
    )
    enter_at_end(change, entry)
    change.record(kind, entry=entry, seq=seq)
    return entry
