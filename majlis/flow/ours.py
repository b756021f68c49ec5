"""Old mail that we wrote ourselves, out of a folder of sent mail: a reply of ours, not a message of a customer's."""

from __future__ import annotations

from dataclasses import replace

from majlis.channels.email import quoting, threading
from majlis.channels.email.parsing import Address, ParsedMail, Part
from majlis.channels.models import RawMessage, Route
from majlis.conversations.actions import bring as past
from majlis.conversations.actions.attach import attach
from majlis.conversations.actions.open import opening
from majlis.conversations.actions.pair import following
from majlis.conversations.models import Entry, EntryKind, MessageId, Status
from majlis.files.models import File
from majlis.lib import html, rich
from majlis.lib.own import Own
from majlis.people.actions.recognise import recognise
from majlis.people.models import Teammate

from . import threads


def take(
    raw: RawMessage, mail: ParsedMail, *, key: str, files: list[tuple[Part, File]], own: Own
) -> Entry | None:
    """The reply that an imported mail from one of our `own` addresses to somebody outside was; None for other mail.

    It goes where its ids lead, if whom it was written to takes part there; else it begins a conversation with them.
    """
    if raw.route != Route.IMPORT or mail.sender is None or mail.sender.address.lower() not in own:
        return None
    outside = [one for one in (*mail.to, *mail.cc) if one.address and one.address.lower() not in own]
    if not outside:
        return None
    if (known := _brought_already(raw, mail)) is not None:
        return known
    found = threads.find(raw.mailbox_id, mail, outside[0].address, own=own)
    said = _said(raw, mail, key)
    if found.join is not None:
        holding = following(found.join)
    else:
        customer = recognise(outside[0].address, name=outside[0].name)
        holding = opening(
            raw.mailbox_id,
            customer,
            subject=mail.subject,
            address=outside[0].address.lower(),
            name=outside[0].name,
            now=said.at,
            maybe_same_as=found.maybe,
            is_historic=True,
            is_closed=not raw.stays_open,
            savepoint=False,
        )
    with holding as change:
        before = change.conversation.seq
        if found.join is None and raw.stays_open:
            change.conversation.status = Status.WAITING
        entry = past.say(change, said, people=outside, own=own)
        for part, file in files:
            attach(
                entry,
                file=file,
                name=part.name,
                content_type=part.content_type,
                content_id=part.content_id or "",
                is_inline=part.is_inline,
            )
    past.settle(entry.conversation_id, after=before)
    return entry


def _brought_already(raw: RawMessage, mail: ParsedMail) -> Entry | None:
    """The reply that came over from FreeScout, of which this is the mail."""
    ids = threading.brought(mail.message_id or "")
    named = MessageId.objects.filter(value__in=ids, mailbox_id=raw.mailbox_id, is_own=True) if ids else ()
    return next((one.entry for one in named), None)


def _said(raw: RawMessage, mail: ParsedMail, key: str) -> past.Said:
    folded = quoting.fold(mail.text, subject=mail.subject)
    is_quoting = bool(folded.above or folded.quoted)
    writer = mail.sender or Address("", "")
    clean = rich.clean(html.sanitise(mail.html)) if mail.html and not is_quoting else ""
    said = past.Said(
        kind=EntryKind.REPLY,
        at=mail.date or raw.received_at,
        text=folded.text,
        quoted_above=folded.above,
        signature=folded.signature,
        quoted=folded.quoted,
        html=clean,
        teammate=_teammate(writer.name),
        from_name=writer.name or writer.address,
        to=[one.address for one in mail.to],
        cc=[one.address for one in mail.cc],
        message_id=mail.message_id or "",
        ids=(*mail.in_reply_to, *mail.references),
    )
    return replace(said, raw=raw.file, message_key=key)


def _teammate(name: str) -> Teammate | None:
    """Who works here under exactly this name, in either script; nobody where two do."""
    plain = " ".join(name.split())
    if not plain:
        return None
    named = Teammate.objects.filter(name__iexact=plain) | Teammate.objects.filter(name_latin__iexact=plain)
    found = list(named[:2])
    return found[0] if len(found) == 1 else None
