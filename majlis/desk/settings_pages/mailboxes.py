"""Mailboxes: how each one stands, a new one, changes, a test of the connection, a pause."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.channels.actions import connect
from majlis.channels.ledger import counts
from majlis.channels.models import MailConnection
from majlis.channels.problems import CODES, explain, unpack, words
from majlis.desk.asking import me
from majlis.desk.settings_pages import mailbox_token
from majlis.desk.settings_pages.frame import admins_only, frame, page
from majlis.desk.settings_pages.mailbox_form import MailboxForm, guessed
from majlis.desk.settings_pages.mailbox_tabs import tabs
from majlis.lib.errors import Refused
from majlis.lib.html import from_text
from majlis.people import queries
from majlis.people.actions import mailboxes
from majlis.people.models import Mailbox


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/mailboxes/: each mailbox and how its connection stands."""
    found = list(
        queries.mailboxes_visible_to(me(request)).select_related("connection").order_by("name", "pk")
    )
    counted = counts([mailbox.pk for mailbox in found])
    rows = [
        {"mailbox": mailbox, "counts": counted.get(mailbox.pk), **_standing(_connection(mailbox))}
        for mailbox in found
    ]
    return page(request, "settings/mailboxes.html", _("Mailboxes"), context={"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@admins_only
def new(request: HttpRequest) -> HttpResponse:
    """/settings/mailboxes/new/"""
    return _edit(request, None, _("New mailbox"))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@admins_only
def edit(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/"""
    mailbox = get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)
    return _edit(request, mailbox, mailbox.name)


@require_POST
@admins_only
def pause(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST /settings/mailboxes/<id>/pause: `is_paused` 1 stops fetching, 0 goes on."""
    mailbox = get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)
    try:
        if request.POST.get("is_paused") == "1":
            connect.disable(mailbox, me(request))
            messages.success(request, _("No mail is fetched for this mailbox now."))
        else:
            connect.enable(mailbox, me(request))
            messages.success(request, _("Mail is fetched again, from where it stopped."))
    except Refused:
        messages.error(request, _("This mailbox has no connection yet."))
    return redirect("settings_mailbox", mailbox.pk)


def edit_page(
    request: HttpRequest, mailbox: Mailbox | None, *, template: str, after: str, context: dict[str, Any]
) -> HttpResponse:
    """The mailbox form: filled in by a guess, tested or saved, by the button pressed. Kept whatever happens.

    `after`: where a saved one leads; `context`: what the template needs besides.
    """
    connection = _connection(mailbox) if mailbox else None

    is_narrow = template.startswith("setup/")

    def made(data: QueryDict | None) -> MailboxForm:
        form = MailboxForm(data, mailbox=mailbox, connection=connection, with_access=not is_narrow)
        return _with_guess(form, request, mailbox)

    is_fragment = request.headers.get("HX-Request") == "true"
    context = {
        **context,
        "is_new": mailbox is None,
        "is_narrow": is_narrow,
        "guessed_for": request.POST.get("guessed_for", ""),
        "guessed_protocol": request.POST.get("guessed_protocol", connection.protocol if connection else ""),
        "typed": request.POST.get("typed", ""),
    }
    if "guess" in request.POST:
        filled = guessed(request.POST)
        form = made(None)
        form.initial.update(_plain(form, filled))
        context |= {
            "form": form,
            "guessed_for": filled.get("guessed_for", ""),
            "guessed_protocol": filled.get("guessed_protocol", ""),
            "typed": filled.get("typed", ""),
        }
        return render(request, "settings/_mailbox_servers.html" if is_fragment else template, context)
    form = made(request.POST or None)
    context["form"] = form
    if "test" in request.POST:
        form.is_valid()
        context["probes"] = form.probes()
        return render(request, "settings/_mailbox_probes.html" if is_fragment else template, context)
    if form.is_valid() and _saved(request, form, mailbox):
        if not is_narrow:
            messages.success(request, _("The mailbox is saved."))
        return redirect(mailbox_token.next_page(form.saved, form.cleaned_data) or after)
    return render(request, template, context)


def _edit(request: HttpRequest, mailbox: Mailbox | None, title: str) -> HttpResponse:
    standing = _standing(_connection(mailbox)) if mailbox else {}
    return edit_page(
        request,
        mailbox,
        template="settings/mailbox.html",
        after=reverse("settings_mailboxes"),
        context={
            **frame(request),
            "page_title": title,
            "mailbox": mailbox,
            "mailbox_tabs": tabs(request, mailbox) if mailbox else [],
            **standing,
        },
    )


def _saved(request: HttpRequest, form: MailboxForm, mailbox: Mailbox | None) -> bool:
    said, by, shape = form.cleaned_data, me(request), form.shape()
    known: dict[str, Any]
    try:
        with transaction.atomic():
            known = {"name": said["name"], "address": said["address"]}
            known["teammate_ids"] = said.get("teammates", [])
            if "team" in said:
                known |= {"team_id": said["team"], "signature": from_text(said["signature"])}
            if mailbox is None:
                mailbox = mailboxes.create(by, **known)
            else:
                mailboxes.change(by, mailbox, **known)
            if shape.imap or shape.smtp or form.connection is not None:
                connect.save(mailbox, by, shape=shape)
                mailbox_token.choose(mailbox, by, said)
            form.saved = mailbox
    except Refused as refused:
        if refused.code != "address_taken":
            raise
        form.add_error("address", _("There is a mailbox with this address already."))
        return False
    return True


def _connection(mailbox: Mailbox) -> MailConnection | None:
    return getattr(mailbox, "connection", None)


def _standing(connection: MailConnection | None) -> dict[str, Any]:
    """How the fetching of a mailbox stands, in one word for the template and the facts beside it."""
    if connection is None or not connection.in_host:
        return {"state": "none", "connection": connection, "problem": ""}
    state = "fine" if connection.checked_at else "waiting"
    if connection.problem:
        state = "problem"
    if not connection.is_enabled:
        state = "paused"
    problem = connection.problem
    said = words(problem) if problem in CODES else explain(problem)
    needs_sign_in = unpack(problem)[0] in ("sign_in", "sign_in_again")
    return {"state": state, "connection": connection, "problem": said, "needs_sign_in": needs_sign_in}


def _plain(form: MailboxForm, filled: QueryDict) -> dict[str, Any]:
    """What was typed, as initial values: a guess is no answer yet, so nothing is called wrong."""
    return {
        name: filled.getlist(name) if name == "teammates" else filled.get(name)
        for name in form.fields
        if name in filled
    }


def _with_guess(form: MailboxForm, request: HttpRequest, mailbox: Mailbox | None) -> MailboxForm:
    """A new mailbox's address, once written, fetches the usual servers of its domain, and so does another protocol."""
    asking = {
        "hx-post": request.path,
        "hx-trigger": "change",
        "hx-target": "#servers",
        "hx-swap": "outerHTML",
        "hx-sync": "#servers:queue last",
        "hx-vals": '{"guess": "1"}',
    }
    form.fields["protocol"].widget.attrs.update(asking)
    if mailbox is None:
        form.fields["address"].widget.attrs.update(asking)
    return form
