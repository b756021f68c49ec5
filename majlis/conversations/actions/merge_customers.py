"""Two customers turned out to be one: their conversations come together, and part again when that was wrong."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from majlis.conversations.models import Conversation, Entry
from majlis.people.actions import joining_customers
from majlis.people.models import CustomerAddress, CustomerMerge, Teammate

from .changing import changing


@transaction.atomic
def merge_customers(merged_id: int, into_id: int, *, by: Teammate | None) -> CustomerMerge:
    """Everything of one customer becomes the other's; later mail from either address lands there too.

    The caller has seen to it that `by` may see both; without one, it follows from a proof. Each conversation changes under its lock, in the order of the
    numbers, and open pages are told. It goes on writing to the address it began with.

    Raises Refused: "same_customer", "no_such_customer".
    """
    merge = joining_customers.join(merged_id, into_id, by=by)
    address = CustomerAddress.objects.filter(pk__in=merge.moved["addresses"]).order_by("pk").first()
    name = merge.merged.name or (address.address if address else "")
    told = {"merge": merge.pk, "customer": into_id, "name": name}
    conversations, entries = _hand_over(
        merged_id, into_id, kind="customer.merged", told=told, by=by, only=None
    )
    merge.moved |= {"conversations": conversations, "entries": entries, "name": name}
    merge.save(update_fields=["moved"])
    return merge


@transaction.atomic
def part_customers(merge_id: int, *, by: Teammate) -> CustomerMerge:
    """Undo a merge: each has again what was theirs, and what came from the parted one's addresses since.

    Raises Refused: "already_undone", "merged_further".
    """
    merge = joining_customers.part(merge_id)
    addresses = set(merge.merged.addresses.values_list("address", flat=True))
    begun_since = Conversation.objects.filter(
        customer=merge.into, participants__is_customer=True, participants__address__in=addresses
    ).values_list("pk", flat=True)
    written_since = Entry.objects.filter(customer=merge.into, from_address__in=addresses)
    told = {"merge": merge.pk, "customer": merge.merged_id, "name": merge.moved.get("name", "")}
    _hand_over(
        merge.into_id,
        merge.merged_id,
        kind="customer.parted",
        told=told,
        by=by,
        only=(
            {*merge.moved["conversations"], *begun_since},
            {*merge.moved["entries"], *written_since.values_list("pk", flat=True)},
        ),
    )
    return merge


def _hand_over(
    of_id: int,
    to_id: int,
    *,
    kind: str,
    told: dict[str, Any],
    by: Teammate | None,
    only: tuple[Collection[int], Collection[int]] | None,
) -> tuple[list[int], list[int]]:
    """Give conversations and entries of one customer to another, all or `only` these; the ids of both."""
    entries = Entry.objects.filter(customer_id=of_id)
    if only is not None:
        entries = entries.filter(pk__in=only[1])
    written: dict[int, list[int]] = {}
    for pk, number in entries.order_by("pk").values_list("pk", "conversation_id"):
        written.setdefault(number, []).append(pk)
    theirs = Conversation.objects.filter(customer_id=of_id)
    if only is not None:
        theirs = theirs.filter(pk__in=only[0])
    owned = set(theirs.values_list("pk", flat=True))
    for number in sorted(owned | written.keys()):
        with changing(number, savepoint=False) as change:
            if number in owned:
                change.conversation.customer_id = to_id
            change.record(kind, actor_id=by.pk if by else None, data=told)
            Entry.objects.filter(pk__in=written.get(number, ())).update(
                customer_id=to_id, changed_seq=change.conversation.seq
            )
    return sorted(owned), sorted(pk for pks in written.values() for pk in pks)
