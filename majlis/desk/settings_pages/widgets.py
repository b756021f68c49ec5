"""Chat on sites: its widgets, made, changed, removed, and what a site puts into its pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.channels.chat import widgets as actions
from majlis.channels.chat.models import Widget
from majlis.desk import refusals
from majlis.desk.asking import me
from majlis.desk.settings_pages.brand_form import tone
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.desk.settings_pages.widget_form import FIELD_OF, NewWidgetForm, WidgetForm
from majlis.desk.settings_pages.widget_preview import brands_shown
from majlis.lib.errors import Refused
from majlis.people import brands
from majlis.people.models import Mailbox

_PAGES = [
    ("settings_widget", gettext_lazy("Looks and place")),
    ("settings_widget_rules", pgettext_lazy("widget", "Who sees it")),
    ("settings_widget_identity", gettext_lazy("Identity")),
]


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/widgets/"""
    found = Widget.objects.select_related("brand", "mailbox").order_by("name", "pk")
    rows = [{"widget": one, "tone": tone(one.brand.colour)} for one in found]
    context = {"rows": rows, "may_begin": Mailbox.objects.exists()}
    return page(request, "settings/widgets.html", _("Chat on your site"), context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def new(request: HttpRequest) -> HttpResponse:
    """/settings/widgets/new/: ends at the tag to copy."""
    form = NewWidgetForm(request.POST or None, initial={"name": _("Our site"), "brand": brands.house().pk})
    if form.is_valid():
        try:
            made = actions.create(me(request), **form.said())
        except Refused as refused:
            form.add_error(FIELD_OF.get(refused.code), refusals.words(refused))
        else:
            messages.success(request, _("The chat is ready. Put its tag into your site, and it is there."))
            return redirect("settings_widget", made.pk)
    context = {"form": form, "submit_label": _("Make the chat")}
    title = _("Chat on another site") if Widget.objects.exists() else _("Put a chat on your site")
    return page(request, "settings/form.html", title, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def edit(request: HttpRequest, widget_id: int) -> HttpResponse:
    """/settings/widgets/<id>/: the tag, and all that can be changed, with its preview."""
    widget = found(widget_id)
    form = WidgetForm(request.POST or None, widget=widget)
    if form.is_valid():
        try:
            # What is refused must not stay on the row that is shown.
            actions.change(me(request), found(widget_id), **form.said())
        except Refused as refused:
            form.add_error(_field_of(refused, form), refusals.words(refused))
        else:
            messages.success(request, _("Saved. Pages that are open show it within five minutes."))
            return redirect("settings_widget", widget.pk)
    context: dict[str, Any] = {
        "form": form,
        "widget": widget,
        "widget_tabs": tabs(request, widget),
        "tag": tag(widget),
        "origin": settings.CONFIG.url,
        "brands": brands_shown(),
    }
    return page(request, "settings/widget_form.html", widget.name, context=context)


@require_POST
@admins_only
def remove(request: HttpRequest, widget_id: int) -> HttpResponse:
    """POST /settings/widgets/<id>/removal"""
    actions.remove(me(request), found(widget_id))
    messages.success(request, _("The chat is removed. What was said by it stays."))
    return redirect("settings_widgets")


def found(widget_id: int) -> Widget:
    """The widget with its brand and mailbox. Raises Http404."""
    return get_object_or_404(Widget.objects.select_related("brand", "mailbox"), pk=widget_id)


def tabs(request: HttpRequest, widget: Widget) -> list[dict[str, Any]]:
    """Label, address and whether it is the present page, of each page of `widget`."""
    pages = [(reverse(name, args=[widget.pk]), label) for name, label in _PAGES]
    return [{"url": url, "label": label, "current": request.path == url} for url, label in pages]


def tag(widget: Widget, identity: str = "") -> str:
    """What a site puts into its pages; `identity` is the token, or what stands for it."""
    handed = f' data-identity="{identity}"' if identity else ""
    return f'<script async src="{settings.CONFIG.url}{reverse("chat_loader", args=[widget.key])}"{handed}></script>'


def _field_of(refused: Refused, form: WidgetForm) -> str | None:
    if refused.code == "greeting_too_long":
        return max(("greeting_ar", "greeting_en"), key=lambda name: len(form.cleaned_data[name]))
    return FIELD_OF.get(refused.code)
