"""How mail leaves a mailbox: how much in a time, from which size on files become links, and whether it flows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from majlis.channels.actions import pacing
from majlis.channels.actions.sending_rules import Chosen, choose
from majlis.channels.email.allowance import Allowance, usual
from majlis.channels.sending_rules import rules_of
from majlis.channels.standing import standing
from majlis.channels.verdict_words import said
from majlis.desk.asking import me
from majlis.desk.forms import NumberField
from majlis.desk.settings_pages.frame import admins_only, frame
from majlis.desk.settings_pages.mailbox_tabs import tabs
from majlis.people import queries
from majlis.people.models import Mailbox


class SendingForm(forms.Form):
    """The rules of one mailbox; an empty limit is what is usual there."""

    per_minute = NumberField(
        label=gettext_lazy("Messages a minute"), required=False, min_value=0, max_value=100_000
    )
    per_hour = NumberField(
        label=gettext_lazy("Messages an hour"), required=False, min_value=0, max_value=1_000_000
    )
    per_day = NumberField(
        label=gettext_lazy("Messages a day"), required=False, min_value=0, max_value=10_000_000
    )
    attachments_mb = NumberField(
        label=gettext_lazy("Files in one mail, in megabytes"), min_value=1, max_value=100
    )
    link_days = NumberField(label=gettext_lazy("Days that a link works"), min_value=1, max_value=365)

    def chosen(self) -> Chosen:
        """What was typed, once it is valid."""
        return Chosen(**self.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def sending(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/sending/"""
    mailbox = _mailbox(request, mailbox_id)
    rules = rules_of(mailbox)
    names = ("per_minute", "per_hour", "per_day", "attachments_mb", "link_days")
    form = SendingForm(request.POST or None, initial={name: getattr(rules, name) for name in names})
    if form.is_valid():
        choose(mailbox, me(request), form.chosen())
        messages.success(request, _("Saved."))
        return redirect("settings_mailbox_sending", mailbox.pk)
    stands = standing(mailbox)
    known = usual(stands.host, mailbox.address)
    for name, number in (
        ("per_minute", known.per_minute),
        ("per_hour", known.per_hour),
        ("per_day", known.per_day),
    ):
        form.fields[name].widget.attrs["placeholder"] = str(number) if number else _("No limit")
    context: dict[str, Any] = {
        **frame(request),
        "page_title": mailbox.name,
        "mailbox": mailbox,
        "mailbox_tabs": tabs(request, mailbox),
        "form": form,
        "stands": stands,
        "why": said(stands.rest.why) if stands.rest else None,
        "is_known": known != Allowance(),
    }
    return render(request, "settings/mailbox_sending.html", context)


@require_POST
@admins_only
def try_now(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST /settings/mailboxes/<id>/sending/tries: the rest is over, what waited is due."""
    mailbox = _mailbox(request, mailbox_id)
    pacing.lift(standing(mailbox).keys, mailbox.pk)
    messages.success(request, _("It is tried again now."))
    return redirect("settings_mailbox_sending", mailbox.pk)


def _mailbox(request: HttpRequest, mailbox_id: int) -> Mailbox:
    found: Mailbox = get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)
    return found
