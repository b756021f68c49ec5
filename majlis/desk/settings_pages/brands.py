"""Brands: the names, colours and logos under which the company meets its customers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.desk import refusals
from majlis.desk.asking import me
from majlis.desk.settings_pages.brand_form import FIELD_OF, BrandForm, logo_of, tone
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.lib.errors import Refused
from majlis.people import brands
from majlis.people.actions import brands as actions
from majlis.people.models import Brand, Mailbox, Teammate


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/brands/"""
    found = list(brands.brands().prefetch_related("mailboxes", "widgets"))
    of_none = list(Mailbox.objects.filter(brand=None).order_by("name", "pk"))
    rows = [
        {
            "brand": brand,
            "tone": tone(brand.colour),
            "logo": logo_of(brand),
            "is_house": place == 0,
            "mailboxes": [*brand.mailboxes.all(), *(of_none if place == 0 else ())],
            "widgets": list(brand.widgets.all()),
        }
        for place, brand in enumerate(found)
    ]
    return page(request, "settings/brands.html", _("Brands"), context={"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def new(request: HttpRequest) -> HttpResponse:
    """/settings/brands/new/"""
    return _edit(request, None, _("New brand"))


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def edit(request: HttpRequest, brand_id: int) -> HttpResponse:
    """/settings/brands/<id>/"""
    brand = _found(brand_id)
    return _edit(request, brand, brand.name)


@require_POST
@admins_only
def logo(request: HttpRequest, brand_id: int) -> HttpResponse:
    """POST /settings/brands/<id>/logo: `logo` is the file; `remove` takes the logo away."""
    brand, sent = _found(brand_id), request.FILES.get("logo")
    try:
        if "remove" in request.POST:
            actions.set_logo(me(request), brand, None)
            messages.success(request, _("The logo is removed."))
        elif sent is None:
            messages.error(request, _("Choose a picture first."))
        else:
            actions.set_logo(me(request), brand, sent.read(actions.MOST_LOGO_BYTES + 1))
            messages.success(request, _("The logo is saved."))
    except Refused as refused:
        messages.error(request, refusals.words(refused))
    return redirect("settings_brand", brand.pk)


@require_POST
@admins_only
def remove(request: HttpRequest, brand_id: int) -> HttpResponse:
    """POST /settings/brands/<id>/removal"""
    brand = _found(brand_id)
    try:
        actions.remove(me(request), brand)
        messages.success(request, _("The brand is removed. Its mailboxes belong to the house's own now."))
    except Refused as refused:
        messages.error(request, refusals.words(refused))
        return redirect("settings_brand", brand.pk)
    return redirect("settings_brands")


def _edit(request: HttpRequest, brand: Brand | None, title: str) -> HttpResponse:
    is_house = brand is not None and brand.pk == brands.house().pk
    form = BrandForm(request.POST or None, brand=brand, is_house=is_house)
    if form.is_valid():
        saved = _saved(me(request), form, brand)
        if saved is not None:
            messages.success(
                request, _("Saved.") if brand else _("The brand is made. Give it a logo, if it has one.")
            )
            return redirect("settings_brand", saved.pk) if brand is None else redirect("settings_brands")
    context: dict[str, Any] = {
        "form": form,
        "brand": brand,
        "logo": logo_of(brand) if brand else None,
        "is_house": is_house,
        "submit_label": _("Make the brand") if brand is None else None,
    }
    return page(request, "settings/brand_form.html", title, context=context)


def _saved(by: Teammate, form: BrandForm, brand: Brand | None) -> Brand | None:
    said = dict(form.cleaned_data)
    boxes = said.pop("mailboxes", None)
    try:
        with transaction.atomic():
            # A name that is refused must not stay on the row that is shown.
            saved = actions.change(by, _found(brand.pk), **said) if brand else actions.create(by, **said)
            if boxes is not None:
                actions.give_mailboxes(by, saved, set(boxes))
    except Refused as refused:
        form.add_error(FIELD_OF.get(refused.code), refusals.words(refused))
        return None
    return saved


def _found(brand_id: int) -> Brand:
    return get_object_or_404(Brand.objects.prefetch_related("mailboxes"), pk=brand_id)
