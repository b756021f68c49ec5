"""Customers to write to, by a part of their name or address."""

from __future__ import annotations

from django.db.models import Q

from majlis.lib.arabic import sort_key
from majlis.people import queries as people
from majlis.people.models import CustomerAddress, Teammate

MOST = 6


def addresses(teammate: Teammate, asked: str) -> list[CustomerAddress]:
    """Addresses of customers of whom this teammate may see a conversation, or who have none yet; six at most."""
    visible = people.mailbox_ids_visible_to(teammate)
    match = Q(address__contains=asked.lower())
    if key := sort_key(asked):
        match |= Q(customer__name_key__contains=key)
    found = CustomerAddress.objects.filter(match, customer__merged_into=None).filter(
        Q(customer__conversations__mailbox_id__in=visible) | Q(customer__conversations=None)
    )
    return list(found.select_related("customer").distinct().order_by("customer__name_key", "pk")[:MOST])
