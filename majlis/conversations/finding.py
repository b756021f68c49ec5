"""Finding the conversation that another one is to be merged into."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from majlis.conversations.models import Conversation, Shelf
from majlis.lib.arabic import sort_key
from majlis.lib.numbers import ascii_digits
from majlis.people.models import Teammate

from .queries import visible_to

MOST = 12


def targets(teammate: Teammate, conversation: Conversation, asked: str) -> list[Conversation]:
    """Conversations this teammate may see, by number, subject or customer; without a question the customer's own.

    This customer's come first, then the newest. What lies in spam, in the trash or in another one is left out.
    """
    others = (
        visible_to(teammate)
        .exclude(pk=conversation.pk)
        .exclude(shelf__in=[Shelf.SPAM, Shelf.TRASH, Shelf.MERGED])
        .select_related("customer", "mailbox")
    )
    own = others.filter(customer_id=conversation.customer_id)
    if asked:
        match = _match(asked)
        own, others = own.filter(match), others.filter(match)
    else:
        others = others.none()
    found = _newest(own)
    if len(found) < MOST:
        found += _newest(others.exclude(customer_id=conversation.customer_id))[: MOST - len(found)]
    return found


def _newest(rows: QuerySet[Conversation]) -> list[Conversation]:
    return list(rows.order_by("-last_activity_at", "-pk")[:MOST])


def _match(asked: str) -> Q:
    number = re.fullmatch(r"#?(\d{1,18})", ascii_digits(asked))
    if number:
        return Q(pk=int(number[1]))
    match = Q(subject__icontains=asked) | Q(customer__addresses__address__icontains=asked.lower())
    return match if not (key := sort_key(asked)) else match | Q(customer__name_key__contains=key)
