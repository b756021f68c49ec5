"""One's own notifications: what is told where, quiet hours, sound, and pushes to this browser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import page
from majlis.lib.errors import Refused
from majlis.lib.numbers import ascii_digits
from majlis.people.actions.notifying import be_quiet, choose
from majlis.people.models import NotificationKind
from majlis.people.notifying import Choice, choices_of, quiet_hours_of

_WAYS = ("in_page", "by_push", "by_mail")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def notifications(request: HttpRequest) -> HttpResponse:
    """/settings/notifications/: `kinds` names what the form showed, `KIND.WAY` is there where it is wanted."""
    teammate = me(request)
    if request.method != "POST":
        hours = quiet_hours_of(teammate)
        typed = (f"{hours.begin_at:%H:%M}", f"{hours.end_at:%H:%M}") if hours else ("", "")
        return _page(request, choices_of(teammate), typed)
    choices = _chosen(request.POST, request.POST.getlist("kinds"))
    typed = (request.POST.get("quiet_begin", ""), request.POST.get("quiet_end", ""))
    try:
        begin_at, end_at = (_clock(text) for text in typed)
        be_quiet(teammate, begin_at, end_at)
        choose(teammate, choices)
    except Refused as refused:
        return _page(request, {**choices_of(teammate), **choices}, typed, problem=_words(refused.code))
    messages.success(request, _("Your notifications are saved."))
    return redirect("settings_notifications")


def _page(
    request: HttpRequest, choices: Mapping[str, Choice], typed: tuple[str, str], *, problem: str = ""
) -> HttpResponse:
    labels = _labels()
    context: dict[str, Any] = {
        "ways": list(zip(_WAYS, _headings(), strict=True)),
        "kinds": [
            {"key": kind, "label": labels[kind], "is_on": [getattr(choice, way) for way in _WAYS]}
            for kind, choice in choices.items()
            if kind in labels
        ],
        "quiet": typed,
        "problem": problem,
    }
    title = pgettext("settings", "Notifications")
    return page(
        request, "settings/notifications.html", title, context=context, status=422 if problem else 200
    )


def _chosen(fields: Mapping[str, str], kinds: list[str]) -> dict[str, Choice]:
    return {kind: Choice(*(f"{kind}.{way}" in fields for way in _WAYS)) for kind in kinds}


def _clock(text: str) -> time | None:
    """A time of day as the browser sends it, or nothing. Raises Refused("no_time")."""
    typed = ascii_digits(text.strip())
    if not typed:
        return None
    try:
        return time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as problem:
        raise Refused("no_time") from problem


def _headings() -> tuple[str, str, str]:
    return _("In the page"), _("Push"), _("Mail")


def _labels() -> dict[str, str]:
    return {
        NotificationKind.ASSIGNED: _("A conversation is assigned to me"),
        NotificationKind.MENTIONED: _("Somebody mentions me in a note"),
        NotificationKind.ANSWERED: _("A customer writes in a conversation of mine"),
        NotificationKind.FAILED: _("A reply of mine does not arrive"),
        NotificationKind.FOLLOWED: _("Something happens in a conversation I follow"),
        NotificationKind.NEW: _("A message arrives that nobody has taken yet"),
    }


def _words(code: str) -> str:
    return {
        "quiet_half": _("Quiet hours need a beginning and an end. Leave both empty for none."),
        "quiet_empty": _("Quiet hours cannot end when they begin."),
        "no_time": _("Write times of day like 22:00."),
    }.get(code, _("That did not work. Reload the page and try again."))
