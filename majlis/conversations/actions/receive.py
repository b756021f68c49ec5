"""A customer's message becomes an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from majlis.conversations.models import Entry, EntryKind, Status
from majlis.files.models import File
from majlis.people.models import Customer

from .changing import Change
from .entering import enter
from .returning import bring_back_to_customer
from .spam import BLOCKED_ADDRESS, BLOCKED_DOMAIN, mark_spam

SNIPPET_LENGTH = 140


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message on its way in, without a word of how it travelled.

    `text` is what is shown, `quoted_above` what is folded above it, `signature` and `quoted` below; `html` is sanitised. `automatic`
    names the kind of automatic mail, empty for a person's. `references` are the ids it refers to. `mailbox_id` is the
    mailbox it came in by, where that is not the conversation's own: one merged into it may lie there. `spam_reason` is
    why it belongs to spam, if it does (a code of `spam`). `details` is what it says besides its text (Entry.details).
    """

    customer: Customer
    from_name: str
    from_address: str
    to: list[str]
    cc: list[str]
    subject: str
    text: str
    quoted: str
    html: str
    has_remote_images: bool
    message_id: str
    message_key: str
    references: tuple[str, ...]
    automatic: str
    is_historic: bool
    is_same_id: bool
    raw: File | None
    written_at: datetime | None
    received_at: datetime
    mailbox_id: int = 0
    spam_reason: str = ""
    details: dict[str, Any] | None = None
    quoted_above: str = ""
    signature: str = ""


def receive(change: Change, message: Incoming) -> Entry:
    """Add `message` to the conversation held by `change`.

    The writer takes part from now on. A person's message reopens the conversation, wakes it and starts
    the waiting; automatic and historic mail does nothing of that, nor does spam.
    """
    conversation = change.conversation
    is_new_participant = _join(change, message)
    is_first = conversation.seq == 0
    seq = change.next_seq()
    entry = Entry(
        conversation=conversation,
        mailbox_id=message.mailbox_id or conversation.mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=EntryKind.MESSAGE,
        customer=message.customer,
        from_name=message.from_name,
        from_address=message.from_address,
        to=message.to,
        cc=message.cc,
        subject=message.subject,
        text=message.text,
        quoted_above=message.quoted_above,
        signature=message.signature,
        quoted=message.quoted,
        html=message.html,
        has_remote_images=message.has_remote_images,
        message_id=message.message_id,
        message_key=message.message_key,
        automatic=message.automatic,
        is_historic=message.is_historic,
        is_new_participant=is_new_participant,
        is_same_id=message.is_same_id,
        details=message.details,
        raw=message.raw,
        written_at=message.written_at,
        created_at=message.received_at,
    )
    enter(entry, references=message.references)
    if message.spam_reason and not message.is_historic and _is_spam(change, message, is_first=is_first):
        mark_spam(change, message.spam_reason, teammate=None)
    _move(change, message)
    if not message.is_historic:
        change.conversation.message_seq = seq
    change.record("customer.wrote", data={"automatic": message.automatic}, entry=entry, seq=seq)
    return entry


def _join(change: Change, message: Incoming) -> bool:
    """Whether the writer was not seen in this conversation before."""
    if not message.from_address or change.conversation.seq == 0:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into conversations_participant (conversation_id, address, name, is_customer)"
            " values (%s, %s, %s, false) on conflict do nothing",
            [change.conversation.pk, message.from_address, message.from_name],
        )
        return bool(cursor.rowcount == 1)


def _is_spam(change: Change, message: Incoming, *, is_first: bool) -> bool:
    """Claims that the whole conversation is: its first message, or its own customer was blocked."""
    if is_first:
        return True
    is_own = message.customer.pk == change.conversation.customer_id
    return is_own and message.spam_reason in (BLOCKED_ADDRESS, BLOCKED_DOMAIN)


def _move(change: Change, message: Incoming) -> None:
    conversation = change.conversation
    conversation.last_activity_at = max(conversation.last_activity_at, message.received_at)
    conversation.snippet = snippet(message.text)
    if message.automatic or message.is_historic or conversation.is_spam:
        return
    bring_back_to_customer(change)
    if conversation.waiting_since is None:
        conversation.waiting_since = message.received_at
    if conversation.status in (Status.CLOSED, Status.WAITING):
        before = conversation.status
        conversation.status = Status.OPEN if conversation.assignee_id is None else Status.IN_PROGRESS
        conversation.closed_at = None
        change.record("status.changed", data={"before": before, "after": conversation.status})


def snippet(text: str) -> str:
    """The beginning of a text on one line, for lists."""
    line = " ".join(text[: SNIPPET_LENGTH * 3].split())
    return line if len(line) <= SNIPPET_LENGTH else line[: SNIPPET_LENGTH - 1].rstrip() + "…"
