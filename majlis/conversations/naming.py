"""What the names in a search stand for: tags, topics, people and mailboxes, as somebody would type them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import Q

from majlis.lib.arabic import normalise, sort_key
from majlis.people import queries as people
from majlis.people.models import Customer, Teammate

from .models import Tag, Topic

MOST = 500
SHOWN = 8
NAMED: Final = frozenset({"tag", "topic", "mailbox", "assignee", "customer"})


def ids(key: str, value: str, *, reader: Teammate) -> list[int]:
    """The ids of what `value` names in the filter `key` (one of NAMED); none when there is no such thing.

    A whole name comes before a part of one.
    """
    if key == "customer":
        match = Q(addresses__address=value.lower()) if "@" in value else Q(name_key__contains=sort_key(value))
        return list(Customer.objects.filter(match).values_list("pk", flat=True).distinct()[:MOST])
    asked = normalise(value).strip()
    known = _known(key, reader)
    exact = [pk for pk, words in known if asked in words]
    if exact or key in ("tag", "topic"):
        return exact
    return [pk for pk, words in known if any(asked in word for word in words)]


def suggestions(key: str, typed: str, *, reader: Teammate) -> list[str]:
    """Names that begin with, then such as hold, what was typed so far."""
    asked = normalise(typed).strip()
    names = _names(key, reader)
    folded = {name: normalise(name) for name in names}
    first = [name for name in names if folded[name].startswith(asked)]
    return [*first, *(name for name in names if asked in folded[name] and name not in first)][:SHOWN]


def _known(key: str, reader: Teammate) -> list[tuple[int, list[str]]]:
    if key == "tag":
        rows: Iterable[Sequence[object]] = Tag.objects.values_list("pk", "name")
    elif key == "topic":
        rows = Topic.objects.values_list("pk", "name")
    elif key == "mailbox":
        rows = people.mailboxes_visible_to(reader).values_list("pk", "name", "address")
    else:
        rows = Teammate.objects.values_list("pk", "name", "email")
    return [(int(str(pk)), [normalise(str(word)) for word in words]) for pk, *words in rows]


def _names(key: str, reader: Teammate) -> list[str]:
    if key == "tag":
        return list(Tag.objects.order_by("name").values_list("name", flat=True))
    if key == "topic":
        return list(Topic.objects.filter(is_active=True).order_by("name").values_list("name", flat=True))
    if key == "mailbox":
        return list(people.mailboxes_visible_to(reader).order_by("name").values_list("name", flat=True))
    if key in ("assignee", "from"):
        active = Teammate.objects.filter(is_active=True)
        return list(active.order_by("name_key", "pk").values_list("name", flat=True))
    return []
