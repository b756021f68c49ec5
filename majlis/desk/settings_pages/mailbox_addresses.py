"""What a mailbox is known by: further addresses, whether a plus works, whose checks of the sender are believed, copies."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.channels import plus
from majlis.channels.actions import copies, options
from majlis.channels.connections import imap_settings
from majlis.channels.email.mailserver import connect
from majlis.channels.models import MailConnection, MailOptions
from majlis.channels.problems import ConnectionProblem, explain
from majlis.desk import refusals
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.desk.settings_pages.mailbox_tabs import tabs
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions import aliases
from majlis.people.models import Mailbox

TEST_SECONDS = 10.0


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def addresses(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/addresses/: all of it; POST adds the further address `address`."""
    mailbox = _mailbox(request, mailbox_id)
    typed, problem = "", ""
    if request.method == "POST":
        typed = request.POST.get("address", "").replace("\x00", "").strip()
        try:
            added = aliases.add(me(request), mailbox, typed)
            messages.success(
                request, _("Mail to %(address)s arrives here.") % {"address": _isolated(added.address)}
            )
            return redirect("settings_mailbox_addresses", mailbox.pk)
        except Refused as refused:
            problem = refusals.words(refused)
    return _page(request, mailbox, typed=typed, problem=problem)


@require_POST
@admins_only
def alias(request: HttpRequest, mailbox_id: int, alias_id: int) -> HttpResponse:
    """POST …/addresses/<id>: `is_answered_from` 1 or 0."""
    found = get_object_or_404(_mailbox(request, mailbox_id).aliases, pk=alias_id)
    aliases.change(me(request), found, is_answered_from=request.POST.get("is_answered_from") == "1")
    messages.success(request, _("Saved."))
    return redirect("settings_mailbox_addresses", mailbox_id)


@require_POST
@admins_only
def remove(request: HttpRequest, mailbox_id: int, alias_id: int) -> HttpResponse:
    """POST …/addresses/<id>/removal"""
    found = get_object_or_404(_mailbox(request, mailbox_id).aliases, pk=alias_id)
    aliases.remove(me(request), found)
    messages.success(
        request,
        _("%(address)s is no address of this mailbox any more.") % {"address": _isolated(found.address)},
    )
    return redirect("settings_mailbox_addresses", mailbox_id)


@require_POST
@admins_only
def trial(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST …/addresses/trial: send the letter that shows whether a plus works."""
    plus.ask(me(request), _mailbox(request, mailbox_id))
    return redirect("settings_mailbox_addresses", mailbox_id)


@require_safe
@admins_only
def trial_standing(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """…/addresses/standing: how the trial stands, as a fragment that asks again while it goes on."""
    mailbox = _mailbox(request, mailbox_id)
    return render(request, "settings/_mailbox_plus.html", {"mailbox": mailbox, **_plus(mailbox)})


@require_POST
@admins_only
def choices(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST …/addresses/choices: `has_reply_token`, `keeps_copies` with `sent_folder`, `verdict_server`."""
    mailbox = _mailbox(request, mailbox_id)
    said = {name: request.POST.get(name, "").replace("\x00", "").strip()[:250] for name in request.POST}
    values: dict[str, Any] = {"verdict_server": said.get("verdict_server", "").lower()}
    if "had_reply_token" in said:
        values["has_reply_token"] = said.get("has_reply_token") == "1"
    try:
        values["sent_folder"] = _sent_folder(mailbox, said)
    except ConnectionProblem as problem:
        return _page(request, mailbox, said=said, copy_problem=explain(str(problem)))
    options.change(me(request), mailbox, **values)
    messages.success(request, _("Saved."))
    return redirect("settings_mailbox_addresses", mailbox.pk)


def _sent_folder(mailbox: Mailbox, said: dict[str, str]) -> str:
    """The folder copies go to, looked up on the server; empty when none are wanted. Raises ConnectionProblem."""
    if said.get("keeps_copies") != "1":
        return ""
    row = MailConnection.objects.filter(mailbox=mailbox).first()
    settings = imap_settings(row) if row is not None else None
    if settings is None:
        raise ConnectionProblem("no_folders")
    client = connect(replace(settings), timeout_seconds=TEST_SECONDS)
    try:
        folder = said.get("sent_folder") or copies.sent_folder(client)
        if not folder or not client.folder_exists(folder):
            raise ConnectionProblem("folder")
    finally:
        with suppress(OSError):
            client.shutdown()
    return folder


def _page(request: HttpRequest, mailbox: Mailbox, **more: Any) -> HttpResponse:
    found = MailOptions.objects.filter(mailbox=mailbox).first() or MailOptions(mailbox=mailbox)
    row = MailConnection.objects.filter(mailbox=mailbox).first()
    context = {
        "mailbox": mailbox,
        "mailbox_tabs": tabs(request, mailbox),
        "options": found,
        "aliases": list(mailbox.aliases.order_by("address")),
        "has_folders": bool(row and row.in_host),
        "sent_problem": explain(found.sent_problem) if found.sent_problem else "",
        **_plus(mailbox),
        "said": {},
        "typed": "",
        "problem": "",
        "copy_problem": "",
        **more,
    }
    return page(request, "settings/mailbox_addresses.html", mailbox.name, context=context)


def _plus(mailbox: Mailbox) -> dict[str, Any]:
    found = MailOptions.objects.filter(mailbox=mailbox).first()
    name, _at, domain = mailbox.address.rpartition("@")
    return {
        "plus": str(plus.standing(mailbox, found)),
        "plus_at": found.plus_at if found else None,
        "plus_example": f"{name}+{pgettext('example of a word behind a plus', 'anything')}@{domain}",
    }


def _mailbox(request: HttpRequest, mailbox_id: int) -> Mailbox:
    return get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)


def _isolated(address: str) -> str:
    return f"\u2066{address}\u2069"
