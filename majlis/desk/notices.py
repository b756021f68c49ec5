"""The bell: what somebody was told, what came since a page asked last, and what they have read of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from majlis.flow.alarm_words import Alarmed, gather_all
from majlis.flow.notice_words import Gathered
from majlis.lib.errors import Refused
from majlis.people import notices
from majlis.people import queries as people
from majlis.people.actions import notices as reading
from majlis.people.models import Notification, NotificationKind
from majlis.people.notifying import is_quiet

from . import refusals
from .asking import me, sent, whole_number

_ICONS = {
    NotificationKind.NEW: "mail",
    NotificationKind.ASSIGNED: "user-plus",
    NotificationKind.MENTIONED: "at-sign",
    NotificationKind.ANSWERED: "reply",
    NotificationKind.FOLLOWED: "bell-ring",
    NotificationKind.FAILED: "triangle-alert",
    NotificationKind.ALARM: "triangle-alert",
}


@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """The newest notices, as the bell's panel shows them."""
    teammate = me(request)
    mailbox_ids = people.mailbox_ids_visible_to(teammate)
    shown = _shown(notices.newest(teammate, mailbox_ids=mailbox_ids))
    response = render(request, "desk/_notices.html", {"notices": shown})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """How many are unread and the id of the newest; with `since` also what came after that id, and whether in quiet hours."""
    teammate = me(request)
    mailbox_ids = people.mailbox_ids_visible_to(teammate)
    try:
        since = whole_number(request.GET.get("since"), default=-1)
    except Refused as refused:
        return refusals.answer(request, refused)
    told: dict[str, Any] = {"newest": notices.newest_id(teammate), "news": []}
    told["count"] = notices.unread(teammate, mailbox_ids=mailbox_ids)
    if 0 <= since < told["newest"]:
        told["quiet"] = is_quiet(teammate, timezone.now())
        told["news"] = [
            {name: one[name] for name in ("id", "kind", "number", "title", "text", "path")}
            for one in _shown(notices.news(teammate, since=since, mailbox_ids=mailbox_ids))
        ]
    return _json(told)


@require_POST
def readings(request: HttpRequest) -> HttpResponse:
    """One (`notice`), those of a conversation (`conversation`) or all of them are read; how many are not."""
    teammate, fields = me(request), sent(request)
    try:
        one, number = (whole_number(fields.get(name)) for name in ("notice", "conversation"))
    except Refused as refused:
        return refusals.answer(request, refused)
    if one:
        reading.read_one(teammate, one)
    elif number:
        reading.read_conversation(teammate, number)
    else:
        reading.read_all(teammate)
    return _json({"count": notices.unread(teammate, mailbox_ids=people.mailbox_ids_visible_to(teammate))})


def _shown(found: list[Notification]) -> list[dict[str, Any]]:
    language = (get_language() or "ar")[:2]
    return [_row(one, language) for one in gather_all(found)]


def _row(one: Gathered | Alarmed, language: str) -> dict[str, Any]:
    said = one.said(language)
    return {
        "id": one.notification.pk,
        "kind": one.notification.kind,
        "icon": _ICONS[NotificationKind(one.notification.kind)],
        "is_bad": one.notification.kind in (NotificationKind.FAILED, NotificationKind.ALARM),
        "title": said.title,
        "text": said.text,
        "lines": said.text.split("\n"),
        "path": said.path,
        "number": one.number,
        "at": one.notification.at,
        "is_unread": one.notification.read_at is None,
    }


def _json(told: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response
