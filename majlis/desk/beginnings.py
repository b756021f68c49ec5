"""Beginning a conversation with a customer, or one each with a chosen few."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.channels.beginning import begin
from majlis.conversations import drafts
from majlis.conversations.actions.begin import MOST_A_DAY, left_today
from majlis.conversations.actions.begin_draft import keep_beginning, throw_beginning
from majlis.conversations.customers_found import addresses
from majlis.conversations.models import Beginning
from majlis.lib.errors import Refused
from majlis.people import queries as people

from . import refusals, returned
from .asking import me, sent, whole_number
from .telling import tell


@require_http_methods(["GET", "HEAD", "POST"])
def beginnings(request: HttpRequest) -> HttpResponse:
    """GET asks for it; POST sends: mailbox, to (addresses parted by commas or lines), subject, text, reason, draft.

    `go_on` leaves out whom it was refused for; `despite` names addresses that it goes to although mail came back.
    """
    teammate = me(request)
    if request.method != "POST":
        return _form(request, Beginning(key=uuid4(), to=request.GET.get("to", "").replace("\x00", "")))
    fields = _fields(request)
    try:
        begun = begin(
            teammate,
            whole_number(fields.get("mailbox")),
            _parted(fields.get("to", "")),
            subject=fields.get("subject", ""),
            text=fields.get("text", ""),
            reason=fields.get("reason", ""),
            goes_on=bool(fields.get("go_on") or fields.get("despite")),
            despite=_parted(fields.get("despite", "")),
            draft=_key(fields.get("draft", "")),
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


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def kept(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET goes on with what was kept; POST keeps what was typed (closed: the form is), DELETE throws it away."""
    teammate = me(request)
    try:
        if request.method == "DELETE":
            throw_beginning(teammate, key)
            undo = ("POST", reverse("beginning_back", args=[key]))
            return tell(HttpResponse(status=204), _("The draft was thrown away"), undo=undo)
        if request.method != "POST":
            found = drafts.beginning_of(teammate, key)
            if found is None:
                raise Http404
            return _form(request, found, is_kept=True)
        fields = _fields(request)
        is_kept = keep_beginning(
            teammate,
            key,
            mailbox_id=whole_number(fields.get("mailbox")),
            **{name: fields.get(name, "") for name in ("to", "subject", "text", "reason")},
        )
    except Refused as refused:
        return refusals.answer(request, refused)
    response = render(request, "desk/_begin_kept.html", {"key": key, "is_kept": is_kept})
    return tell(response, _("Kept in your drafts")) if is_kept and fields.get("closed") else response


@require_POST
def brought_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was just thrown away is a draft again."""
    try:
        throw_beginning(me(request), key, is_back=True)
    except Refused as refused:
        return refusals.answer(request, refused)
    return tell(HttpResponse(status=204), _("The draft is back"))


def _form(request: HttpRequest, written: Beginning, *, is_kept: bool = False) -> HttpResponse:
    teammate = me(request)
    context = {
        "mailboxes": list(people.mailboxes_visible_to(teammate).order_by("pk")),
        "left": left_today(teammate),
        "most": MOST_A_DAY,
        "written": written,
        "key": written.key,
        "is_kept": is_kept,
    }
    return render(request, "desk/_begin_form.html", context)


def _fields(request: HttpRequest) -> dict[str, str]:
    return {name: value.replace("\x00", "").replace("\r\n", "\n") for name, value in sent(request).items()}


def _parted(typed: str) -> list[str]:
    return [part for part in re.split(r"[,;،؛\s]+", typed) if part]


def _key(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Customers whose name or address holds `q`, to be chosen."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()
    found = addresses(me(request), asked) if asked else []
    return render(request, "desk/_begin_found.html", {"found": found, "asked": asked})


def _left_out(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Who is left out and why, by name, and how to send to the rest, or all the same where mail came back."""
    people_out, back = refused.data["people"], refused.data["returned"]
    assert isinstance(people_out, list)
    assert isinstance(back, list)
    context = {
        "shown": [(name, refusals.words(Refused(code))) for name, code in people_out],
        "returned": list(returned.told(back).values()),
        "rest": refused.data["rest"],
    }
    response = render(request, "desk/_begin_left_out.html", context, status=422)
    response["X-Majlis-Refused"] = "left_out"
    return response
