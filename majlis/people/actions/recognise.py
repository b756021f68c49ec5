"""Which customer an address belongs to; a new one when nobody wrote from it before."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import timezone

from majlis.lib.arabic import sort_key
from majlis.people.models import Customer

_NAMES = [field.attname for field in Customer._meta.concrete_fields]
_KNOWN = (
    f"select {', '.join(f'c.{name}' for name in _NAMES)} from people_customeraddress a"  # noqa: S608
    " join people_customer c on c.id = a.customer_id where a.address = %s for share of a"
)
_MAKE = (
    "with made as (insert into people_customer (name, name_key, language, created_at)"
    " values (%s, %s, %s, %s) returning id),"
    " known as (insert into people_customeraddress (customer_id, address, created_at)"
    " select id, %s::text, %s::timestamptz from made on conflict do nothing returning customer_id)"
    " select made.id, exists (select from known) from made"
)


def recognise(address: str, *, name: str, language: str = "") -> Customer:
    """The customer who writes from `address` (kept in lower case), made when there is none.

    Without an address nobody is known again: each such message has a customer of its own, with no address.
    A name is learned the first time one is given; one that is known stays. Two messages of a new address at
    the same moment: the unique address lets one win, and the other takes the winner's customer.
    Inside a transaction the address stays whose it is until the end: a merge waits, or was waited for.
    """
    address = address.strip().lower()
    name = " ".join(name.split())
    if not address:
        return Customer.objects.create(
            name=name, name_key=sort_key(name), language=language, created_at=timezone.now()
        )
    found = _known(address)
    if found is None:  # or it changed hands while it was waited for
        found = _made(address, name, language)
    return _learned(found, name, language)


def _known(address: str) -> Customer | None:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [address])
        row = cursor.fetchone()
    return Customer.from_db(DEFAULT_DB_ALIAS, _NAMES, row) if row else None


def _made(address: str, name: str, language: str) -> Customer:
    customer = Customer(name=name, name_key=sort_key(name), language=language, created_at=timezone.now())
    # Without a transaction of the caller's too, customer and address are one statement: both come or none.
    with connection.cursor() as cursor:
        # ON CONFLICT waits for the other transaction and raises nothing, so ours goes on either way.
        cursor.execute(
            _MAKE, [name, customer.name_key, language, customer.created_at, address, customer.created_at]
        )
        customer.pk, has_won = cursor.fetchone()
    customer._state.adding = False
    if has_won:
        return customer
    customer.delete()
    winner = _known(address)
    if winner is None:
        raise Customer.DoesNotExist(address)
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
