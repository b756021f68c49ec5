"""What every page of the desk asks first: who it is, and what they may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import orjson
from django.http import Http404, HttpRequest

from majlis.conversations import queries
from majlis.conversations.models import Conversation, Entry
from majlis.lib.errors import Refused
from majlis.people.models import Teammate
from majlis.people.sessions import teammate_of


def me(request: HttpRequest) -> Teammate:
    """The signed-in teammate; the middleware lets nobody else come here."""
    return cast(Teammate, teammate_of(request))


def conversation_of(request: HttpRequest, number: int) -> Conversation:
    """The conversation, through the person who asks. Raises Http404 when they may not see it."""
    found = (
        queries.visible_to(me(request))
        .select_related("mailbox", "customer", "assignee", "maybe_same_as")
        .filter(pk=number)
        .first()
    )
    if found is None:
        raise Http404
    return found


def entry_of(request: HttpRequest, entry_id: int) -> Entry:
    """The entry, through the person who asks. Raises Http404."""
    found = queries.entries_visible_to(me(request)).filter(pk=entry_id).first()
    if found is None:
        raise Http404
    return found


def sent(request: HttpRequest) -> Mapping[str, str]:
    """The fields that were sent: a form's, or those of a JSON object, whose values are text or they do not count.

    Our script sends JSON where no files go along: Arabic is a third as long there as in a form, and read in a tenth of
    the time. What is no such object holds no fields.
    """
    if request.content_type != "application/json":
        return request.POST
    try:
        found = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return {}
    fields = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in fields if isinstance(value, str)}


def whole_number(typed: str | None, *, default: int = 0) -> int:
    """A number from a form or an address. Raises Refused("not_a_number")."""
    if not typed:
        return default
    try:
        number = int(typed)
    except ValueError as problem:
        raise Refused("not_a_number") from problem
    if not -(2**62) < number < 2**62:
        raise Refused("not_a_number")
    return number
