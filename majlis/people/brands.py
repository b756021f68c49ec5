"""Which brands there are, and to which one something belongs."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from majlis.people import queries
from majlis.people.models import Brand


def brands() -> QuerySet[Brand]:
    """Every brand, the house's own first."""
    return Brand.objects.select_related("logo").order_by("pk")


def house() -> Brand:
    """The brand of whatever names none; before the company is named, one that is not kept."""
    found = brands().first()
    if found is not None:
        return found
    installation = queries.installation()
    return Brand(name=installation.company if installation else "", created_at=timezone.now())
