"""What has to be known before a reply: whether one may answer here, and whom the answer reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from .models import Conversation

_STANDING = (
    "select m.id, m.address,"
    " (select id from conversations_entry where teammate_id = %s and submission_key = %s)"
    " from conversations_conversation c join people_mailbox m on m.id = c.mailbox_id"
    " where c.id = %s and c.mailbox_id = any(%s::bigint[])"
)
_RECIPIENTS = (
    "select array(select address from conversations_participant where conversation_id = %s order by id),"
    " array(select is_customer from conversations_participant where conversation_id = %s order by id),"
    " array(select address from people_mailbox),"
    " array(select address from people_customeraddress where customer_id = %s),"
    " (select from_address from conversations_entry where conversation_id = %s and kind = 'message'"
    "  and customer_id = %s and from_address <> '' order by seq desc limit 1)"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The mailbox a conversation lies in, and the entry that this submission made before, if it did."""

    mailbox_id: int
    address: str
    posted_id: int | None


def standing(
    number: int, *, mailbox_ids: Sequence[int], teammate_id: int, submission_key: UUID
) -> Standing | None:
    """Where a teammate stands who wants to answer; None when the conversation is in none of these mailboxes."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [teammate_id, submission_key, number, list(mailbox_ids)])
        row = cursor.fetchone()
    return Standing(*row) if row else None


def recipients(conversation: Conversation) -> tuple[list[str], list[str]]:
    """Whom a reply goes to and who gets a copy, as addresses.

    To: the address the customer last wrote from. Copies: the others who take part, but for our own mailboxes
    and the customer's other addresses. Empty lists when the customer has no address here.
    """
    pk, customer_id = conversation.pk, conversation.customer_id
    with connection.cursor() as cursor:
        cursor.execute(_RECIPIENTS, [pk, pk, customer_id, pk, customer_id])
        addresses, are_customers, own, theirs, last = cursor.fetchone()
    taking_part = list(zip(addresses, are_customers, strict=True))
    to = last or next((address for address, is_customer in taking_part if is_customer), "")
    if not to:
        return [], []
    skipped = {address.lower() for address in own} | set(theirs) | {to.lower()}
    copies = [address for address in addresses if address and address.lower() not in skipped]
    return [to], list(dict.fromkeys(copies))
