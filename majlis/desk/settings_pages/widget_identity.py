"""How a site says who its visitor is: the secret it signs with, and what it writes for that in three languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import majlis
from majlis.channels.chat import widgets as actions
from majlis.desk import refusals
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.desk.settings_pages.widgets import found, tabs, tag
from majlis.lib.errors import Refused

SNIPPETS = Path(majlis.__file__).parent / "channels" / "chat" / "snippets"
LANGUAGES = (("python", "Python"), ("php", "PHP"), ("node", "JavaScript (Node)"))


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def identity(request: HttpRequest, widget_id: int) -> HttpResponse:
    """/settings/widgets/<id>/identity/: a POST shows the secret, which no other answer holds."""
    widget = found(widget_id)
    problem = secret = ""
    try:
        secret = actions.secret_of(widget)
        if not secret:
            raise Refused("secret_unreadable")
    except Refused as refused:
        problem = refusals.words(refused)
    is_before_good = widget.before_until is not None and widget.before_until > timezone.now()
    context = {
        "widget": widget,
        "widget_tabs": tabs(request, widget),
        "problem": problem,
        "secret": secret if request.method == "POST" else "",
        "before_until": widget.before_until if is_before_good else None,
        "tag": tag(widget, identity="TOKEN"),
        "snippets": [{"name": name, "label": label, "text": snippet(name)} for name, label in LANGUAGES],
    }
    return page(request, "settings/widget_identity.html", widget.name, context=context)


@require_POST
@admins_only
def renewal(request: HttpRequest, widget_id: int) -> HttpResponse:
    """POST /settings/widgets/<id>/identity/renewal: another secret; the one before goes on for a week."""
    actions.renew_secret(me(request), found(widget_id))
    messages.success(request, _("There is a new secret. Show it, and give it to your site."))
    return redirect("settings_widget_identity", widget_id)


@cache
def snippet(name: str) -> str:
    """What a site's back end may be given as it is: "python", "php" or "node"."""
    return (SNIPPETS / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")
