"""A customer a brand's own site vouches for: known by its name for them, with what it tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone

from majlis.lib.arabic import sort_key
from majlis.people.models import Brand, Customer, CustomerAddress, CustomerIdentity

from .customers import LONGEST_NAME, LONGEST_VALUE, MOST_ATTRIBUTES, TEXTS, company_named

# What a site may tell of a customer's own columns; everything else is an attribute.
COLUMNS = frozenset({"job", "plan", "pays", "time_zone", "language"})


@transaction.atomic
def vouched(
    brand: Brand,
    value: str,
    *,
    name: str,
    email: str,
    attributes: Mapping[str, str | int | float | bool],
    instead: Customer | None = None,
) -> Customer:
    """The customer whom `brand`'s site calls `value`, with what it says of them written down.

    Not known by that name: the one its `email` belongs to, else `instead` (who wrote before they were known), else a new
    one. The email becomes theirs unless it is another's. A name is learned where none stands; plan, what they pay, job,
    company, language, time zone, `customer_since` and the rest are as the site says now.
    """
    email = _address(email)
    customer = _known(brand, value) or _by_address(email) or instead or _made(name)
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into people_customeridentity (brand_id, value, customer_id, created_at)"
            " values (%s, %s, %s, %s) on conflict do nothing",
            [brand.pk, value, customer.pk, timezone.now()],
        )
        if not cursor.rowcount and (winner := _known(brand, value)) is not None:
            customer = Customer.objects.select_for_update().get(pk=winner.pk)
        if email:
            cursor.execute(
                "insert into people_customeraddress (customer_id, address, created_at) values (%s, %s, %s)"
                " on conflict do nothing",
                [customer.pk, email, timezone.now()],
            )
    _write_down(customer, name, attributes)
    return customer


def _known(brand: Brand, value: str) -> Customer | None:
    found = (
        CustomerIdentity.objects.filter(brand=brand, value=value)
        .select_related("customer__merged_into")
        .first()
    )
    if found is None:
        return None
    return _kept(found.customer)


def _by_address(email: str) -> Customer | None:
    if not email:
        return None
    found = CustomerAddress.objects.filter(address=email).select_related("customer__merged_into").first()
    return _kept(found.customer) if found else None


def _kept(customer: Customer) -> Customer:
    """Who somebody merged into another is now."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def _made(name: str) -> Customer:
    return Customer.objects.create(name=name, name_key=sort_key(name), created_at=timezone.now())


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


def _write_down(customer: Customer, name: str, attributes: Mapping[str, str | int | float | bool]) -> None:
    before = {field: getattr(customer, field) for field in _FIELDS}
    if name and not customer.name:
        customer.name = name[: TEXTS["name"]]
        customer.name_key = sort_key(customer.name)
    kept = dict(customer.attributes)
    for key, value in attributes.items():
        text = ("true" if value else "false") if isinstance(value, bool) else str(value)
        if key in COLUMNS:
            setattr(customer, key, text[: TEXTS[key]])
        elif key == "company":
            customer.company = company_named(text)
        elif key == "customer_since" and (day := _day(text)) is not None:
            customer.customer_since_on = day
        elif key in kept or len(kept) < MOST_ATTRIBUTES:
            kept[key[:LONGEST_NAME]] = text[:LONGEST_VALUE]
    customer.attributes = kept
    changed = [field for field, value in before.items() if getattr(customer, field) != value]
    if changed:
        customer.save(update_fields=changed)


_FIELDS = ("name", "name_key", "company_id", "customer_since_on", "attributes", *sorted(COLUMNS))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
