"""What the made-up team wrote down of its customers, after they had written."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from majlis.demo import cast
from majlis.demo.staging import Stage
from majlis.lib.arabic import sort_key
from majlis.people.actions import customer_notes, customers
from majlis.people.demo import DOMAIN
from majlis.people.models import Company, Customer

_FACTS = ("مقاس العباية", "اللون المفضل", "طلبات هذا العام")
_COLOURS = ("أسود", "كحلي", "زيتي", "بيج")


def write_down(stage: Stage, *, seed: int, today: date) -> None:
    """Companies, plans, facts of the team's own, how to talk to them, notes: for those who wrote."""
    random = Random(seed + 2)  # noqa: S311 - a shop is no secret
    by_address = {
        row.address: row.customer_id
        for customer in Customer.objects.filter(addresses__address__endswith=DOMAIN).prefetch_related(
            "addresses"
        )
        for row in customer.addresses.all()
    }
    for person in cast.CUSTOMERS:
        size, colour = random.randrange(50, 60), random.choice(_COLOURS)
        orders, days = random.randrange(1, 14), random.randrange(120, 1500)
        customer_id = by_address.get(person.address)
        if customer_id is None:
            continue
        said = {
            "job": person.job,
            "plan": person.plan,
            "language": person.language,
            "customer_since_on": today - timedelta(days=days),
        }
        customers.describe(customer_id, said)
        company = _company(stage, person.company)
        Customer.objects.filter(pk=customer_id).update(
            company=company,
            attributes=dict(zip(_FACTS, (size, colour, orders), strict=True)) | {"المدينة": person.city},
        )
        if person.form or person.is_technical is not None:
            hours = "بعد الرابعة عصرًا" if person.form else ""
            customers.set_talk(customer_id, is_technical=person.is_technical, form=person.form, hours=hours)
        if person.note:
            customer_notes.add_customer_note(customer_id, person.note, by=stage.team["reem"])


def _company(stage: Stage, key: str) -> Company | None:
    """The company of that key, with the shop's own domain, so that it is never one of the team's."""
    if not key:
        return None
    name, attributes = cast.COMPANIES[key]
    domain = f"{key}.{DOMAIN}"
    found = Company.objects.filter(domain=domain).first()
    if found is None:
        if Company.objects.filter(name__iexact=name).exists():
            name = f"{name} · {domain}"
        found = Company.objects.create(
            name=name,
            name_key=sort_key(name),
            domain=domain,
            attributes=attributes,
            created_at=stage.team["reem"].created_at,
        )
        stage.keep("companies", found.pk)
    return found
