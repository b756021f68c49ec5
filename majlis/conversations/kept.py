"""Kept searches as somebody sees them: their own and those of everybody."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from majlis.people.models import Teammate

from .models import View


def views_of(teammate: Teammate) -> QuerySet[View]:
    """The views this teammate sees, those of everybody first, each by name."""
    return View.objects.filter(Q(owner=teammate) | Q(owner=None)).order_by(
        F("owner").asc(nulls_first=True), "name", "pk"
    )
