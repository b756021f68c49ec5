"""Searches for customers that are kept under a name."""

from __future__ import annotations

from django.utils import timezone

from majlis.people.models import CustomerView, Teammate


def keep_view(name: str, query: str, *, by: Teammate, is_shared: bool) -> CustomerView:
    """Keep a search, for everybody or for `by` alone; one of the same name there is kept anew."""
    owner = None if is_shared else by
    name = " ".join(name.split())[:60]
    found = CustomerView.objects.filter(owner=owner, name=name).first()
    if found is None:
        return CustomerView.objects.create(name=name, query=query, owner=owner, created_at=timezone.now())
    found.query = query
    found.save(update_fields=["query"])
    return found


def remove_view(view: CustomerView) -> None:
    """Keep it no longer."""
    view.delete()
