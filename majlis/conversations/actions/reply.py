"""A teammate's reply, refused when something newer was not seen."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils import timezone

from majlis.conversations.models import Conversation, Entry, EntryKind, Status
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .assign import assign_to
from .changing import Change
from .entering import enter
from .receive import snippet


def reply(
    change: Change,
    *,
    teammate: Teammate,
    text: str,
    html: str,
    seen_seq: int,
    submission_key: UUID,
    to: list[str],
    cc: list[str],
    subject: str,
    is_forced: bool = False,
) -> Entry:
    """Add a reply; it waits for nobody but is not yet on its way.

    `seen_seq` is the seq the writer's page stood at. Raises Refused("empty"),
    Refused("already_posted", entry_id=…) when this teammate posted the same submission before,
    and Refused("newer_entry", since=…) when somebody else wrote meanwhile (unless forced).
    """
    conversation = change.conversation
    posted, has_newer = _standing(conversation, teammate, submission_key, seen_seq=seen_seq)
    if posted is not None:
        raise Refused("already_posted", entry_id=posted)
    if not text.strip():
        raise Refused("empty")
    if has_newer and not is_forced:
        raise Refused("newer_entry", since=seen_seq)

    now = timezone.now()
    if conversation.assignee_id is None:
        assign_to(change, teammate, by=teammate)
    seq = change.next_seq()
    entry = Entry(
        conversation=conversation,
        mailbox_id=conversation.mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=EntryKind.REPLY,
        teammate=teammate,
        from_name=teammate.name,
        to=to,
        cc=cc,
        subject=subject,
        text=text,
        html=html,
        submission_key=submission_key,
        written_at=now,
        created_at=now,
    )
    enter(entry)
    conversation.last_activity_at = now
    conversation.snippet = snippet(text)
    conversation.waiting_since = None
    change.record("reply.posted", actor_id=teammate.pk, entry=entry, seq=seq)
    if conversation.status in (Status.OPEN, Status.IN_PROGRESS, Status.CLOSED):
        before = conversation.status
        conversation.status = Status.WAITING
        conversation.closed_at = None
        change.record(
            "status.changed", actor_id=teammate.pk, data={"before": before, "after": Status.WAITING.value}
        )
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


def set_message_id(entry: Entry, message_id: str) -> None:
    """Fix the id under which the reply will leave; answers find the conversation by it."""
    entry.message_id = message_id
    with connection.cursor() as cursor:
        cursor.execute(
            "with named as (update conversations_entry set message_id = %s where id = %s returning id)"
            " insert into conversations_messageid (mailbox_id, conversation_id, entry_id, value, is_own)"
            " select %s::bigint, %s::bigint, id, %s::text, true from named on conflict do nothing",
            [message_id, entry.pk, entry.mailbox_id, entry.conversation_id, message_id],
        )


def _standing(
    conversation: Conversation, teammate: Teammate, submission_key: UUID, *, seen_seq: int
) -> tuple[int | None, bool]:
    """The entry this submission made before, and whether somebody else wrote after `seen_seq`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select id from conversations_entry where teammate_id = %s and submission_key = %s),"
            " exists (select from conversations_entry where conversation_id = %s and seq > %s"
            " and not is_withdrawn and teammate_id is distinct from %s)",
            [teammate.pk, submission_key, conversation.pk, seen_seq, teammate.pk],
        )
        posted, has_newer = cursor.fetchone()
    return posted, has_newer


def withdraw(change: Change, entry: Entry) -> None:
    """Take a reply back that has not left. It goes from the thread; the journal keeps it."""
    conversation = change.conversation
    entry.is_withdrawn = True
    Entry.objects.filter(pk=entry.pk).update(is_withdrawn=True)
    last = (
        Entry.objects.filter(conversation=conversation, is_withdrawn=False)
        .exclude(kind=EntryKind.NOTE)
        .order_by("-seq")
        .first()
    )
    if last is not None:
        conversation.snippet = snippet(last.text)
        is_waiting = last.kind == EntryKind.MESSAGE and not last.automatic and not last.is_historic
        if is_waiting:
            conversation.waiting_since = last.created_at
    change.record("reply.withdrawn", actor_id=entry.teammate_id, entry=entry)
    if conversation.status in (Status.WAITING, Status.CLOSED):
        before = conversation.status
        conversation.status = Status.IN_PROGRESS
        conversation.closed_at = None
        change.record(
            "status.changed",
            actor_id=entry.teammate_id,
            data={"before": before, "after": Status.IN_PROGRESS.value},
        )
