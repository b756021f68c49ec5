"""The one way anything leaves: replies and the desk's own letters are queued here and sent by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone

from majlis.channels.actions.deliver import recover_orphans, run_due
from majlis.channels.actions.retry import retry, settle_by_hand, undo
from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.threading import make_message_id
from majlis.channels.models import Delivery
from majlis.channels.queries import next_due_at
from majlis.conversations import answering
from majlis.conversations.actions.attach import attach
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close
from majlis.conversations.actions.reply import reply, set_message_id
from majlis.conversations.models import Entry
from majlis.files.actions import store
from majlis.journal import actions as journal
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Teammate

__all__ = [
    "UNDO",
    "EmailBackend",
    "Upload",
    "next_due_at",
    "queue_letter",
    "recover_orphans",
    "retry",
    "run_due",
    "send_reply",
    "settle_by_hand",
    "undo",
]

UNDO = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send along."""

    name: str
    content_type: str
    content: bytes


def send_reply(
    teammate: Teammate,
    conversation_id: int,
    *,
    text: str,
    seen_seq: int,
    submission_key: UUID,
    uploads: Sequence[Upload] = (),
    is_forced: bool = False,
    should_close: bool = False,
) -> Entry:
    """Reply to a conversation; the mail leaves after the time to undo.

    The reply, its files, its delivery and the journal are one transaction; the bytes of the files are on the disk
    before. `seen_seq` is what the writer's page stood at; `is_forced` sends although somebody wrote meanwhile. The
    same `submission_key` again returns the entry it made, and nothing is sent twice.

    Raises Refused: not_found (or not visible to this teammate), empty, no_recipient, newer_entry (data: since).
    """
    standing = answering.standing(
        conversation_id,
        mailbox_ids=people.mailbox_ids_visible_to(teammate),
        teammate_id=teammate.pk,
        submission_key=submission_key,
    )
    if standing is None:
        raise Refused("not_found")
    if not text.strip():
        raise Refused("empty")
    if standing.posted_id is not None:
        return Entry.objects.get(pk=standing.posted_id)
    stored = [(upload, store(upload.content)) for upload in uploads]
    domain = ascii_domain(standing.address).rpartition("@")[2]
    try:
        with changing(conversation_id) as change:
            to, cc = answering.recipients(change.conversation)
            if not to:
                raise Refused("no_recipient")
            entry = reply(
                change,
                teammate=teammate,
                text=text,
                html="",
                seen_seq=seen_seq,
                submission_key=submission_key,
                to=to,
                cc=cc,
                subject=change.conversation.subject,
                is_forced=is_forced,
            )
            for upload, file in stored:
                attach(entry, file=file, name=upload.name, content_type=upload.content_type)
            key = settings.CONFIG.derived_key("signing")
            set_message_id(entry, make_message_id(conversation_id, entry.pk, domain=domain, key=key))
            _queue(entry)
            if should_close:
                close(change, teammate=teammate)
            journal.wake("deliver")
    except Refused as refused:
        # Two posts of one submission at once: the conversation's lock lets the second find the first.
        posted = _posted(teammate, submission_key) if refused.code == "already_posted" else None
        if posted is None:
            raise
        return posted
    return entry


def _queue(entry: Entry) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into channels_delivery (entry_id, mailbox_id, message_id, state, due_at, attempts, claimed_by,"
            " why, created_at) values (%s, %s, %s, 'queued', %s, 0, '', '', %s)",
            [entry.pk, entry.mailbox_id, entry.message_id, entry.created_at + UNDO, entry.created_at],
        )


def queue_letter(to: str, subject: str, text: str, html: str = "") -> Delivery:
    """Queue the desk's own mail to one address (a reset link, an invitation); it leaves as soon as it can."""
    now = timezone.now()
    domain = ascii_domain(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2]
    with transaction.atomic():
        delivery = Delivery.objects.create(
            letter={"to": to, "subject": subject, "text": text, "html": html},
            message_id=f"<{uuid4().hex}@{domain}>",
            due_at=now,
            created_at=now,
        )
        journal.wake("deliver")
    return delivery


class EmailBackend(BaseEmailBackend):
    """Django's way of sending mail: it is queued, a letter for each recipient, and never sent inline."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue them; how many. Raises ValueError for a message with files: letters carry none."""
        for message in email_messages:
            if message.attachments:
                raise ValueError("the desk's own letters carry no files")
            text, html = str(message.body), ""
            for content, kind in getattr(message, "alternatives", []):
                html = str(content) if kind == "text/html" else html
            for address in message.recipients():
                queue_letter(address, str(message.subject), text, html)
        return len(email_messages)


def _posted(teammate: Teammate, submission_key: UUID) -> Entry | None:
    return Entry.objects.filter(teammate=teammate, submission_key=submission_key).first()
