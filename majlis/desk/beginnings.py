"""Beginning a conversation with a customer, or one each with a chosen few."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from majlis.channels.beginning import begin
from majlis.conversations.actions.begin import MOST_A_DAY, left_today
from majlis.conversations.customers_found import addresses
from majlis.lib.errors import Refused
from majlis.people import queries as people

from . import refusals
from .asking import me, sent, whole_number
from .telling import tell


@require_http_methods(["GET", "HEAD", "POST"])
def beginnings(request: HttpRequest) -> HttpResponse:
    """GET asks for it; POST sends: mailbox, to (addresses parted by commas or lines), subject, text, reason, go_on."""
    teammate = me(request)
    if request.method != "POST":
        context = {
            "mailboxes": list(people.mailboxes_visible_to(teammate).order_by("pk")),
            "left": left_today(teammate),
            "most": MOST_A_DAY,
            "to": request.GET.get("to", "").replace("\x00", ""),
        }
        return render(request, "desk/_begin_form.html", context)
    fields = {name: value.replace("\x00", "").replace("\r\n", "\n") for name, value in sent(request).items()}
    try:
        begun = begin(
            teammate,
            whole_number(fields.get("mailbox")),
            re.split(r"[,;،؛\s]+", fields.get("to", "")),
            subject=fields.get("subject", ""),
            text=fields.get("text", ""),
            reason=fields.get("reason", ""),
            goes_on=bool(fields.get("go_on")),
        )
    except Refused as refused:
        if refused.code == "left_out":
            return _left_out(request, refused)
        return refusals.answer(request, refused)
    count = len(begun.entries)
    text = ngettext("A conversation was begun", "%(count)s conversations were begun", count) % {
        "count": count
    }
    if count > 1:
        return tell(HttpResponse(status=204), text)
    (entry,) = begun.entries
    undo = ("DELETE", reverse("reply", args=[entry.pk]))
    return tell(HttpResponse(status=204), _("The message leaves in a moment"), undo=undo)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Customers whose name or address holds `q`, to be chosen."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()
    found = addresses(me(request), asked) if asked else []
    return render(request, "desk/_begin_found.html", {"found": found, "asked": asked})


def _left_out(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Who is left out and why, by name, and how to send to the rest."""
    people_out = refused.data["people"]
    assert isinstance(people_out, list)
    shown = [(name, refusals.words(Refused(code))) for name, code in people_out]
    response = render(
        request, "desk/_begin_left_out.html", {"shown": shown, "rest": refused.data["rest"]}, status=422
    )
    response["X-Majlis-Refused"] = "left_out"
    return response
