"""What an admin must know on every page: mailboxes whose mail does not come in."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from majlis.channels.problems import CODES, explain, words
from majlis.channels.stale import alarms

from .asking import me


@require_safe
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """/alarms: a line for each, asked for by every page once a minute; told from the rows, so a dead worker shows."""
    if not me(request).is_admin:
        raise PermissionDenied
    shown = [{"alarm": one, "why": _why(one.problem)} for one in alarms() if not one.waits_for_sign_in]
    return render(request, "desk/_alarms.html", {"alarms": shown})


def _why(problem: str) -> str:
    if not problem:
        return ""
    return words(problem) if problem in CODES else explain(problem)
