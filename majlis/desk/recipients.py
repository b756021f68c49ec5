"""Addresses as they were typed into To, CC and BCC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import getaddresses

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Exists, OuterRef, Q

from majlis.channels.outbox import Recipients
from majlis.conversations.models import Conversation, Participant
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import CustomerAddress, Teammate

MOST = 50
SHOWN = 8
MANY_LETTERS = 2
_BETWEEN = re.compile(r"[,;،؛\n]+")


def addresses(typed: str) -> list[str]:
    """The addresses in what was typed, parted by commas, semicolons or lines, each once.

    Raises Refused: bad_address (data: address, what is no address), too_many_addresses (data: most).
    """
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in _BETWEEN.split(typed))):
        for word in part.split() if "<" not in part else [part]:
            address = getaddresses([word])[0][1]
            try:
                validate_email(address)
            except ValidationError as wrong:
                raise Refused("bad_address", address=word, name=word) from wrong
            found.setdefault(address.lower(), address)
    if len(found) > MOST:
        raise Refused("too_many_addresses", most=MOST)
    return list(found.values())


def chosen(fields: Mapping[str, str]) -> Recipients | None:
    """Whom the writer chose, None when they left it to the desk. Raises Refused like `addresses`."""
    if "to" not in fields:
        return None
    return Recipients(*(addresses(fields.get(name, "")) for name in ("to", "cc", "bcc")))


def proposed(teammate: Teammate, conversation: Conversation, typed: str) -> list[tuple[str, str]]:
    """(name, address) of whom `typed` may mean, eight at most: those who take part, then customers by name or address.

    Only customers who wrote to a mailbox this teammate may see.
    """
    words = typed.strip().lower()
    taking = Participant.objects.filter(conversation=conversation)
    found = {
        one.address.lower(): (one.name, one.address)
        for one in taking.order_by("pk")
        if one.address and (not words or words in one.address.lower() or words in one.name.lower())
    }
    if len(words) >= MANY_LETTERS:
        visible = Conversation.objects.filter(
            customer_id=OuterRef("customer_id"), mailbox_id__in=people.mailbox_ids_visible_to(teammate)
        )
        known = CustomerAddress.objects.filter(
            Q(address__icontains=words) | Q(customer__name__icontains=words)
        ).filter(Exists(visible))
        for one in known.select_related("customer").order_by("pk")[:SHOWN]:
            found.setdefault(one.address.lower(), (one.customer.name, one.address))
    return list(found.values())[:SHOWN]
