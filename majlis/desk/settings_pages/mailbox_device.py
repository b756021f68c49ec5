"""Signing in to a mailbox by a code that is entered in any other browser; the page follows."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.channels.actions import device_sign_in
from majlis.channels.problems import ConnectionProblem, explain
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.models import Mailbox


@dataclass(frozen=True, slots=True)
class Shown:
    """A sign-in by code as its page shows it."""

    code: str
    address: str
    is_open: bool
    problem: str


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def code(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """…/sign-in/code: POST asks the service for a code; GET is the part of the page that follows it."""
    mailbox = get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)
    if request.method == "POST":
        try:
            device_sign_in.begin(mailbox, me(request), session_key=request.session.session_key or "")
        except ConnectionProblem as problem:
            messages.error(request, explain(str(problem)))
        except Refused:
            messages.error(
                request, _("This mailbox signs in with a password. Choose a service in its settings first.")
            )
        return redirect("settings_mailbox_sign_in", mailbox.pk)
    device_sign_in.remind()
    found = standing(request, mailbox)
    response = render(request, "settings/_sign_in_code.html", {"device": found, "mailbox": mailbox})
    if found is None or not found.is_open:
        if found is None:  # what is over and well stands here no more
            messages.success(request, _("Signed in. Mail comes and goes from where it stopped."))
        response["HX-Refresh"] = "true"
    return response


def standing(request: HttpRequest, mailbox: Mailbox) -> Shown | None:
    """The sign-in by code that this browser began last; None without one, and once somebody has signed in."""
    found = device_sign_in.standing(mailbox, session_key=request.session.session_key or "")
    if found is None:
        return None
    return Shown(
        code=found.user_code,
        address=found.address,
        is_open=found.ended_at is None,
        problem=explain(found.problem),
    )
