"""The story of a form coming in: its writer recognised, a conversation begun, files and fields with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from majlis.channels.forms.models import Form
from majlis.conversations.actions.attach import attach
from majlis.conversations.actions.open import opening
from majlis.conversations.actions.receive import Incoming, receive
from majlis.conversations.actions.spam import BLOCKED_ADDRESS, BLOCKED_DOMAIN
from majlis.conversations.models import Entry, EntryKind
from majlis.files.models import File
from majlis.lib.errors import Refused
from majlis.people.actions.recognise import recognise
from majlis.people.blocks import blocked_by

CHANNEL = "form"
_SEPARATOR = "\n\n"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A stored file that came along."""

    file: File
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, checked.

    `fields` are pairs of label and answer, in the words the writer read. `page` is where the form stood, without a query.
    `key` names this message once and for all (64 digits). `may_be_told`: an acknowledgement may go to `address`.
    """

    name: str
    address: str
    language: str
    subject: str
    message: str
    fields: Sequence[tuple[str, str]]
    files: Sequence[Enclosed]
    page: str
    key: str
    may_be_told: bool


def take_in(form: Form, filled: Filled, *, now: datetime) -> Entry:
    """Begin a conversation with what was filled in; the same `key` and words again are the conversation they were.

    An address that somebody typed proves nothing: it is taken like the From of a mail, and joins no conversation that
    is there. Raises Refused("used") for a key that came with other words.
    """
    if (known := _known(filled)) is not None:
        return known
    for left in (2, 1, 0):
        try:
            with transaction.atomic():
                return _taken_in(form, filled, now)
        except IntegrityError:
            if (known := _known(filled)) is None:
                raise
            return known
        except OperationalError as problem:
            if getattr(problem.__cause__, "sqlstate", "") not in ("40001", "40P01") or not left:
                raise
    raise AssertionError("the last try returns or raises")


def text_of(filled: Filled) -> str:
    """All that was said as plain lines: the message, then a line for each answer."""
    others = "\n".join(f"{label}: {answer}" for label, answer in filled.fields)
    return _SEPARATOR.join(part for part in (filled.message, others) if part)


def _known(filled: Filled) -> Entry | None:
    found = Entry.objects.filter(message_key=filled.key, kind=EntryKind.MESSAGE).first()
    if found is not None and (found.text, found.from_address) != (text_of(filled), filled.address):
        raise Refused("used")
    return found


def _taken_in(form: Form, filled: Filled, now: datetime) -> Entry:
    customer = recognise(filled.address, name=filled.name, language=filled.language)
    holding = opening(
        form.mailbox_id,
        customer,
        subject=filled.subject,
        address=filled.address,
        name=filled.name,
        now=now,
        savepoint=False,
    )
    with holding as change:
        change.conversation.channel = CHANNEL
        entry = receive(change, _incoming(form, filled, customer=customer, now=now))
        for one in filled.files:
            attach(entry, file=one.file, name=one.name, content_type=one.content_type)
    return entry


def _incoming(form: Form, filled: Filled, *, customer: Any, now: datetime) -> Incoming:
    blocked = blocked_by([filled.address])
    return Incoming(
        customer=customer,
        from_name=filled.name,
        from_address=filled.address,
        to=[],
        cc=[],
        subject=filled.subject,
        text=text_of(filled),
        quoted="",
        html="",
        has_remote_images=False,
        message_id="",
        message_key=filled.key,
        references=(),
        automatic="",
        is_historic=False,
        is_same_id=False,
        raw=None,
        written_at=None,
        received_at=now,
        spam_reason={"address": BLOCKED_ADDRESS, "domain": BLOCKED_DOMAIN}.get(blocked, ""),
        details={
            "form": {
                "id": form.pk,
                "name": form.name,
                "page": filled.page,
                "fields": [list(pair) for pair in filled.fields],
                "message": len(filled.message),
                "is_quiet": not filled.may_be_told,
            }
        },
    )
