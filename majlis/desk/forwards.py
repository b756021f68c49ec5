"""Messages passed on to others, and whom the composer proposes to write to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from majlis.channels.forwarding import send_forward
from majlis.channels.outbox import Recipients
from majlis.channels.queries import signed
from majlis.conversations.actions.answering import recipients_of
from majlis.lib.errors import Refused
from majlis.people import queries as people

from . import refusals
from .asking import conversation_of, entry_of, me, sent, whole_number
from .conversation import caught_up
from .recipients import chosen, proposed
from .replies import drafted_files, key_of
from .written import text_and_html


@require_POST
def forwards(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Pass an entry on, with its files and what is written above it. 409 where mail comes back from, unless `despite`."""
    original, fields = entry_of(request, entry_id), sent(request)
    try:
        seen = whole_number(fields.get("seen"))
        text, html = text_and_html(fields)
        entry = send_forward(
            me(request),
            original,
            text=text,
            html=html,
            recipients=chosen(fields) or Recipients([], [], []),
            submission_key=key_of(fields),
            drafted=drafted_files(request, fields, original.conversation_id, "forward"),
            minds_returns=not fields.get("despite"),
        )
    except Refused as refused:
        return refusals.answer(request, refused)
    return caught_up(request, entry.conversation_id, seen)


@require_safe
def recipients(request: HttpRequest, number: int) -> HttpResponse:
    """Whom the words typed so far may mean; with `standard`, whom a reply goes to by itself."""
    conversation = conversation_of(request, number)
    if request.GET.get("standard"):
        to, cc = recipients_of(number)
        return JsonResponse({"to": ", ".join(to), "cc": ", ".join(cc)})
    found = proposed(me(request), conversation, request.GET.get("q", ""))
    return render(request, "desk/_recipients.html", {"people": found})


@require_safe
def mentionable(request: HttpRequest, number: int) -> HttpResponse:
    """The teammates that a note can name: those who see its mailbox."""
    conversation = conversation_of(request, number)
    mates = people.teammates_seeing(conversation.mailbox_id)
    found = [
        {"id": mate.pk, "name": mate.name, "also": f"{mate.name_for('en')} {mate.email.partition('@')[0]}"}
        for mate in mates
        if mate.pk != me(request).pk
    ]
    return JsonResponse({"mates": found})


@require_safe
def signature(request: HttpRequest, number: int) -> HttpResponse:
    """What will stand under one's reply."""
    html = signed(conversation_of(request, number), me(request))
    return render(request, "desk/_signature.html", {"html": html})
