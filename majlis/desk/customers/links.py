"""Settings: the links that stand in the panel of every customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from majlis.desk.forms import text_field
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.lib.errors import Refused
from majlis.people import cards
from majlis.people.actions.context_links import put_link, remove_link
from majlis.people.models import ContextLink

from . import words

_EXAMPLE = {"email": "layla@example.com", "name": "Layla", "id": "12"}


class LinkForm(forms.Form):
    """A name and where it leads."""

    name = text_field(gettext_lazy("Name"), max_length=60)
    template = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        help_text=gettext_lazy("{email}, {name}, {id} and {any attribute} are filled in for each customer."),
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "spellcheck": "false",
                "placeholder": "https://shop.example.com/orders?q={email}",
            }
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def listed(request: HttpRequest) -> HttpResponseBase:
    """/settings/links/: those there are, and a form for one more."""
    form = LinkForm(request.POST or None)
    if _put(form, None):
        messages.success(request, _("Saved."))
        return redirect("settings_links")
    rows = [{"link": link, "example": cards.filled(link.template, _EXAMPLE)} for link in cards.links()]
    return page(request, "customers/links.html", _("Customer links"), context={"form": form, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def edit(request: HttpRequest, link_id: int) -> HttpResponse:
    """/settings/links/<id>/"""
    link = get_object_or_404(ContextLink, pk=link_id)
    start = {"name": link.name, "template": link.template}
    form = LinkForm(request.POST or None, initial=start)
    if _put(form, link):
        messages.success(request, _("Saved."))
        return redirect("settings_links")
    return page(request, "settings/form.html", link.name, context={"form": form})


@require_POST
@admins_only
def removal(request: HttpRequest, link_id: int) -> HttpResponse:
    """POST /settings/links/<id>/removal"""
    remove_link(get_object_or_404(ContextLink, pk=link_id))
    messages.success(request, _("The link is removed."))
    return redirect("settings_links")


def _put(form: forms.Form, link: ContextLink | None) -> bool:
    """Keep what the form says, if it may be; whether it was."""
    if not form.is_valid():
        return False
    said: dict[str, Any] = form.cleaned_data
    try:
        put_link(link, name=said["name"], template=said["template"])
    except Refused as refused:
        form.add_error("template" if refused.code == "not_a_web_address" else None, words.of(refused))
        return False
    return True
