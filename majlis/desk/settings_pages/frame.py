"""What every settings page stands in: the navigation, and who may come in at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from majlis.conversations.actions.topic import may_keep_topics
from majlis.conversations.around import around
from majlis.desk.asking import me
from majlis.desk.inbox import session_tag, surroundings
from majlis.lib.numbers import system
from majlis.people.sessions import installation_of

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def admins_only(view: Page[P]) -> Page[P]:
    """Owners and admins come in, others see the 403 page; what is shown is never kept by a browser."""

    @never_cache
    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not me(request).is_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """/settings/: the first page this person may open."""
    return redirect("settings_mailboxes" if me(request).is_admin else "settings_profile")


def page(
    request: HttpRequest, template: str, title: str, *, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A settings page with its navigation beside it."""
    return render(request, template, {**frame(request), "page_title": title, **context}, status=status)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The desk's navigation and the sections of the settings this person may open."""
    teammate = me(request)
    return {
        **surroundings(around(teammate)),
        "live": {"url": "/live", "session_tag": session_tag(request)},
        "settings_nav": _sections(request, is_admin=teammate.is_admin),
    }


def reader_digits(request: HttpRequest) -> str:
    """The digits this reader expects, for numbers that stand in sentences made here."""
    found = installation_of(request)
    return system((get_language() or "ar")[:2], me(request).numerals, found.region if found else "")


def _sections(request: HttpRequest, *, is_admin: bool) -> list[dict[str, Any]]:
    def item(name: str, label: str) -> dict[str, Any]:
        url = reverse(name)
        return {"label": label, "url": url, "current": request.path.startswith(url)}

    desk = [
        item("settings_mailboxes", _("Mailboxes")),
        item("settings_brands", _("Brands")),
        item("settings_widgets", _("Chat on your site")),
        item("settings_channels", _("Channels")),
        item("settings_forms", pgettext("settings", "Forms")),
        item("settings_team", _("Team")),
        item("settings_teams", _("Teams")),
        item("settings_hours", pgettext("settings", "Hours")),
        item("settings_called", _("What are we called?")),
        item("settings_audit", _("Audit")),
        item("settings_links", _("Customer links")),
        item("settings_topics", pgettext("settings", "Topics")),
        item("settings_blocks", pgettext("settings", "Blocked senders")),
        item("settings_problems", _("Problems")),
        item("settings_health", _("State of the desk")),
        item("settings_demo", pgettext("settings", "Demo shop")),
    ]
    yours = [
        item("settings_profile", _("Profile")),
        item("settings_notifications", pgettext("settings", "Notifications")),
    ]
    own = {"label": _("Yours"), "items": yours}
    if is_admin:
        return [{"label": _("Desk"), "items": desk}, own]
    if may_keep_topics(me(request)):
        return [
            {"label": _("Desk"), "items": [item("settings_topics", pgettext("settings", "Topics"))]},
            own,
        ]
    return [own]
