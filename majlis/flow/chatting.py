"""The story of what a visitor says by chat: who they are, the conversation it belongs to, received."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from majlis.channels.chat import queries
from majlis.channels.chat.models import ChatThread, ChatUpload, Visitor
from majlis.channels.chat.promising import promise
from majlis.channels.chat.standing import CHANNEL
from majlis.channels.chat.visitors import siblings
from majlis.conversations.actions.acknowledge import acknowledge, has_answer
from majlis.conversations.actions.attach import attach
from majlis.conversations.actions.changing import Change
from majlis.conversations.actions.open import opening
from majlis.conversations.actions.pair import following
from majlis.conversations.actions.receive import Incoming, receive
from majlis.conversations.actions.spam import BLOCKED_ADDRESS, BLOCKED_DOMAIN
from majlis.conversations.models import Entry
from majlis.journal.actions import nudge
from majlis.lib.arabic import is_arabic
from majlis.lib.errors import Refused
from majlis.people.actions.recognise import recognise
from majlis.people.blocks import blocked_by
from majlis.people.models import Customer, CustomerAddress

LONGEST: Final = 5_000
MOST_FILES: Final = 5
_SUBJECT: Final = 80


@dataclass(frozen=True, slots=True)
class Saying:
    """Something a visitor says. `key` is their browser's name for it: said again, it is the same.

    `conversation_id` is one of their own, None for a new one; `uploads` are files they sent before; `page` is the
    address they were at, without its query.
    """

    key: UUID
    text: str
    page: str
    uploads: Sequence[UUID] = ()
    conversation_id: int | None = None


def say(visitor: Visitor, saying: Saying) -> Entry:
    """Take in what a visitor says; the entry it became, or the one it became when it was said before.

    One transaction: customer, conversation, entry, files, journal. Raises Refused: empty, too_long (data: longest),
    too_many_files (data: most), unknown_file, not_found (the conversation is none of theirs).
    """
    if before := _before(visitor, saying):
        return before
    text = saying.text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text and not saying.uploads:
        raise Refused("empty")
    if len(text) > LONGEST:
        raise Refused("too_long", longest=LONGEST)
    if len(saying.uploads) > MOST_FILES:
        raise Refused("too_many_files", most=MOST_FILES)
    try:
        with transaction.atomic():
            return _say(visitor, saying, text)
    except IntegrityError:
        # The same was posted twice at once: the other one stands.
        if before := _before(visitor, saying):
            return before
        raise


def _say(visitor: Visitor, saying: Saying, text: str) -> Entry:
    # Two tabs of a visitor who never wrote must not become two customers.
    visitor = (
        Visitor.objects.select_for_update(of=("self",))
        .select_related("widget__brand", "widget__mailbox", "customer")
        .get(pk=visitor.pk)
    )
    uploads = _uploads(visitor, saying)
    customer = _customer(visitor, text)
    address = _address(customer) if visitor.identity else ""
    with _holding(visitor, saying, customer, address, text or uploads[0].name) as change:
        entry = receive(change, _incoming(visitor, saying, customer, address, text))
        for upload in uploads:
            attach(entry, file=upload.file, name=upload.name, content_type=upload.content_type)
        ChatUpload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
        number = change.conversation.pk
        _, is_new = ChatThread.objects.update_or_create(
            conversation_id=number,
            defaults={
                "is_by_mail": False,
                "ended_at": None,
                "read_seq": entry.seq,
                "read_at": entry.created_at,
            },
            create_defaults={
                "visitor": visitor,
                "widget": visitor.widget,
                "read_seq": entry.seq,
                "read_at": entry.created_at,
            },
        )
        _acknowledge(change, visitor, text)
    if is_new:
        nudge({"k": "chat", "c": number, "v": siblings(visitor)})
    return entry


def _acknowledge(change: Change, visitor: Visitor, text: str) -> None:
    """Outside the hours: say in the chat when somebody answers, once in a conversation and never after an answer."""
    if has_answer(change.conversation.pk):
        return
    language = visitor.language or ("ar" if is_arabic(text) else "en")
    promised = promise(visitor.widget, language=language, time_zone=visitor.time_zone)
    if promised.is_open or not promised.sentence:
        return
    with connection.cursor() as cursor:
        cursor.execute("select nextval('conversations_entry_id_seq')")
        (entry_id,) = cursor.fetchone() or (0,)
    with translation.override(language):
        said = _("Your message has reached us. %(answer)s") % {"answer": promised.sentence}
    acknowledge(
        change,
        entry_id,
        to="",
        from_name=visitor.widget.brand.name_for(language),
        text=said,
        message_id="",
        now=timezone.now(),
    )


def _holding(
    visitor: Visitor, saying: Saying, customer: Customer, address: str, subject: str
) -> AbstractContextManager[Change]:
    """The conversation it belongs to, held."""
    if saying.conversation_id is not None:
        return following(queries.thread_of(visitor, saying.conversation_id).conversation_id)
    line = " ".join(subject.split())
    return opening(
        visitor.widget.mailbox_id,
        customer,
        subject=line if len(line) <= _SUBJECT else line[: _SUBJECT - 1].rstrip() + "…",
        address=address,
        name=customer.name,
        now=timezone.now(),
        savepoint=False,
        channel=CHANNEL,
    )


def _incoming(visitor: Visitor, saying: Saying, customer: Customer, address: str, text: str) -> Incoming:
    details: dict[str, Any] = {"key": str(saying.key)}
    if saying.page:
        details["page"] = saying.page
    blocked = blocked_by([address]) if address else ""
    return Incoming(
        customer=customer,
        from_name=customer.name or visitor.name,
        from_address=address,
        to=[],
        cc=[],
        subject="",
        text=text,
        quoted="",
        html="",
        has_remote_images=False,
        message_id="",
        message_key=_key(visitor, saying),
        references=(),
        automatic="",
        is_historic=False,
        is_same_id=False,
        raw=None,
        written_at=None,
        received_at=timezone.now(),
        spam_reason={"address": BLOCKED_ADDRESS, "domain": BLOCKED_DOMAIN}.get(blocked, ""),
        details=details,
    )


def _customer(visitor: Visitor, text: str) -> Customer:
    """Who they are here; somebody nobody knows is a customer of their own."""
    customer = visitor.customer
    while customer is not None and customer.merged_into_id is not None:
        customer = customer.merged_into
    if customer is not None:
        return customer
    customer = recognise(
        "", name=visitor.name, language=visitor.language or ("ar" if is_arabic(text) else "")
    )
    visitor.customer = customer
    visitor.save(update_fields=["customer"])
    return customer


def _address(customer: Customer) -> str:
    """Where somebody the site vouches for gets mail; the first of theirs."""
    found = CustomerAddress.objects.filter(customer=customer).order_by("pk")
    return found.values_list("address", flat=True).first() or ""


def _uploads(visitor: Visitor, saying: Saying) -> list[ChatUpload]:
    if not saying.uploads:
        return []
    found = {
        one.reference: one
        for one in ChatUpload.objects.select_related("file").filter(
            visitor=visitor, reference__in=list(saying.uploads)
        )
    }
    if len(found) != len(set(saying.uploads)):
        raise Refused("unknown_file")
    return [found[reference] for reference in saying.uploads]


def _before(visitor: Visitor, saying: Saying) -> Entry | None:
    return Entry.objects.filter(mailbox=visitor.widget.mailbox_id, message_key=_key(visitor, saying)).first()


def _key(visitor: Visitor, saying: Saying) -> str:
    return hashlib.sha256(f"chat {visitor.pk} {saying.key}".encode()).hexdigest()
