"""To whom, where and when a channel is shown: the page of a widget's rule, and that of whom a mailbox is for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.channels.acknowledging import LANGUAGES
from majlis.channels.actions.rules import MOST_CONDITIONS, Channel, set_rule
from majlis.channels.chat.models import Widget
from majlis.channels.forms.models import Form
from majlis.coverage.queries import of_team
from majlis.desk.asking import me
from majlis.desk.settings_pages import rule_form, widgets
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.desk.settings_pages.mailbox_automatic import text_shown
from majlis.desk.settings_pages.mailbox_tabs import tabs
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.models import Mailbox


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def of_widget(request: HttpRequest, widget_id: int) -> HttpResponse:
    """/settings/widgets/<id>/rules/; `?start=` begins with one of ours. A POST with `more` only adds a row."""
    widget = get_object_or_404(Widget.objects.select_related("rule", "mailbox", "brand"), pk=widget_id)
    typed = _typed(request, widget)
    if typed is None:
        return redirect("settings_widget_rules", widget.pk)
    context: dict[str, Any] = {
        "widget": widget,
        "widget_tabs": widgets.tabs(request, widget),
        "has_hours": of_team(widget.mailbox.team_id) is not None,
    }
    return _page(request, "settings/widget_rules.html", widget, typed, context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def of_mailbox(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/for/: whom support by mail is for, and what the others are told."""
    found = queries.mailboxes_visible_to(me(request)).select_related("rule")
    mailbox = get_object_or_404(found, pk=mailbox_id)
    typed = _typed(request, mailbox)
    if typed is None:
        return redirect("settings_mailbox_for", mailbox.pk)
    plan = of_team(mailbox.team_id)
    context: dict[str, Any] = {
        "mailbox": mailbox,
        "mailbox_tabs": tabs(request, mailbox),
        "texts": [
            text_shown(typed.texts.get(one, ""), one, problem=typed.problems.get(one, ""), plan=plan)
            for one in LANGUAGES
        ],
    }
    return _page(request, "settings/mailbox_for.html", mailbox, typed, context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def of_form(request: HttpRequest, form_id: int) -> HttpResponse:
    """/settings/forms/<id>/rules/: on which pages and when a form is offered."""
    found = Form.objects.filter(removed_at=None).select_related("rule", "mailbox")
    form = get_object_or_404(found, pk=form_id)
    typed = _typed(request, form)
    if typed is None:
        return redirect("settings_form_rules", form.pk)
    context: dict[str, Any] = {"form": form, "has_hours": of_team(form.mailbox.team_id) is not None}
    return _page(request, "settings/form_rules.html", form, typed, context)


def _typed(request: HttpRequest, channel: Channel) -> rule_form.Typed | None:
    """What stands in the form; None once it is saved."""
    if request.method != "POST":
        begun = rule_form.started(request.GET.get("start", ""))
        return (begun or rule_form.kept(getattr(channel, "rule", None))).with_spare()
    typed = rule_form.typed(request.POST)
    if "more" in request.POST:
        return typed.with_spare(2)
    try:
        set_rule(me(request), channel, typed.said())
    except Refused as refused:
        typed.refuse(refused)
        return typed.with_spare()
    messages.success(request, _("Saved."))
    return None


def _page(
    request: HttpRequest,
    template: str,
    channel: Channel,
    typed: rule_form.Typed,
    context: dict[str, Any],
) -> HttpResponse:
    is_refused = bool(typed.problems or any(row.problem for row in typed.rows))
    shared = {
        "typed": typed,
        "groups": rule_form.choices(is_mail=isinstance(channel, Mailbox)),
        "is_full": len([row for row in typed.rows if row.what]) >= MOST_CONDITIONS,
        "check": reverse("settings_channels_check"),
    }
    return page(
        request, template, channel.name, context={**context, **shared}, status=422 if is_refused else 200
    )
