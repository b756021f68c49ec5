"""The one way anything leaves: replies and the desk's own letters are queued here and sent by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from majlis.channels.actions.deliver import recover_orphans, run_due
from majlis.channels.actions.retry import retry, settle_by_hand, undo
from majlis.channels.actions.returned import refuse_returned
from majlis.channels.chat import standing
from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.threading import make_message_id
from majlis.channels.gate import Asked, lets_through
from majlis.channels.models import AUTOMATIC_RANK, AutomaticMail, Delivery, State
from majlis.channels.opened import know_no_files
from majlis.channels.queries import next_due_at
from majlis.conversations.actions.answering import Held, answering
from majlis.conversations.actions.attach import attach, attach_drafted
from majlis.conversations.actions.changing import Change
from majlis.conversations.actions.close import close
from majlis.conversations.actions.draft import forget
from majlis.conversations.actions.participate import participate
from majlis.conversations.actions.reply import reply
from majlis.conversations.actions.snooze import snooze
from majlis.conversations.models import Conversation, DraftFile, Entry
from majlis.files.actions import store
from majlis.journal import actions as journal
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Teammate

__all__ = [
    "UNDO",
    "EmailBackend",
    "Posted",
    "Recipients",
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


@dataclass(frozen=True, slots=True)
class Recipients:
    """Addresses that the writer chose."""

    to: list[str]
    cc: list[str]
    bcc: list[str]


@dataclass(frozen=True, slots=True)
class Posted:
    """A reply as it was taken. `change` is what it did to its conversation, None when it stood there before."""

    entry: Entry
    change: Change | None


def send_reply(
    teammate: Teammate,
    conversation_id: int,
    *,
    text: str,
    seen_seq: int,
    submission_key: UUID,
    html: str = "",
    uploads: Sequence[Upload] = (),
    drafted: Sequence[DraftFile] = (),
    recipients: Recipients | None = None,
    is_forced: bool = False,
    minds_returns: bool = False,
    was_drafted: bool = False,
    should_close: bool = False,
    snoozed_until: datetime | None = None,
) -> Posted:
    """Reply to a conversation; the mail leaves after the time to undo.

    The reply, its files, its delivery and the journal are one transaction; the bytes of the files are on the disk
    before. `seen_seq` is what the writer's page stood at; `is_forced` sends although somebody wrote meanwhile. The
    same `submission_key` again returns the entry it made, and nothing is sent twice. `html` is clean; `drafted` are
    the files of the draft this was (`was_drafted`: there is one, and it goes with the change); `recipients` stands in
    place of those that take part. In a chat that is live it stands there at once, and goes by mail if nobody sees it.
    With `minds_returns` nothing goes unasked to an address that mail came back from for good.

    Raises Refused: not_found (or not visible to this teammate), empty, no_recipient, newer_entry (data: since),
    comes_back (data: address, why).
    """
    mailbox_ids = people.mailbox_ids_visible_to(teammate)
    if uploads and not Conversation.objects.filter(pk=conversation_id, mailbox_id__in=mailbox_ids).exists():
        raise Refused("not_found")
    stored = [(upload, store(upload.content)) for upload in uploads]
    try:
        with answering(
            conversation_id,
            teammate=teammate,
            mailbox_ids=mailbox_ids,
            submission_key=submission_key,
            seen_seq=seen_seq,
        ) as held:
            if recipients is not None:
                _choose(held, recipients)
            is_live = recipients is None and standing.is_live(held.change.conversation)
            if minds_returns and not is_live:
                refuse_returned([*held.to, *held.cc, *(recipients.bcc if recipients else ())])
            entry = reply(
                held,
                teammate=teammate,
                text=text,
                html=html,
                message_id=make_message_id(
                    conversation_id,
                    held.entry_id,
                    domain=ascii_domain(held.address).rpartition("@")[2],
                    key=signing_key(),
                ),
                seen_seq=seen_seq,
                submission_key=submission_key,
                file_names=[*(file.name for file in uploads), *(file.name for file in drafted)],
                bcc=recipients.bcc if recipients else (),
                is_forced=is_forced,
                is_live=is_live,
            )
            for upload, file in stored:
                attach(entry, file=file, name=upload.name, content_type=upload.content_type)
            attach_drafted(entry, drafted)
            if not stored and not drafted:
                know_no_files(entry)
            if was_drafted:
                forget(held.change, teammate, "reply")
            if is_live:
                _show(held.change, entry)
            else:
                queue(held.change, entry)
            if should_close:
                close(held.change, teammate=teammate)
            if snoozed_until is not None:
                snooze(held.change, snoozed_until, teammate=teammate)
            journal.wake("deliver")
    except Refused as refused:
        if refused.code != "already_posted":
            raise
        return Posted(Entry.objects.get(pk=cast(int, refused.data["entry_id"])), None)
    return Posted(entry, held.change)


def _show(change: Change, entry: Entry) -> None:
    """It stands in the chat with the change; there is no delivery to be asked for."""
    standing.answered(change, entry.created_at)
    entry._state.fields_cache["delivery"] = None
    journal.wake("letters")


def _choose(held: Held, recipients: Recipients) -> None:
    """Those the writer chose get it, and take part from now on; who gets a hidden copy does not."""
    held.to, held.cc = recipients.to, recipients.cc
    joining = [Joining("", address) for address in (*recipients.to, *recipients.cc)]
    participate(held.change.conversation, joining, own=people.own_addresses())


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who takes part from now on."""

    name: str
    address: str


@cache
def signing_key() -> bytes:
    """The key that the ids of messages are signed with."""
    return settings.CONFIG.derived_key("signing")


def queue(change: Change, entry: Entry) -> None:
    """Have an entry leave after the time to undo; its delivery is written with the end of the change.

    What nobody wrote (`gate` let it through) nobody undoes: it is due at once.
    """
    is_automatic = entry.teammate_id is None
    due_at = entry.created_at + (timedelta() if is_automatic else UNDO)
    rank = AUTOMATIC_RANK if is_automatic else 0
    change.write(
        "queued",
        "insert into channels_delivery (entry_id, mailbox_id, message_id, state, due_at, attempts, rank,"
        " claimed_by, why, created_at) values (%s, %s, %s, 'queued', %s, 0, %s, '', '', %s)",
        [entry.pk, entry.mailbox_id, entry.message_id, due_at, rank, entry.created_at],
    )
    # As pages show it, without asking for it again; its own id nobody needs.
    queued = Delivery(
        entry=entry,
        mailbox_id=entry.mailbox_id,
        message_id=entry.message_id,
        state=State.QUEUED,
        due_at=due_at,
        created_at=entry.created_at,
    )
    entry._state.fields_cache["delivery"] = queued


def queue_letter(to: str, subject: str, text: str, html: str = "") -> Delivery:
    """Queue the desk's own mail to one address (a reset link, an invitation); it leaves as soon as it can.

    A person asked for it, so the gate counts it and stops only a flood: such a letter is written down as cancelled.
    """
    now = timezone.now()
    domain = ascii_domain(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2]
    with transaction.atomic():
        asked = Asked(to, AutomaticMail.Kind.LETTER, subject, text, is_asked_for=True)
        is_refused = bool(lets_through(asked, now=now))
        delivery = Delivery.objects.create(
            letter={"to": to, "subject": subject, "text": text, "html": html},
            message_id=f"<{uuid4().hex}@{domain}>",
            state=State.CANCELLED if is_refused else State.QUEUED,
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
