"""A message passed on to somebody who does not take part."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from majlis.conversations.models import Attachment, Entry, EntryKind
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .attach import attach
from .changing import Change
from .entering import enter_at_end
from .reply import refuse_twice


def forward(
    change: Change,
    original: Entry,
    *,
    entry_id: int,
    teammate: Teammate,
    text: str,
    html: str,
    to: Sequence[str],
    cc: Sequence[str],
    bcc: Sequence[str],
    message_id: str,
    submission_key: UUID,
) -> Entry:
    """Enter a copy of `original` that goes to others, its files along; nothing else of the conversation changes.

    Raises Refused: already_posted (data: entry_id), no_address without anybody to send it to.
    """
    refuse_twice(teammate, submission_key)
    if not to:
        raise Refused("no_address")
    now = timezone.now()
    seq = change.next_seq()
    subject = original.subject or change.conversation.subject
    entry = Entry(
        id=entry_id,
        conversation=change.conversation,
        mailbox_id=change.conversation.mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=EntryKind.FORWARD,
        teammate=teammate,
        from_name=teammate.name,
        to=list(to),
        cc=list(cc),
        bcc=list(bcc),
        subject=subject if subject.lower().startswith(("fwd:", "fw:")) else f"Fwd: {subject}".strip(),
        text=text,
        html=html,
        details={"entry": original.pk, "from": original.from_name or original.from_address, "to": list(to)},
        message_id=message_id,
        submission_key=submission_key,
        written_at=now,
        created_at=now,
    )
    enter_at_end(change, entry)
    for found in Attachment.objects.filter(entry=original).select_related("file").order_by("pk"):
        attach(entry, file=found.file, name=found.name, content_type=found.content_type)
    change.conversation.last_activity_at = now
    change.record("forward.posted", actor_id=teammate.pk, data={"to": list(to)}, entry=entry, seq=seq)
    return entry
