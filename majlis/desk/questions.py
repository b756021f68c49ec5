"""Asking a colleague without an account about a conversation."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.channels.asking import send_question
from majlis.conversations import queries
from majlis.conversations.actions.receive import snippet
from majlis.conversations.models import EntryKind
from majlis.lib.errors import Refused

from . import names, refusals
from .asking import conversation_of, me, sent, whole_number
from .telling import tell

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, number: int) -> HttpResponse:
    """GET asks whom and what; POST sends: address, name, text, and the entries that go along."""
    conversation = conversation_of(request, number)
    if request.method != "POST":
        said = queries.entries_visible_to(me(request)).filter(
            conversation=conversation, kind__in=[EntryKind.MESSAGE, EntryKind.REPLY]
        )
        newest = list(said.order_by("-seq")[:SHOWN])
        last = next((entry.pk for entry in newest if entry.kind == EntryKind.MESSAGE), None)
        shown = [
            {
                "id": entry.pk,
                "author": names.of_customer(entry.from_name, entry.from_address),
                "at": entry.created_at,
                "text": snippet(entry.text),
                "is_chosen": entry.pk == last,
            }
            for entry in reversed(newest)
        ]
        return render(
            request, "desk/_ask_form.html", {"number": number, "entries": shown, "key": uuid4().hex}
        )
    fields = {name: value.replace("\x00", "") for name, value in sent(request).items()}
    try:
        send_question(
            me(request),
            number,
            address=fields.get("address", ""),
            name=fields.get("name", ""),
            text=fields.get("text", "").replace("\r\n", "\n"),
            entry_ids=[whole_number(typed) for typed in request.POST.getlist("entry")],
            submission_key=_key(fields.get("key", "")),
        )
    except Refused as refused:
        if refused.code == "not_found":
            raise Http404 from refused
        if refused.code != "already_posted":
            return refusals.answer(request, refused)
    return tell(HttpResponse(status=204), _("Asked; the answer comes back here as a note"))


def _key(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()
