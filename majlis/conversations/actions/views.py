"""Keeping a search: one's own or everybody's."""

from __future__ import annotations

from django.utils import timezone

from majlis.conversations.filters import parse
from majlis.conversations.kept import views_of
from majlis.conversations.models import View
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

LONGEST_NAME = 60
MOST = 50


def keep(teammate: Teammate, *, name: str, query: str, is_shared: bool) -> View:
    """Keep `query` under a name.

    Raises Refused("view_without_name"), Refused("view_without_query") when it asks for nothing that is understood,
    Refused("view_name_too_long", longest=…) and Refused("too_many_views", most=…).
    """
    called = _name(name)
    if not parse(query).terms:
        raise Refused("view_without_query")
    if views_of(teammate).count() >= MOST:
        raise Refused("too_many_views", most=MOST)
    return View.objects.create(
        name=called, query=query.strip(), owner=None if is_shared else teammate, created_at=timezone.now()
    )


def rename(view: View, name: str) -> None:
    """Give it another name. Raises as `keep` does for names."""
    view.name = _name(name)
    View.objects.filter(pk=view.pk).update(name=view.name)


def remove(view: View) -> None:
    """Keep it no longer; the conversations it found stay as they are."""
    View.objects.filter(pk=view.pk).delete()


def _name(name: str) -> str:
    called = " ".join(name.replace("\x00", "").split())
    if not called:
        raise Refused("view_without_name")
    if len(called) > LONGEST_NAME:
        raise Refused("view_name_too_long", longest=LONGEST_NAME)
    return called
