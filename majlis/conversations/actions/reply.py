"""A teammate's reply, refused when something newer was not seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from majlis.conversations.models import Entry, EntryKind, Status
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from . import words
from .answering import Held
from .assign import assign_to
from .changing import Change
from .entering import enter_at_end
from .receive import snippet
from .returning import bring_back
from .snooze import wake


def reply(
    held: Held,
    *,
    teammate: Teammate,
    text: str,
    html: str,
    message_id: str,
    seen_seq: int,
    submission_key: UUID,
    file_names: Sequence[str] = (),
    bcc: Sequence[str] = (),
    is_forced: bool = False,
    is_live: bool = False,
) -> Entry:
    """Add a reply to the conversation held for it; it waits for nobody but is not yet on its way.

    One that `is_live` stands where the customer reads it at once, and goes to no address.

    `seen_seq` is the seq the writer's page stood at, `message_id` the id it will leave under: answers find the
    conversation by it. Raises Refused("already_posted", entry_id=…) when this teammate posted the same submission
    before, Refused("empty") without text and files, Refused("no_recipient"), and Refused("newer_entry", since=…) when somebody else wrote meanwhile (unless
    forced).
    """
    change = held.change
    conversation = change.conversation
    if held.posted_id is not None:
        raise Refused("already_posted", entry_id=held.posted_id)
    if not text.strip() and not file_names:
        raise Refused("empty")
    if not held.to and not is_live:
        raise Refused("no_recipient")
    if held.newer_seq is not None and not is_forced:
        raise Refused("newer_entry", since=seen_seq, newest=held.newer_seq)

    now = timezone.now()
    bring_back(change, teammate=teammate)
    if conversation.assignee_id is None:
        assign_to(change, teammate, by=teammate)
    seq = change.next_seq()
    entry = Entry(
        id=held.entry_id,
        conversation=conversation,
        mailbox_id=conversation.mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=EntryKind.REPLY,
        teammate=teammate,
        from_name=teammate.name,
        to=[] if is_live else held.to,
        cc=[] if is_live else held.cc,
        bcc=list(bcc),
        subject=conversation.subject,
        text=text,
        html=html,
        message_id=message_id,
        submission_key=submission_key,
        written_at=now,
        created_at=now,
    )
    enter_at_end(change, entry)
    conversation.last_activity_at = now
    conversation.snippet = snippet(text) or snippet(" ".join(file_names))
    conversation.waiting_since = None
    change.record("reply.posted", actor_id=teammate.pk, entry=entry, seq=seq)
    if conversation.status in (Status.OPEN, Status.IN_PROGRESS, Status.CLOSED):
        before = conversation.status
        conversation.status = Status.WAITING
        conversation.closed_at = None
        change.record(
            "status.changed", actor_id=teammate.pk, data={"before": before, "after": Status.WAITING.value}
        )
    if change.seq_before == seen_seq:
        change.read_by = teammate.pk
    return entry


def refuse_twice(teammate: Teammate, submission_key: UUID) -> None:
    """Raises Refused("already_posted", entry_id=…) when this submission stands already."""
    posted = (
        Entry.objects.filter(teammate=teammate, submission_key=submission_key)
        .values_list("pk", flat=True)
        .first()
    )
    if posted is not None:
        raise Refused("already_posted", entry_id=posted)


def withdraw(change: Change, entry: Entry) -> None:
    """Take a reply back that has not left. It goes from the thread; the journal keeps it."""
    conversation = change.conversation
    entry.is_withdrawn = True
    Entry.objects.filter(pk=entry.pk).update(is_withdrawn=True)
    words.forget([entry.pk])
    if entry.kind == EntryKind.FORWARD:
        change.record("reply.withdrawn", actor_id=entry.teammate_id, entry=entry)
        return
    last = (
        Entry.objects.filter(conversation=conversation, is_withdrawn=False)
        .exclude(kind__in=(EntryKind.NOTE, EntryKind.FORWARD, EntryKind.AUTO))
        .order_by("-seq")
        .first()
    )
    if last is not None and last.kind == EntryKind.REPLY and last.seq > entry.seq:
        # It waited long to leave, and somebody answered meanwhile: the conversation stands by that answer.
        change.record("reply.withdrawn", actor_id=entry.teammate_id, entry=entry)
        return
    if last is not None:
        conversation.snippet = snippet(last.text)
        is_waiting = last.kind == EntryKind.MESSAGE and not last.automatic and not last.is_historic
        if is_waiting:
            since = conversation.waiting_since
            conversation.waiting_since = _wrote_before(entry) or since or last.created_at
    change.record("reply.withdrawn", actor_id=entry.teammate_id, entry=entry)
    if conversation.snoozed_until is not None:
        wake(change, why="hand")
    if conversation.status in (Status.WAITING, Status.CLOSED):
        before = conversation.status
        conversation.status = Status.IN_PROGRESS
        conversation.closed_at = None
        change.record(
            "status.changed",
            actor_id=entry.teammate_id,
            data={"before": before, "after": Status.IN_PROGRESS.value},
        )


def _wrote_before(entry: Entry) -> datetime | None:
    """Since when the customer had waited for this reply: their first message after the answer before it."""
    earlier = Entry.objects.filter(
        conversation_id=entry.conversation_id, seq__lt=entry.seq, is_withdrawn=False
    )
    answered = (
        earlier.filter(kind=EntryKind.REPLY).order_by("-seq").values_list("seq", flat=True).first() or 0
    )
    wrote = earlier.filter(kind=EntryKind.MESSAGE, automatic="", is_historic=False, seq__gt=answered)
    return wrote.order_by("seq").values_list("created_at", flat=True).first()
