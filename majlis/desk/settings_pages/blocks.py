"""Whose mail goes to spam: blocked senders and domains, and letting them write again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from majlis.desk import refusals
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.lib.errors import Refused
from majlis.people.actions.block import block, unblock
from majlis.people.blocks import blocks
from majlis.people.models import Block


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/blocks/: who is blocked; POST blocks `who`, for `reason`."""
    said, problem = {"who": "", "reason": ""}, ""
    if request.method == "POST":
        said = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in said}
        try:
            found = block(me(request), said["who"], reason=said["reason"])
            messages.success(request, _("%(name)s is blocked.") % {"name": f"\u2066{found}\u2069"})
            return redirect("settings_blocks")
        except Refused as refused:
            problem = refusals.words(refused)
    context = {"rows": blocks(), "said": said, "problem": problem}
    return page(request, "settings/blocks.html", pgettext("settings", "Blocked senders"), context=context)


@require_POST
@admins_only
def remove(request: HttpRequest, block_id: int) -> HttpResponse:
    """POST /settings/blocks/<id>/removal"""
    found = get_object_or_404(Block, pk=block_id)
    name = f"\u2066{found}\u2069"
    unblock(me(request), found)
    messages.success(request, _("%(name)s may write again.") % {"name": name})
    return redirect("settings_blocks")
