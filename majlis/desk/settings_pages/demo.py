"""The made-up shop: asking for it, watching it come, and taking it away with what it will take counted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.demo import belongings
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.lib.errors import Refused
from majlis.people.actions import demo as asking
from majlis.people.models import Demo


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def shop(request: HttpRequest) -> HttpResponse:
    """/settings/demo/: what there is; POST asks for the shop."""
    if request.method == "POST":
        return _ask(request, asking.MAKE)
    return page(request, "settings/demo.html", pgettext("settings", "Demo shop"), context=_standing())


@require_POST
@admins_only
def remove(request: HttpRequest) -> HttpResponse:
    """POST /settings/demo/removal"""
    return _ask(request, asking.REMOVE)


@require_safe
@admins_only
def progress(request: HttpRequest) -> HttpResponse:
    """/settings/demo/progress: the part that changes while it is made or removed; the whole page once that is done."""
    standing = _standing()
    response = render(request, "settings/_demo.html", standing)
    if not standing["demo"].asked:
        response["HX-Refresh"] = "true"
    return response


def _ask(request: HttpRequest, what: str) -> HttpResponse:
    try:
        asking.ask(me(request), what)
    except Refused as refused:
        messages.error(request, _words(refused.code))
    return redirect("settings_demo")


def _standing() -> dict[str, Any]:
    """The row, what belongs to the shop, and in words why the last try came to nothing."""
    demo = Demo.objects.filter(pk=1).first() or Demo()
    is_there = demo.made_at is not None
    return {
        "demo": demo,
        "is_there": is_there,
        "numbers": belongings.numbers(demo) if is_there else None,
        "problem": _words(demo.problem) if demo.problem else "",
        "percent": 100 * demo.done // demo.whole if demo.whole else 0,
    }


def _words(code: str) -> str:
    return {
        "demo_busy": _("The demo shop is being made or removed at this moment."),
        "demo_there": _("The demo shop is here already."),
        "demo_missing": _("There is no demo shop here."),
        "not_allowed": _("Only owners and admins may do this."),
    }.get(code, _("That did not work, and nothing was left half done. Try it again."))
