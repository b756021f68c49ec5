"""Where somebody is signed in: this browser and the others, each with a way to end it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, reader_digits
from majlis.lib.browsers import recognised
from majlis.lib.errors import Refused
from majlis.lib.numbers import shaped
from majlis.people import queries
from majlis.people.actions import sessions
from majlis.people.models import Teammate


def rows(request: HttpRequest, teammate: Teammate) -> list[dict[str, Any]]:
    """The sessions of `teammate` as the list shows them, this browser's first."""
    here = request.session.session_key
    listed = [
        {
            "tag": queries.session_tag(session.session_key),
            "name": _name(session.agent),
            "address": session.address,
            "since": session.created_at,
            "seen": session.seen_at,
            "is_here": session.session_key == here,
        }
        for session in queries.sessions_of(teammate)
    ]
    return sorted(listed, key=lambda row: not row["is_here"])


@require_POST
def own(request: HttpRequest) -> HttpResponse:
    """POST /settings/sessions/: `session` names the one to end; without it all but this one end."""
    _end(request, me(request))
    return redirect("settings_profile")


@require_POST
@admins_only
def of_teammate(request: HttpRequest, teammate_id: int) -> HttpResponse:
    """POST /settings/team/<id>/sessions: the same for somebody else."""
    teammate = get_object_or_404(Teammate, pk=teammate_id)
    _end(request, teammate)
    return redirect("settings_teammate", teammate.pk)


def _end(request: HttpRequest, teammate: Teammate) -> None:
    by, tag = me(request), request.POST.get("session", "")
    keep = request.session.session_key
    try:
        number = sessions.end(by, teammate, tag=tag, keep=keep)
    except Refused as refused:
        gone = _("This session has ended already.")
        messages.error(
            request, gone if refused.code == "no_such_session" else _("Only an owner may do this.")
        )
        return
    if number:
        said = ngettext("One session has ended.", "%(n)s sessions have ended.", number) % {
            "n": shaped(str(number), reader_digits(request))
        }
        messages.success(request, said)
    else:
        messages.success(request, _("There was no other session."))


def _name(agent: str) -> str:
    browser, system = recognised(agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": f"\u2068{system}\u2069"}
    return browser or system or _("Unknown browser")
