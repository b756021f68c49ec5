"""Which customer an address belongs to; a new one when nobody wrote from it before."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from majlis.lib.arabic import sort_key
from majlis.people.models import Customer, CustomerAddress


def recognise(address: str, *, name: str, language: str = "") -> Customer:
    """The customer who writes from `address` (kept in lower case), made when there is none.

    A name is learned the first time one is given; one that is known stays. Two messages of a new address at
    the same moment: the unique address lets one win, and the other takes the winner's customer.
    """
    address = address.strip().lower()
    name = " ".join(name.split())
    found = _known(address)
    if found is None:
        found = _made(address, name, language)
    return _learned(found, name, language)


def _known(address: str) -> Customer | None:
    row = CustomerAddress.objects.select_related("customer").filter(address=address).first()
    return row.customer if row else None


def _made(address: str, name: str, language: str) -> Customer:
    now = timezone.now()
    with transaction.atomic():
        customer = Customer.objects.create(
            name=name, name_key=sort_key(name), language=language, created_at=now
        )
        # ON CONFLICT waits for the other transaction and raises nothing, so ours goes on either way.
        CustomerAddress.objects.bulk_create(
            [CustomerAddress(customer=customer, address=address, created_at=now)], ignore_conflicts=True
        )
        winner = CustomerAddress.objects.select_related("customer").get(address=address).customer
        if winner.pk != customer.pk:
            customer.delete()
        return winner


def _learned(customer: Customer, name: str, language: str) -> Customer:
    changed = []
    if name and not customer.name:
        customer.name, customer.name_key = name, sort_key(name)
        changed += ["name", "name_key"]
    if language and not customer.language:
        customer.language = language
        changed.append("language")
    if changed:
        customer.save(update_fields=changed)
    return customer
