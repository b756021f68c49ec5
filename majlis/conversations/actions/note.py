"""An internal note."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from majlis.conversations.models import Entry, EntryKind
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .changing import Change
from .entering import enter
from .reply import refuse_twice


def add_note(
    change: Change,
    *,
    teammate: Teammate,
    text: str,
    submission_key: UUID,
    html: str = "",
    has_files: bool = False,
) -> Entry:
    """Add a note that customers never see; with files it may be without a text.

    Raises Refused("empty") and Refused("already_posted", entry_id=…).
    """
    refuse_twice(teammate, submission_key)
    if not text.strip() and not has_files:
        raise Refused("empty")
    now = timezone.now()
    seq = change.next_seq()
    entry = Entry(
        conversation=change.conversation,
        mailbox_id=change.conversation.mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=EntryKind.NOTE,
        teammate=teammate,
        from_name=teammate.name,
        text=text,
        html=html,
        submission_key=submission_key,
        written_at=now,
        created_at=now,
    )
    enter(entry)
    change.conversation.last_activity_at = now
    change.record("note.added", actor_id=teammate.pk, entry=entry, seq=seq)
    return entry
