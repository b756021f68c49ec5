"""The addresses a customer is known by: each belongs to one customer, and the next mail from it lands there."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone

from majlis.lib.errors import Refused
from majlis.people.models import CustomerAddress

from .customers import held


@transaction.atomic
def add_address(customer_id: int, typed: str) -> CustomerAddress:
    """Know a customer by one more address.

    Raises Refused: "no_such_customer"; "not_an_address"; "address_known" when it is theirs already;
    "address_of_another" (customer: the id of whom it belongs to).
    """
    address = typed.strip().lower()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise Refused("not_an_address") from problem
    customer = held(customer_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into people_customeraddress (customer_id, address, created_at) values (%s, %s, %s)"
            " on conflict do nothing",
            [customer.pk, address, timezone.now()],
        )
        is_new = cursor.rowcount == 1
    found = CustomerAddress.objects.get(address=address)
    if is_new:
        return found
    if found.customer_id == customer.pk:
        raise Refused("address_known")
    raise Refused("address_of_another", customer=found.customer_id)


@transaction.atomic
def remove_address(customer_id: int, address_id: int) -> str:
    """Forget one of their addresses; which it was. The last one stays, else nobody would know them again.

    Raises Refused: "no_such_customer", "no_such_address", "last_address".
    """
    customer = held(customer_id)
    found = customer.addresses.filter(pk=address_id).first()
    if found is None:
        raise Refused("no_such_address")
    if customer.addresses.count() == 1:
        raise Refused("last_address")
    found.delete()
    return found.address
