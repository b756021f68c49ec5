"""Contact forms in the settings: listed, made from a starting point, changed with a preview beside, switched, removed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.channels.forms import making, words
from majlis.channels.forms.fields import either
from majlis.channels.forms.making import Shape
from majlis.channels.forms.models import Form
from majlis.channels.forms.shown import shown
from majlis.channels.forms.starting import STARTS
from majlis.desk.asking import me
from majlis.desk.settings_pages import form_editor
from majlis.desk.settings_pages.form_refusals import refused_words
from majlis.desk.settings_pages.frame import admins_only, page, reader_digits
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.brands import brands, house

# Where a refusal that is about no field belongs on the page.
_PLACES = {
    "empty_name": "form-name",
    "name_too_long": "form-name",
    "no_such_brand": "form-brand",
    "no_such_mailbox": "form-mailbox",
    "not_a_site": "form-sites",
    "too_many_sites": "form-sites",
}


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/forms/"""
    gone = request.GET.get("gone", "")
    found = (
        Form.objects.filter(pk=int(gone)).exclude(removed_at=None)
        if gone.isdecimal() and len(gone) < 10
        else None
    )
    context = {
        "rows": list(making.forms()),
        "starts": _starts(),
        "has_mailbox": queries.mailboxes_visible_to(me(request)).exists(),
        "gone": found.first() if found is not None else None,
    }
    return page(request, "settings/forms.html", pgettext("settings", "Forms"), context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def new(request: HttpRequest) -> HttpResponse:
    """/settings/forms/new/?start=NAME"""
    begun = STARTS.get(request.GET.get("start", ""), STARTS["contact"])
    language = _language()
    mailbox = queries.mailboxes_visible_to(me(request)).order_by("pk").first()
    shape = Shape(
        name=either(begun.name_ar, begun.name_en, language),
        brand_id=house().pk or 0,
        mailbox_id=mailbox.pk if mailbox else 0,
        title_ar=begun.title_ar,
        title_en=begun.title_en,
        intro_ar=begun.intro_ar,
        intro_en=begun.intro_en,
        fields=begun.fields,
    )
    return _edit(request, None, shape)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def edit(request: HttpRequest, form_id: int) -> HttpResponse:
    """/settings/forms/<id>/"""
    form = _found(form_id)
    return _edit(request, form, making.shape_of(form))


@require_POST
@admins_only
def preview(request: HttpRequest) -> HttpResponse:
    """POST /settings/forms/preview: the form as it would be shown, from what the editor's page says."""
    shape = form_editor.read(request.POST).shape
    context = _preview(request, shape, request.POST.get("preview", ""))
    return render(request, "settings/_form_preview.html", context)


@require_POST
@admins_only
def switch(request: HttpRequest, form_id: int) -> HttpResponse:
    """POST /settings/forms/<id>/switch: `on` is 1 or 0."""
    making.switch(me(request), _found(form_id), is_on=request.POST.get("on") == "1")
    messages.success(request, _("Saved."))
    return redirect("settings_forms")


@require_POST
@admins_only
def duplicate(request: HttpRequest, form_id: int) -> HttpResponse:
    """POST /settings/forms/<id>/copies: one more like it, off."""
    form = _found(form_id)
    made = making.duplicate(me(request), form, name=_("%(name)s, copy") % {"name": form.name})
    messages.success(request, _("This is the copy. It is off until you switch it on."))
    return redirect("settings_form", made.pk)


@require_POST
@admins_only
def remove(request: HttpRequest, form_id: int) -> HttpResponse:
    """POST /settings/forms/<id>/removal"""
    making.remove(me(request), _found(form_id))
    return redirect(f"{reverse('settings_forms')}?gone={form_id}")


@require_POST
@admins_only
def bring_back(request: HttpRequest, form_id: int) -> HttpResponse:
    """POST /settings/forms/<id>/return: undo its removal."""
    form = get_object_or_404(Form, pk=form_id)
    making.bring_back(me(request), form)
    messages.success(request, _("The form is back."))
    return redirect("settings_forms")


def _edit(request: HttpRequest, form: Form | None, shape: Shape) -> HttpResponse:
    problem, where, done = "", "", ""
    number: object = None
    if request.method == "POST":
        edited = form_editor.read(request.POST)
        shape, done = edited.shape, edited.done
        if edited.is_saving:
            try:
                made = _saved(request, form, shape)
                messages.success(request, _("Saved."))
                return redirect("settings_form", made.pk)
            except Refused as refused:
                problem = refused_words(refused, shape, digits=reader_digits(request))
                number, where = refused.data.get("number"), _where(refused, shape)
    context = {
        "form": form,
        "shape": shape,
        "rows": form_editor.rows(shape, _language()),
        "kinds": list(words.kinds().items()),
        "brands": list(brands()),
        "mailboxes": list(queries.mailboxes_visible_to(me(request)).order_by("name", "pk")),
        "problem": problem,
        "where": where,
        "wrong": number,
        "done": done,
        "address": _address(form) if form else "",
        "tag": _tag(form) if form else "",
        **_preview(request, shape, request.POST.get("preview", "")),
    }
    title = form.name if form else _("New form")
    return page(request, "settings/form_edit.html", title, context=context, status=422 if problem else 200)


def _where(refused: Refused, shape: Shape) -> str:
    """The id of what is to be mended on the page; empty where it is no one thing."""
    number = refused.data.get("number")
    if isinstance(number, int) and number < len(shape.fields):
        return f"card-{shape.fields[number].key}"
    return _PLACES.get(refused.code, "")


def _saved(request: HttpRequest, form: Form | None, shape: Shape) -> Form:
    if form is None:
        return making.create(me(request), shape)
    return making.change(me(request), form, shape)


def _preview(request: HttpRequest, shape: Shape, wanted: str) -> dict[str, Any]:
    """The form in one of its languages; its own where it has one."""
    language = shape.language if shape.language in ("ar", "en") else wanted
    language = language if language in ("ar", "en") else _language()
    with translation.override(language):
        return {
            "preview_language": language,
            "preview_title": words.title(Form(title_ar=shape.title_ar, title_en=shape.title_en), language),
            "preview_intro": either(shape.intro_ar, shape.intro_en, language),
            "preview_send": pgettext("contact form", "Send"),
            "preview_rows": shown(
                shape.fields,
                language=language,
                digits=reader_digits(request),
                needs_address=shape.needs_address,
            ),
        }


def _starts() -> list[dict[str, str]]:
    language = _language()
    return [
        {
            "key": key,
            "name": either(one.name_ar, one.name_en, language),
            "intro": either(one.intro_ar, one.intro_en, language),
        }
        for key, one in STARTS.items()
    ]


def _address(form: Form) -> str:
    return f"{settings.CONFIG.url}{reverse('form', args=[form.key])}"


def _tag(form: Form) -> str:
    url = f"{settings.CONFIG.url}{reverse('form_loader', args=[form.key])}"
    return f'<script async src="{url}"></script>'


def _found(form_id: int) -> Form:
    return get_object_or_404(Form.objects.select_related("brand", "mailbox"), pk=form_id, removed_at=None)


def _language() -> str:
    return (get_language() or "ar")[:2]
