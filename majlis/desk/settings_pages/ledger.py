"""What came into a mailbox, by folder and by way, against what lies on its server; older mail can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from majlis.channels import ledger
from majlis.channels.actions import backfill
from majlis.channels.models import Backfill, Route
from majlis.channels.problems import CODES, explain, words
from majlis.channels.stale import alarms
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, frame
from majlis.desk.settings_pages.mailbox_tabs import tabs
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.models import Mailbox


@require_safe
@admins_only
def show(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/ledger/"""
    mailbox = _mailbox(request, mailbox_id)
    context = {
        **frame(request),
        "page_title": mailbox.name,
        "mailbox_tabs": tabs(request, mailbox),
        "today": timezone.localdate(),
        **_standing(mailbox),
    }
    return render(request, "settings/ledger.html", context)


@require_safe
@admins_only
def progress(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/ledger/progress: what changes while mail is fetched."""
    return render(request, "settings/_ledger.html", _standing(_mailbox(request, mailbox_id)))


@require_POST
@admins_only
def backfills(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST /settings/mailboxes/<id>/backfills: `scope` is "all", or "since" with the day `since_on`."""
    since_on = None
    if request.POST.get("scope") != "all":
        try:
            since_on = date.fromisoformat(request.POST.get("since_on", ""))
        except ValueError:
            messages.error(request, _("Choose the day."))
            return redirect("settings_mailbox_ledger", mailbox_id)
    return _do(
        request,
        mailbox_id,
        lambda mailbox: backfill.begin(mailbox, me(request), since_on=since_on),
        _("Older mail is being fetched. New mail comes first."),
    )


@require_POST
@admins_only
def backfill_end(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST /settings/mailboxes/<id>/backfills/end"""
    return _do(
        request,
        mailbox_id,
        lambda mailbox: backfill.stop(mailbox, me(request)),
        _("No more older mail is fetched. What came stays."),
    )


@require_POST
@admins_only
def counting(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST /settings/mailboxes/<id>/counting: compare with the server at once."""
    return _do(
        request,
        mailbox_id,
        lambda mailbox: backfill.count_now(mailbox, me(request)),
        _("The server is being asked. The numbers change here when it has answered."),
    )


def _do(request: HttpRequest, mailbox_id: int, act: Callable[[Mailbox], object], done: str) -> HttpResponse:
    try:
        act(_mailbox(request, mailbox_id))
        messages.success(request, done)
    except Refused as refused:
        said = {
            "not_connected": _("This mailbox has no connection yet."),
            "backfill_runs": _("Older mail is being fetched already."),
        }
        messages.error(request, said.get(refused.code, _("Only owners and admins may do this.")))
    return redirect("settings_mailbox_ledger", mailbox_id)


def _mailbox(request: HttpRequest, mailbox_id: int) -> Mailbox:
    return get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)


def _standing(mailbox: Mailbox) -> dict[str, Any]:
    connection = getattr(mailbox, "connection", None)
    is_fetched = connection is not None and bool(connection.in_host)
    lines = ledger.folder_lines(mailbox)
    last = ledger.last_backfill(mailbox)
    return {
        "mailbox": mailbox,
        "connection": connection if is_fetched else None,
        "problem": _said(connection.problem) if connection else "",
        "alarm": next((one for one in alarms() if one.mailbox.pk == mailbox.pk), None),
        "lines": [{"line": line, "problem": _said(line.folder.problem)} for line in lines],
        "ways": [{"way": way, "label": _way(way.route)} for way in ledger.ways(mailbox)],
        "backfill": last,
        "is_running": last is not None and last.state == Backfill.State.RUNNING,
        "backfill_since": _noon(last.since_on) if last is not None and last.since_on else None,
        "left": sum(line.folder.older_left or 0 for line in lines if line.folder.is_enabled),
    }


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _said(problem: str) -> str:
    if not problem:
        return ""
    return words(problem) if problem in CODES else explain(problem)


def _way(route: str) -> str:
    return {
        Route.IMAP.value: _("Fetched by IMAP"),
        Route.POP3.value: _("Fetched by POP3"),
        Route.LMTP.value: pgettext("mail", "Handed over by a mail server"),
        Route.IMPORT.value: pgettext("mail", "Brought along"),
    }.get(route, route)
