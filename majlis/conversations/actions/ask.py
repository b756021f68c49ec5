"""A colleague without an account is asked about a conversation, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from majlis.conversations.models import Entry, EntryKind, Question
from majlis.files.models import File
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .changing import Change
from .entering import enter
from .note import add_note

LONGEST_NAME = 120


def ask(
    change: Change, *, teammate: Teammate, address: str, name: str, text: str, submission_key: UUID
) -> Question:
    """Write the question down as a note; the conversation waits for that colleague until they answer.

    Raises Refused: empty, no_name, already_posted (data: entry_id).
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise Refused("no_name")
    entry = add_note(change, teammate=teammate, text=text, submission_key=submission_key)
    question = Question.objects.create(
        conversation=change.conversation,
        entry=entry,
        teammate=teammate,
        address=address,
        name=name,
        asked_at=entry.created_at,
    )
    told = {"entry": entry.pk, "question": question.pk, "name": name}
    change.record("question.asked", actor_id=teammate.pk, data=told)
    return question


@dataclass(frozen=True, slots=True)
class Answer:
    """What a colleague wrote back: `text` is shown, the others are folded around it."""

    from_name: str
    from_address: str
    text: str
    quoted: str
    message_key: str
    raw: File | None
    quoted_above: str = ""
    signature: str = ""


def answered(change: Change, question: Question, answer: Answer, *, mailbox_id: int) -> Entry:
    """The answer becomes a note of that colleague. They take no part, and no mail finds the conversation by it."""
    now, seq = timezone.now(), change.next_seq()
    name = (
        question.name if answer.from_address == question.address else answer.from_name or answer.from_address
    )
    entry = Entry(
        conversation=change.conversation,
        mailbox_id=mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=EntryKind.NOTE,
        from_name=name,
        from_address=answer.from_address,
        text=answer.text,
        quoted_above=answer.quoted_above,
        signature=answer.signature,
        quoted=answer.quoted,
        message_key=answer.message_key,
        raw=answer.raw,
        written_at=now,
        created_at=now,
    )
    enter(entry)
    change.conversation.last_activity_at = now
    if question.answered_at is None:
        question.answered_at, question.answer = now, entry
        question.save(update_fields=["answered_at", "answer"])
    change.record(
        "question.answered", data={"entry": entry.pk, "question": question.pk, "name": name}, entry=entry
    )
    return entry
