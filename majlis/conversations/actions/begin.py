"""Writing first: who may be written to today, and the conversation that begins with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from majlis.conversations.models import Conversation, Entry, EntryKind, Status
from majlis.people.models import Customer, Mailbox, Teammate

from .changing import Change
from .entering import enter_at_end
from .open import opening
from .receive import snippet

MOST_A_DAY = 50
REST = timedelta(days=30)
LONGEST_SUBJECT = 300


def left_today(teammate: Teammate) -> int:
    """How many conversations this teammate may still begin before their day ends."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    begun = Conversation.objects.filter(begun_by=teammate, created_at__gte=midnight)
    return max(0, MOST_A_DAY - begun.count())


def unwritable(customers: dict[int, Customer]) -> dict[int, str]:
    """Those of these customers (by id) that may not be written to first, with the code of the reason.

    `unwilling`: they said no. `written_lately`: somebody did within 30 days; what was taken back does not count.
    """
    lately = (
        Conversation.objects.filter(
            customer_id__in=list(customers), created_at__gt=timezone.now() - REST, begun_by__isnull=False
        )
        .filter(entries__kind=EntryKind.REPLY, entries__is_withdrawn=False)
        .values_list("customer_id", flat=True)
    )
    found = dict.fromkeys(lately, "written_lately")
    return found | {pk: "unwilling" for pk, customer in customers.items() if customer.is_unwilling}


def hold(teammate: Teammate) -> None:
    """Let nobody else begin in this teammate's name until the transaction ends: the day's number is counted once."""
    Teammate.objects.select_for_update().only("pk").get(pk=teammate.pk)


@contextmanager
def beginning(
    mailbox: Mailbox,
    customer: Customer,
    *,
    teammate: Teammate,
    address: str,
    name: str,
    subject: str,
    reason: str,
) -> Iterator[tuple[Change, int]]:
    """A conversation that we begin, held like `changing` does, with the id its first entry will have."""
    with opening(
        mailbox, customer, subject=subject, address=address, name=name, now=timezone.now()
    ) as change:
        here = change.conversation
        here.assignee_id = here.begun_by_id = teammate.pk
        here.begun_reason = reason
        here.status = Status.WAITING
        with connection.cursor() as cursor:
            cursor.execute("select nextval('conversations_entry_id_seq')")
            (entry_id,) = cursor.fetchone()
        change.record("begun", actor_id=teammate.pk, data={"reason": reason})
        yield change, entry_id


def say_first(
    change: Change, entry_id: int, *, teammate: Teammate, to: str, text: str, html: str, message_id: str
) -> Entry:
    """The first entry of a conversation that we begin."""
    here, seq, now = change.conversation, change.next_seq(), timezone.now()
    entry = Entry(
        id=entry_id,
        conversation=here,
        mailbox_id=here.mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=EntryKind.REPLY,
        teammate=teammate,
        from_name=teammate.name,
        to=[to],
        subject=here.subject,
        text=text,
        html=html,
        message_id=message_id,
        written_at=now,
        created_at=now,
    )
    enter_at_end(change, entry)
    here.snippet = snippet(text)
    change.record("reply.posted", actor_id=teammate.pk, entry=entry, seq=seq)
    change.read_by = teammate.pk
    return entry
