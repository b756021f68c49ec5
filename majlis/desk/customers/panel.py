"""What the panel shows of a customer, beside a conversation and on their own page; and what its parts answer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Count, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from majlis.conversations.customers import conversations_of_customer, customers_visible_to
from majlis.conversations.models import Conversation, Status
from majlis.desk import names, returned
from majlis.desk.asking import me
from majlis.lib.arabic import sort_key
from majlis.lib.errors import Refused
from majlis.people.cards import Card, card
from majlis.people.models import Customer, Teammate

from . import words

SHOWN = 5


def customer_of(request: HttpRequest, customer_id: int) -> Customer:
    """The customer, through the person who asks. Raises Http404 when they may not see them."""
    found = customers_visible_to(me(request)).filter(pk=customer_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
def panel(request: HttpRequest, customer_id: int) -> HttpResponse:
    """/customers/<id>/panel: the whole panel anew; `besides` names the conversation it stands beside."""
    customer_of(request, customer_id)
    return render(request, "customers/_panel.html", {"customer": shown(request, customer_id)})


def part(
    request: HttpRequest,
    customer_id: int,
    name: str,
    *,
    refused: Refused | None = None,
    **context: Any,
) -> HttpResponse:
    """One part of the panel as it is now; with what was refused and what was typed, when something was."""
    said = {"error": words.of(refused)} if refused else {}
    return render(
        request,
        f"customers/_{name}.html",
        {"customer": shown(request, customer_id), **said, **context},
        status=422 if refused else 200,
    )


def shown(request: HttpRequest, customer_id: int) -> dict[str, Any]:
    """What the panel shows of a customer whom this person may see. Raises Http404 for nobody."""
    besides = request.GET.get("besides", "")
    return described(me(request), customer_id, besides=int(besides) if besides.isdecimal() else None)


def described(
    teammate: Teammate, customer_id: int, *, besides: int | None = None, is_visitor: bool = False
) -> dict[str, Any]:
    """A customer and the conversations with them that `teammate` may see; two questions. Raises Http404.

    `is_visitor`: somebody without a name came by chat.
    """
    found = card(customer_id)
    if found is None:
        raise Http404
    listed = conversations_of_customer(teammate, customer_id, besides=besides)
    conversations = list(listed.annotate(total=Window(Count("pk")))[:SHOWN])
    since = _noon(found)
    first = found.addresses[0][1] if found.addresses else ""
    came_back = returned.told([address for _, address in found.addresses])
    addresses = [
        {"id": number, "address": address, "returned": came_back.get(address.lower())}
        for number, address in found.addresses
    ]
    return {
        **{
            name: getattr(found, name)
            for name in ("id", "name", "job", "company", "plan", "pays", "language", "talk", "is_unwilling")
        },
        "title": names.of_customer(found.name, first, is_visitor=is_visitor),
        "since": since,
        "for_whole_years": _whole_years(since),
        "local_time": _local(found.time_zone),
        "time_zone": found.time_zone,
        "addresses": addresses,
        "attributes": sorted(found.attributes.items(), key=lambda pair: sort_key(pair[0])),
        "notes": [
            {
                "id": note.id,
                "text": note.text,
                "author": note.teammate_name,
                "at": note.at,
                "is_own": note.teammate_id == teammate.pk,
            }
            for note in found.notes
        ],
        "links": found.links,
        "merges": [{"id": one.id, "name": names.of_customer(one.name), "at": one.at} for one in found.merges],
        "conversations": [line(conversation) for conversation in conversations],
        "conversation_count": conversations[0].total if conversations else 0,
        "besides": besides,
    }


def line(conversation: Conversation) -> dict[str, Any]:
    """One conversation as a line of a list."""
    return {
        "number": conversation.pk,
        "subject": conversation.subject,
        "snippet": conversation.snippet,
        "at": conversation.last_activity_at,
        "is_closed": conversation.is_closed,
        "status_label": Status(conversation.status).label,
    }


def _noon(found: Card) -> datetime | None:
    day = found.customer_since_on
    return datetime.combine(day, time(12), timezone.get_current_timezone()) if day else None


def _whole_years(since: datetime | None) -> datetime | None:
    """`since`, moved so that the years between then and now are whole ones: nobody is one for longer than they are."""
    if since is None:
        return None
    now = timezone.now()
    years = (now - since).days * 4 // 1461
    return now - timedelta(days=years * 1461 / 4) if years > 0 else since


def _local(zone: str) -> datetime | None:
    if not zone:
        return None
    try:
        return timezone.now().astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
