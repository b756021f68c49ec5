"""Where a tab's person is, and who else is where."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from majlis.conversations import presence as present
from majlis.conversations.actions.attend import attend
from majlis.conversations.actions.presence import be_at
from majlis.lib.errors import Refused
from majlis.people import queries as people

from . import refusals
from .asking import me, sent, whole_number

MOST_STRETCHES = 20


@require_http_methods(["GET", "POST"])
def presence(request: HttpRequest) -> HttpResponse:
    """GET tells who else is at which conversation. POST says where this tab is first, and what it attended to.

    Fields of POST: `tab` and `beat`, `number` (0: nowhere) and `doing`; `attention`, a JSON list of stretches: key,
    conversation, began and ended so many ms ago; `bye`, when nobody waits for the answer.
    """
    teammate = me(request)
    mailbox_ids = people.mailbox_ids_visible_to(teammate)
    if request.method == "POST":
        fields = sent(request)
        try:
            for key, number, since, until in _stretches(fields.get("attention", "")):
                attend(teammate, number, key=key, since=since, until=until, mailbox_ids=mailbox_ids)
            be_at(
                teammate,
                whole_number(fields.get("number")),
                tab=_key(fields.get("tab", "")),
                doing=fields.get("doing", "read"),
                beat=whole_number(fields.get("beat")),
                mailbox_ids=mailbox_ids,
            )
        except Refused as refused:
            return refusals.answer(request, refused)
        if fields.get("bye"):
            return HttpResponse(status=204)
    at, found = present.others(teammate, mailbox_ids=mailbox_ids)
    told = [{"c": one.number, "t": one.teammate_id, "n": one.name, "d": one.doing} for one in found]
    response = JsonResponse({"v": at, "others": told}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as problem:
        raise Refused("no_key") from problem


def _stretches(text: str) -> list[tuple[UUID, int, timedelta, timedelta]]:
    """What `attention` says. Raises Refused("no_stretch") for anything else."""
    if not text:
        return []
    try:
        return [_stretch(*one) for one in orjson.loads(text)[:MOST_STRETCHES]]
    except (TypeError, ValueError, KeyError, OverflowError) as problem:
        raise Refused("no_stretch") from problem


def _stretch(key: Any, number: Any, since: Any, until: Any) -> tuple[UUID, int, timedelta, timedelta]:
    if any(type(one) is not int for one in (number, since, until)) or not 0 < number < 2**62:
        raise TypeError
    return UUID(str(key)), number, timedelta(milliseconds=since), timedelta(milliseconds=until)
