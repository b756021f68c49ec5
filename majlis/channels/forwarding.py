"""Passing a message on: it leaves by the outbox like a reply, with the time to undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.db import connection

from majlis.channels import outbox
from majlis.channels.actions.returned import refuse_returned
from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.threading import make_message_id
from majlis.conversations.actions.attach import attach_drafted
from majlis.conversations.actions.draft import forget
from majlis.conversations.actions.forward import forward
from majlis.conversations.actions.pair import changing_around
from majlis.conversations.models import DraftFile, Entry
from majlis.journal import actions as journal
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox, Teammate


def send_forward(
    teammate: Teammate,
    original: Entry,
    *,
    text: str,
    html: str,
    recipients: outbox.Recipients,
    submission_key: UUID,
    drafted: Sequence[DraftFile] = (),
    minds_returns: bool = False,
) -> Entry:
    """Send a copy of an entry that this teammate may see; the same `submission_key` again sends nothing twice.

    With `minds_returns` nothing goes unasked to an address that mail came back from for good.
    Raises Refused: no_address, comes_back (data: address, why).
    """
    domain = ascii_domain(Mailbox.objects.get(pk=original.mailbox_id).address).rpartition("@")[2]
    with connection.cursor() as cursor:
        cursor.execute("select nextval('conversations_entry_id_seq')")
        (entry_id,) = cursor.fetchone()
    try:
        with changing_around(original) as change:
            entry = forward(
                change,
                original,
                entry_id=entry_id,
                teammate=teammate,
                text=text,
                html=html,
                to=recipients.to,
                cc=recipients.cc,
                bcc=recipients.bcc,
                message_id=make_message_id(
                    change.conversation.pk, entry_id, domain=domain, key=outbox.signing_key()
                ),
                submission_key=submission_key,
            )
            if minds_returns:
                refuse_returned([*recipients.to, *recipients.cc, *recipients.bcc])
            attach_drafted(entry, drafted)
            forget(change, teammate, "forward")
            outbox.queue(change, entry)
            journal.wake("deliver")
    except Refused as refused:
        if refused.code != "already_posted":
            raise
        return Entry.objects.get(pk=cast(int, refused.data["entry_id"]))
    return entry
