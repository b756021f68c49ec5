"""One change of many conversations: asked for from the list, told while the worker is at it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.conversations import inbox
from majlis.conversations.actions import bulk
from majlis.conversations.models import Bulk, Status
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Teammate

from . import refusals
from .asking import me, whole_number

_SPANS = {"later": timedelta(hours=3), "tomorrow": timedelta(days=1), "week": timedelta(days=7)}


@require_safe
def bar(request: HttpRequest) -> HttpResponse:
    """What a menu of the bar offers: the people of now, or the statuses (`of=status`)."""
    if request.GET.get("of") == "status":
        statuses = [(status.value, status.label) for status in Status if status != Status.CLOSED]
        return render(request, "desk/_bulk_menus.html", {"statuses": statuses})
    mates = [mate for mate in people.teammates() if mate.is_active and mate.pk != me(request).pk]
    return render(request, "desk/_bulk_menus.html", {"teammates": mates})


@require_POST
def runs(request: HttpRequest) -> HttpResponse:
    """Begin: `act` with its data, and `numbers` parted by commas, or the whole `folder` (and `mailbox`)."""
    try:
        act = request.POST.get("act", "")
        made = bulk.begin(me(request), act, _data(request, act), _numbers(request))
    except Refused as refused:
        return refusals.answer(request, refused)
    return _shown(request, made)


@require_http_methods(["GET", "HEAD", "DELETE"])
def run(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """GET tells how far one's own run is; DELETE undoes it, which is a run itself."""
    found = Bulk.objects.filter(pk=bulk_id, teammate=me(request)).first()
    if found is None:
        raise Http404
    if request.method == "DELETE":
        try:
            found = bulk.undo(found, teammate=me(request))
        except Refused as refused:
            return refusals.answer(request, refused)
    return _shown(request, found)


def _shown(request: HttpRequest, found: Bulk) -> HttpResponse:
    name = ""
    if to := found.data.get("teammate"):
        name = Teammate.objects.filter(pk=to).values_list("name", flat=True).first() or ""
    whys = Counter(found.refused.values())
    context = {
        "run": found,
        "total": len(found.numbers),
        "well": found.done - len(found.refused),
        "refused": [
            (number, refusals.words(Refused(code, name=name))) for code, number in whys.most_common()
        ],
        "can_undo": found.finished_at is not None and found.act != bulk.UNDO and bool(found.before),
    }
    response = render(request, "desk/_bulk_run.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _data(request: HttpRequest, act: str) -> dict[str, Any]:
    if act == "assign":
        return {"teammate": whole_number(request.POST.get("teammate"))}
    if act == "snooze":
        return {"until": _until(request.POST.get("until", ""))}
    typed = request.POST.get("name", "").replace("\x00", "")
    return {"status": request.POST.get("status", ""), "name": typed}


def _until(typed: str) -> str:
    """A span by its name, or a moment as ISO 8601. A day or a week on means nine in the morning there."""
    if typed in _SPANS:
        moment = timezone.localtime() + _SPANS[typed]
        if typed != "later":
            moment = moment.replace(hour=9, minute=0)
        return moment.replace(second=0, microsecond=0).isoformat()
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError as problem:
        raise Refused("unclear") from problem
    return (moment if moment.tzinfo else timezone.make_aware(moment)).isoformat()


def _numbers(request: HttpRequest) -> list[int]:
    """The conversations chosen one by one, or those of a folder as it stands now, newest first."""
    folder = request.POST.get("folder", "")
    if not folder:
        typed = request.POST.get("numbers", "")
        return [whole_number(part) for part in typed.split(",") if part]
    visible = people.mailbox_ids_visible_to(me(request))
    mailbox = whole_number(request.POST.get("mailbox"))
    if mailbox and mailbox not in visible:
        raise Refused("nothing_chosen")
    try:
        rows, following = inbox.page(
            folder,
            teammate_id=me(request).pk,
            mailbox_ids=[mailbox] if mailbox else visible,
            size=bulk.MOST,
        )
    except KeyError as problem:
        raise Refused("nothing_chosen") from problem
    if following is not None:
        raise Refused("too_many", most=bulk.MOST)
    return [row.number for row in rows]
