"""What the team writes down of a customer: who they are, where they work, and how to talk to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from majlis.lib.arabic import sort_key
from majlis.lib.errors import Refused
from majlis.people.models import Company, Customer

TEXTS = {"name": 120, "job": 120, "plan": 60, "pays": 60, "time_zone": 60, "language": 8}
MOST_ATTRIBUTES = 40
LONGEST_NAME = 60
LONGEST_VALUE = 500


def held(customer_id: int) -> Customer:
    """The customer, locked until the transaction ends. Raises Refused("no_such_customer") for none or a merged one."""
    found = Customer.objects.select_for_update().filter(pk=customer_id, merged_into=None).first()
    if found is None:
        raise Refused("no_such_customer")
    return found


def company_named(name: str) -> Company | None:
    """The company of this name, however its letters are cased, made when there is none; none for no name."""
    name = " ".join(name.split())[:120]
    if not name:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into people_company (name, name_key, domain, attributes, created_at)"
            " values (%s, %s, '', '{}', %s) on conflict do nothing",
            [name, sort_key(name), timezone.now()],
        )
    return Company.objects.get(name__iexact=name)


@transaction.atomic
def describe(customer_id: int, said: Mapping[str, Any]) -> Customer:
    """Write down what was `said`: any of the texts above, `company` (a name), `customer_since_on` (a date or None).

    Raises Refused("no_such_customer"), Refused("too_long_value").
    """
    customer = held(customer_id)
    for name in said.keys() & TEXTS.keys():
        text = " ".join(str(said[name]).split())
        if len(text) > TEXTS[name]:
            raise Refused("too_long_value", longest=TEXTS[name])
        setattr(customer, name, text)
    if "name" in said:
        customer.name_key = sort_key(customer.name)
    if "company" in said:
        customer.company = company_named(str(said["company"]))
    if "customer_since_on" in said:
        customer.customer_since_on = said["customer_since_on"]
    customer.save()
    return customer


@transaction.atomic
def set_talk(customer_id: int, *, is_technical: bool | None, form: str, hours: str) -> None:
    """Write down how to talk to them; what is not known is left out. Raises Refused("no_such_customer")."""
    customer = held(customer_id)
    talk: dict[str, Any] = {} if is_technical is None else {"is_technical": is_technical}
    texts = {"form": " ".join(form.split())[:200], "hours": " ".join(hours.split())[:200]}
    customer.talk = talk | {name: text for name, text in texts.items() if text}
    customer.save(update_fields=["talk"])


@transaction.atomic
def put_attribute(customer_id: int, name: str, value: str) -> str | None:
    """Keep a fact of the team's own; what stood there before, None for nothing.

    Raises Refused: "no_such_customer", "empty", "too_long_value", "too_many".
    """
    name, value = " ".join(name.split()), " ".join(value.split())
    if not name or not value:
        raise Refused("empty")
    if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
        raise Refused("too_long_value", longest=LONGEST_NAME if len(name) > LONGEST_NAME else LONGEST_VALUE)
    customer = held(customer_id)
    before = customer.attributes.get(name)
    if before is None and len(customer.attributes) >= MOST_ATTRIBUTES:
        raise Refused("too_many", most=MOST_ATTRIBUTES)
    customer.attributes = {**customer.attributes, name: value}
    customer.save(update_fields=["attributes"])
    return None if before is None else str(before)


@transaction.atomic
def remove_attribute(customer_id: int, name: str) -> str | None:
    """Forget a fact; what it was, None when there was none. Raises Refused("no_such_customer")."""
    customer = held(customer_id)
    left = dict(customer.attributes)
    before = left.pop(name, None)
    customer.attributes = left
    customer.save(update_fields=["attributes"])
    return None if before is None else str(before)


def set_unwilling(customer_id: int, *, is_unwilling: bool) -> None:
    """Write down whether somebody does not want to be written to first. Raises Refused("no_such_customer")."""
    if not Customer.objects.filter(pk=customer_id, merged_into=None).update(is_unwilling=is_unwilling):
        raise Refused("no_such_customer")
