"""Putting conversations together and taking them apart."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.conversations import queries
from majlis.conversations.actions.merge import merge
from majlis.conversations.actions.receive import snippet
from majlis.conversations.actions.split import split
from majlis.conversations.actions.unmerge import unmerge
from majlis.conversations.finding import targets
from majlis.lib.errors import Refused
from majlis.people import queries as people

from . import names, refusals
from .asking import conversation_of, me, whole_number
from .telling import tell


@require_safe
def merge_targets(request: HttpRequest, number: int) -> HttpResponse:
    """What a conversation may be merged into: this customer's others, or what `q` finds."""
    conversation = conversation_of(request, number)
    asked = request.GET.get("q", "").replace("\x00", "").strip()
    found = targets(me(request), conversation, asked)
    context = {"number": number, "asked": asked, "found": found, "customer_id": conversation.customer_id}
    return render(request, "desk/_merge_targets.html", context)


@require_POST
def merges(request: HttpRequest, number: int) -> HttpResponse:
    """Merge a conversation into the one named by `into`; the page goes there."""
    teammate = me(request)
    conversation_of(request, number)
    try:
        into = whole_number(request.POST.get("into"))
        made = merge(number, into, teammate=teammate, mailbox_ids=people.mailbox_ids_visible_to(teammate))
    except Refused as refused:
        return refusals.answer(request, refused)
    undo = ("DELETE", reverse("merge", args=[made.pk]))
    return tell(HttpResponse(status=204), _("Merged into %(number)s") % {"number": f"#{into}"}, undo=undo)


@require_http_methods(["DELETE"])
def undone_merge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Undo a merge."""
    teammate = me(request)
    try:
        found = unmerge(merge_id, teammate=teammate, mailbox_ids=people.mailbox_ids_visible_to(teammate))
    except Refused as refused:
        return refusals.answer(request, refused)
    text = _("%(number)s stands by itself again") % {"number": f"#{found.merged_id}"}
    return tell(HttpResponse(status=204), text)


def elsewhere(request: HttpRequest, number: int) -> int | None:
    """The number of the conversation into which this one was merged, as far as the person may see both."""
    visible = queries.visible_to(me(request))
    into: int | None = number
    found = None
    while into is not None:
        found, into = into, visible.filter(pk=into).values_list("merged_into_id", flat=True).first()
    is_there = found is not None and found != number and visible.filter(pk=found).exists()
    return found if is_there else None


@require_safe
def split_form(request: HttpRequest, number: int) -> HttpResponse:
    """What may be split off a conversation."""
    conversation = conversation_of(request, number)
    shown = [
        {
            "id": entry.pk,
            "author": names.of_customer(entry.from_name, entry.from_address),
            "at": entry.created_at,
            "text": snippet(entry.text),
        }
        for entry in queries.entries_visible_to(me(request)).filter(conversation=conversation).order_by("seq")
    ]
    context = {"number": number, "subject": conversation.subject, "entries": shown}
    return render(request, "desk/_split_form.html", context)


@require_POST
def splits(request: HttpRequest, number: int) -> HttpResponse:
    """Split the entries named by `entry` off into a conversation called `subject`."""
    teammate = me(request)
    conversation_of(request, number)
    try:
        made = split(
            number,
            [whole_number(typed) for typed in request.POST.getlist("entry")],
            subject=request.POST.get("subject", "").replace("\x00", ""),
            teammate=teammate,
            mailbox_ids=people.mailbox_ids_visible_to(teammate),
        )
    except Refused as refused:
        return refusals.answer(request, refused)
    undo = ("DELETE", reverse("split_undone", args=[number, made.pk]))
    return tell(HttpResponse(status=204), _("Split off as %(number)s") % {"number": f"#{made.pk}"}, undo=undo)


@require_http_methods(["DELETE"])
def split_undone(request: HttpRequest, number: int, split_id: int) -> HttpResponse:
    """Merge what was split off back to where it was."""
    teammate = me(request)
    conversation_of(request, number)
    try:
        merge(split_id, number, teammate=teammate, mailbox_ids=people.mailbox_ids_visible_to(teammate))
    except Refused as refused:
        return refusals.answer(request, refused)
    return tell(HttpResponse(status=204), _("Merged into %(number)s") % {"number": f"#{number}"})
