"""Small changes of a conversation: whose it is, where it stands, its tags."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from majlis.conversations.actions.assign import assign
from majlis.conversations.actions.changing import Change, changing
from majlis.conversations.actions.close import close, reopen, set_status
from majlis.conversations.actions.tag import tag as put_tag
from majlis.conversations.actions.tag import untag
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Teammate

from . import refusals
from .asking import conversation_of, me, whole_number
from .telling import tell


def changed(request: HttpRequest, number: int, act: Callable[[Change], object]) -> HttpResponse:
    """Do one thing to a conversation the person may see; the page then asks what followed since its own seq."""
    conversation_of(request, number)
    try:
        with changing(number) as change:
            act(change)
    except Refused as refused:
        return refusals.answer(request, refused)
    return HttpResponse(status=204)


@require_http_methods(["POST", "DELETE"])
def closure(request: HttpRequest, number: int) -> HttpResponse:
    """POST closes, perhaps saying how (`as`) and where it was passed (`note`); DELETE reopens."""
    teammate = me(request)
    if request.method == "POST":
        kind = request.POST.get("as", "")
        note = request.POST.get("note", "").replace("\x00", "")
        response = changed(
            request, number, lambda change: close(change, teammate=teammate, closed_as=kind, note=note)
        )
        text, undo = _("Conversation closed"), ("DELETE", reverse("closure", args=[number]))
        return tell(response, text, undo=undo, is_away=True) if response.status_code == 204 else response
    response = changed(request, number, lambda change: reopen(change, teammate=teammate))
    return tell(response, _("Conversation reopened")) if response.status_code == 204 else response


@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request: HttpRequest, number: int) -> HttpResponse:
    """GET lists whom it may be given to, but for oneself; POST assigns to the one named by id, to nobody when empty."""
    if request.method != "POST":
        conversation = conversation_of(request, number)
        others = [
            mate for mate in people.teammates_seeing(conversation.mailbox_id) if mate.pk != me(request).pk
        ]
        context = {"number": number, "assignee_id": conversation.assignee_id, "teammates": others}
        return render(request, "desk/_assignees.html", context)

    def act(change: Change) -> None:
        wanted = whole_number(request.POST.get("teammate"))
        to = Teammate.objects.filter(pk=wanted).first() if wanted else None
        if wanted and to is None:
            raise Refused("no_such_teammate")
        assign(change, to, by=me(request))

    return changed(request, number, act)


@require_POST
def status(request: HttpRequest, number: int) -> HttpResponse:
    """Set the status."""
    wanted = request.POST.get("status", "")
    return changed(request, number, lambda change: set_status(change, wanted, teammate=me(request)))


@require_POST
def tags(request: HttpRequest, number: int) -> HttpResponse:
    """Add the tags that were typed, parted by commas."""
    typed = request.POST.get("name", "").replace("\x00", "")
    return changed(request, number, lambda change: put_tag(change, typed, teammate=me(request)))


@require_http_methods(["DELETE"])
def tag(request: HttpRequest, number: int, tag_id: int) -> HttpResponse:
    """Take a tag off."""
    return changed(request, number, lambda change: untag(change, tag_id, teammate=me(request)))
