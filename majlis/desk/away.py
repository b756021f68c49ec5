"""Putting a conversation away: off until later, among the spam, in the trash; and having it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from majlis.channels.actions.throw_out import throw_out
from majlis.conversations.actions import snooze as snoozing
from majlis.conversations.actions import trash as trashing
from majlis.conversations.actions.changing import Change
from majlis.conversations.actions.spam import CHOSEN, clear_spam, mark_spam
from majlis.conversations.models import Participant
from majlis.lib.errors import Refused
from majlis.lib.soon import choices, weekend
from majlis.lib.when import Unclear, understand
from majlis.people.actions.block import block, unblock
from majlis.people.models import Block
from majlis.people.sessions import installation_of

from . import refusals
from .asking import conversation_of, me, whole_number
from .changes import changed
from .reasons import spam_reason
from .telling import tell


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def snooze(request: HttpRequest, number: int) -> HttpResponse:
    """GET: the choices, or what `when` is understood as; POST puts off; DELETE wakes."""
    teammate = me(request)
    if request.method in ("GET", "HEAD"):
        conversation_of(request, number)
        return _meant(request) if "when" in request.GET else _choices(request, number)
    if request.method == "DELETE":
        response = changed(
            request, number, lambda change: snoozing.wake(change, why="hand", teammate=teammate)
        )
        return tell(response, _("Back on the desk")) if response.status_code == 204 else response

    def act(change: Change) -> None:
        snoozing.snooze(change, _until(request), teammate=teammate)

    response = changed(request, number, act)
    if response.status_code != 204:
        return response
    undo = ("DELETE", reverse("snooze", args=[number]))
    return tell(response, _("Conversation snoozed"), undo=undo, is_away=True)


def _choices(request: HttpRequest, number: int) -> HttpResponse:
    found = installation_of(request)
    offered = choices(
        now=timezone.now(),
        zone=timezone.get_current_timezone(),
        rest_days=weekend(found.region if found else ""),
    )
    labels = {
        "later": pgettext("snooze", "Later today"),
        "tomorrow": pgettext("snooze", "Tomorrow morning"),
        "weekend": pgettext("snooze", "After the weekend"),
        "week": pgettext("snooze", "In a week"),
    }
    context: dict[str, Any] = {
        "number": number,
        "choices": [(labels[name], at) for name, at in offered],
    }
    template = "desk/_snooze_sheet.html" if "sheet" in request.GET else "desk/_snooze_choices.html"
    return render(request, template, context)


def _meant(request: HttpRequest) -> HttpResponse:
    """What was typed so far, as a moment or as what is missing."""
    context: dict[str, Any] = {"typed": request.GET["when"].strip()}
    try:
        context["until"] = _understood(request.GET["when"])
    except Refused as refused:
        context["message"] = refusals.words(refused)
    return render(request, "desk/_snooze_meant.html", context)


def _until(request: HttpRequest) -> datetime:
    """The moment that was chosen (`until`, ISO 8601 with its zone) or typed (`when`)."""
    chosen = request.POST.get("until", "")
    if not chosen:
        return _understood(request.POST.get("when", ""))
    try:
        until = datetime.fromisoformat(chosen)
    except ValueError as problem:
        raise Refused("when_unclear") from problem
    if until.tzinfo is None:
        raise Refused("when_unclear")
    return until


def _understood(typed: str) -> datetime:
    try:
        return understand(typed[:100], now=timezone.now(), zone=timezone.get_current_timezone())
    except Unclear as unclear:
        raise Refused({"past": "past", "too_far": "too_far"}.get(unclear.code, "when_unclear")) from unclear


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def spam(request: HttpRequest, number: int) -> HttpResponse:
    """GET: why it is spam and whether to block who wrote it; POST marks; DELETE takes it out (and unblocks `block`)."""
    teammate = me(request)
    conversation_of(request, number)
    if request.method in ("GET", "HEAD"):
        address = _address(number)
        context = {
            "number": number,
            "reasons": [(code, spam_reason(code)) for code in CHOSEN],
            "address": address,
            "domain": address.rpartition("@")[2],
        }
        return render(request, "desk/_spam_sheet.html", context)
    if request.method == "DELETE":
        return _not_spam(request, number)

    blocked: list[Block] = []

    def act(change: Change) -> None:
        code = request.POST.get("reason", "")
        reason = request.POST.get("other", "").replace("\x00", "").strip() or (code if code in CHOSEN else "")
        what, address = request.POST.get("block", ""), _address(number)
        if what and address:
            typed = address if what == "address" else address.rpartition("@")[2]
            blocked.append(block(teammate, typed, reason=spam_reason(reason)))
        mark_spam(change, reason, teammate=teammate)

    response = changed(request, number, act)
    if response.status_code != 204:
        return response
    address = reverse("spam", args=[number])
    if blocked:
        undo, text = (
            ("DELETE", f"{address}?block={blocked[0].pk}"),
            _("Marked as spam, and the sender blocked"),
        )
    else:
        undo, text = ("DELETE", address), _("Marked as spam")
    return tell(response, text, undo=undo, is_away=True)


def _not_spam(request: HttpRequest, number: int) -> HttpResponse:
    teammate = me(request)

    def act(change: Change) -> None:
        found = Block.objects.filter(pk=whole_number(request.GET.get("block")), teammate=teammate).first()
        if found is not None:
            unblock(teammate, found)
        clear_spam(change, teammate=teammate)

    response = changed(request, number, act)
    return tell(response, _("Taken out of spam")) if response.status_code == 204 else response


def _address(number: int) -> str:
    """The customer's address here, in lower case."""
    found = Participant.objects.filter(conversation_id=number, is_customer=True).order_by("pk").first()
    return found.address.lower() if found else ""


@require_http_methods(["POST", "DELETE"])
def trash(request: HttpRequest, number: int) -> HttpResponse:
    """POST throws it away, DELETE takes it back out."""
    teammate = me(request)
    if request.method == "DELETE":
        response = changed(request, number, lambda change: trashing.restore(change, teammate=teammate))
        return tell(response, _("Taken out of the trash")) if response.status_code == 204 else response
    response = changed(request, number, lambda change: trashing.trash(change, teammate=teammate))
    if response.status_code != 204:
        return response
    undo = ("DELETE", reverse("trash", args=[number]))
    return tell(response, _("Moved to the trash"), undo=undo, is_away=True)


@require_POST
def removal(request: HttpRequest, number: int) -> HttpResponse:
    """An admin deletes for good what lies in the trash; the page goes back to the trash."""
    conversation_of(request, number)
    try:
        throw_out(number, teammate=me(request))
    except Refused as refused:
        return refusals.answer(request, refused)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("inbox", args=["trash"])
    return response
