"""What two customers have of their own becomes one's, and how it is given back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from majlis.lib.arabic import sort_key
from majlis.lib.errors import Refused
from majlis.people.models import Customer, CustomerAddress, CustomerMerge, CustomerNote, Teammate

TAKEN = ("name", "language", "job", "company_id", "plan", "pays", "customer_since_on", "time_zone")
KEPT = ("attributes", "talk")


@transaction.atomic
def join(merged_id: int, into_id: int, *, by: Teammate | None) -> CustomerMerge:
    """Give addresses, notes and what the kept one lacks to it; the merged one stays as a row that points there.

    Raises Refused: "same_customer", "no_such_customer".
    """
    if merged_id == into_id:
        raise Refused("same_customer")
    both = _locked(merged_id, into_id)
    merged, kept = both.get(merged_id), both.get(into_id)
    if merged is None or kept is None or merged.merged_into_id or kept.merged_into_id:
        raise Refused("no_such_customer")
    moved: dict[str, Any] = {"taken": _take_over(kept, merged)}
    for name, rows in (
        ("addresses", CustomerAddress.objects.filter(customer=merged)),
        ("notes", CustomerNote.objects.filter(customer=merged)),
    ):
        moved[name] = sorted(rows.values_list("pk", flat=True))
        rows.update(customer=kept)
    kept.save()
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    return CustomerMerge.objects.create(into=kept, merged=merged, teammate=by, at=timezone.now(), moved=moved)


@transaction.atomic
def part(merge_id: int) -> CustomerMerge:
    """Give everything back that the kept one still has. Raises Refused: "already_undone", "merged_further"."""
    merge = CustomerMerge.objects.select_for_update().get(pk=merge_id)
    if merge.undone_at is not None:
        raise Refused("already_undone")
    both = _locked(merge.merged_id, merge.into_id)
    merged, kept = both[merge.merged_id], both[merge.into_id]
    if kept.merged_into_id is not None or merged.merged_into_id != kept.pk:
        raise Refused("merged_further")
    CustomerAddress.objects.filter(pk__in=merge.moved["addresses"], customer=kept).update(customer=merged)
    CustomerNote.objects.filter(pk__in=merge.moved["notes"], customer=kept).update(customer=merged)
    _give_back(kept, merge.moved["taken"])
    kept.save()
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    return merge


def _locked(*ids: int) -> dict[int, Customer]:
    """These customers under their locks, taken in one order, after those of their addresses: as a mail takes them."""
    list(
        CustomerAddress.objects.select_for_update().filter(customer__in=ids).order_by("pk").values_list("pk")
    )
    return {one.pk: one for one in Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


def _take_over(kept: Customer, merged: Customer) -> dict[str, Any]:
    """Fill what the kept one lacks; what was filled, as JSON keeps it."""
    taken: dict[str, Any] = {}
    for name in TAKEN:
        value = getattr(merged, name)
        if value and not getattr(kept, name):
            setattr(kept, name, value)
            taken[name] = value.isoformat() if isinstance(value, date) else value
    kept.name_key = sort_key(kept.name)
    for name in KEPT:
        here = getattr(kept, name)
        coming = {key: value for key, value in getattr(merged, name).items() if key not in here}
        setattr(kept, name, {**here, **coming})
        taken[name] = coming
    if merged.is_unwilling and not kept.is_unwilling:
        kept.is_unwilling = taken["is_unwilling"] = True
    return taken


def _give_back(kept: Customer, taken: dict[str, Any]) -> None:
    """Empty again what was filled and has stayed so."""
    empty: dict[str, Any] = {"company_id": None, "customer_since_on": None}
    for name in TAKEN:
        value = getattr(kept, name)
        if name in taken and (value.isoformat() if isinstance(value, date) else value) == taken[name]:
            setattr(kept, name, empty.get(name, ""))
    kept.name_key = sort_key(kept.name)
    for name in KEPT:
        here = getattr(kept, name)
        gone = {key for key, value in taken[name].items() if here.get(key) == value}
        setattr(kept, name, {key: value for key, value in here.items() if key not in gone})
    if taken.get("is_unwilling"):
        kept.is_unwilling = False
