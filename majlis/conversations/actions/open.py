"""A new conversation begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from majlis.conversations.models import Conversation, Status
from majlis.people.models import Customer, Mailbox

from .changing import SAVED, Change, columns, finish

_OPEN = (
    f"with opened as (insert into conversations_conversation ({', '.join(SAVED)})"  # noqa: S608
    f" values ({', '.join('%s' for _ in SAVED)}) returning id),"
    " participant as (insert into conversations_participant (conversation_id, address, name, is_customer)"
    " select id, %s::text, %s::text, true from opened)"
    " select id from opened"
)


@contextmanager
def opening(
    mailbox: Mailbox | int,
    customer: Customer,
    *,
    subject: str,
    address: str,
    now: datetime,
    name: str = "",
    maybe_same_as: int | None = None,
    is_historic: bool = False,
    is_closed: bool = False,
    savepoint: bool = True,
    channel: str = "email",
) -> Iterator[Change]:
    """Make a conversation and hold it like `changing` does; its first entry is the caller's.

    Nobody else can see the row before the commit, so no further lock is needed. `address` is the
    customer's, as written to; `is_closed` for mail that is only kept; `savepoint` as in `changing`; `channel` is
    the way it came.
    """
    conversation = Conversation(
        mailbox_id=mailbox if isinstance(mailbox, int) else mailbox.pk,
        customer=customer,
        subject=subject,
        channel=channel,
        status=Status.CLOSED if is_closed else Status.OPEN,
        closed_at=now if is_closed else None,
        last_activity_at=now,
        created_at=now,
        maybe_same_as_id=maybe_same_as,
        is_historic=is_historic,
    )
    conversation.shelf = conversation.lies_on
    opened = columns(conversation)
    with transaction.atomic(savepoint=savepoint):
        with connection.cursor() as cursor:
            cursor.execute(_OPEN, [*opened.values(), address, name])
            (conversation.pk,) = cursor.fetchone()
        conversation._state.adding = False
        change = Change(conversation, None, opened)
        yield change
        finish(change)
