"""Which folders of an account are read: those of the server are shown when it was asked, and chosen here."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.channels.actions import connect
from majlis.channels.connections import imap_settings
from majlis.channels.email.folders import Offered, offered
from majlis.channels.models import MailConnection, MailFolder, Protocol
from majlis.channels.problems import ConnectionProblem, explain
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, frame
from majlis.desk.settings_pages.mailbox_form import TEST_SECONDS
from majlis.desk.settings_pages.mailbox_tabs import tabs
from majlis.lib.errors import Refused
from majlis.people import queries


@dataclass(frozen=True, slots=True)
class Choice:
    """A folder to choose: whether it is read now, and what is worth knowing before."""

    name: str
    is_read: bool
    hint: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def folders(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/folders/: what is read; POST `ask` shows the server's, else `folder` (many) are read."""
    mailbox = get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)
    connection = MailConnection.objects.filter(mailbox=mailbox).exclude(in_host="").first()
    found: list[Offered] = []
    problem = ""
    if request.method == "POST" and "ask" not in request.POST:
        try:
            connect.choose_folders(mailbox, me(request), names=request.POST.getlist("folder"))
            messages.success(request, _("These folders are read from now on."))
            return redirect("settings_mailbox_folders", mailbox.pk)
        except Refused as refused:
            said = {"no_folder": _("Choose one folder at least.")}
            problem = said.get(refused.code, _("This mailbox has no connection yet."))
    is_imap = connection is not None and connection.protocol == Protocol.IMAP
    if connection is not None and is_imap and "ask" in request.POST:
        try:
            if (settings := imap_settings(connection)) is not None:
                found = offered(settings, timeout_seconds=TEST_SECONDS)
        except ConnectionProblem as error:
            problem = explain(str(error))
    context = {
        **frame(request),
        "page_title": mailbox.name,
        "mailbox": mailbox,
        "mailbox_tabs": tabs(request, mailbox),
        "connection": connection,
        "is_imap": is_imap,
        "problem": problem,
        "was_asked": bool(found),
        "choices": _choices(connection, found) if connection is not None else [],
    }
    return render(request, "settings/mailbox_folders.html", context)


def _choices(connection: MailConnection, found: list[Offered]) -> list[Choice]:
    """Those that are read first, then the server's."""
    rows = MailFolder.objects.filter(connection=connection, is_enabled=True).order_by("pk")
    names = list(rows.values_list("name", flat=True)) or [connection.in_folder]
    hints = {one.name: _hint(one.use) for one in found}
    gone = _("The server has no folder by this name.") if found else ""
    read = [Choice(name, is_read=True, hint=hints.get(name, gone)) for name in names]
    return read + [
        Choice(one.name, is_read=False, hint=_hint(one.use)) for one in found if one.name not in names
    ]


def _hint(use: str) -> str:
    return {
        "junk": _("Junk: what its server took for spam"),
        "trash": _("Trash"),
        "sent": _("Sent: what was written in other programs"),
        "drafts": _("Drafts: nothing in it was sent"),
        "all": _("Holds doubles of the other folders. A message in two folders is one entry here."),
        "archive": _("Archive"),
    }.get(use, "")
