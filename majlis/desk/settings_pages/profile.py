"""One's own profile: names, picture, signature, language, how things are written, and where one is signed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from majlis.desk.asking import me
from majlis.desk.forms import language_field, signature_field, text_field, time_zone_field
from majlis.desk.settings_pages import sessions
from majlis.desk.settings_pages.frame import page
from majlis.lib.errors import Refused
from majlis.lib.html import from_text, to_text
from majlis.people.actions import pictures, signatures
from majlis.people.actions.teammates import set_profile
from majlis.people.models import Signature


class ProfileForm(forms.Form):
    """How somebody is called and likes to read."""

    name = text_field(gettext_lazy("Name"), help_text=gettext_lazy("Customers see it with your replies."))
    name_latin = text_field(
        gettext_lazy("Name in Latin letters"),
        required=False,
        help_text=gettext_lazy("For customers who read English."),
    )
    signature = signature_field(
        gettext_lazy("Your signature"),
        help_text=gettext_lazy(
            "Stands under your replies instead of the mailbox's. Leave it empty to use that one."
        ),
    )
    language = language_field()
    numerals = forms.ChoiceField(
        label=gettext_lazy("Digits"),
        choices=[
            ("auto", gettext_lazy("As usual in your country")),
            ("arab", "١٢٣"),
            ("latn", "123"),
        ],
        widget=forms.RadioSelect,
    )
    calendar = forms.ChoiceField(
        label=gettext_lazy("Calendar"),
        choices=[
            ("gregorian", gettext_lazy("Gregorian")),
            ("hijri", gettext_lazy("Hijri beside Gregorian")),
        ],
        widget=forms.RadioSelect,
        required=False,
        help_text=gettext_lazy("Hijri dates follow the Umm al-Qura calendar."),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Appearance"),
        choices=[
            ("auto", gettext_lazy("As the device")),
            ("light", pgettext_lazy("theme", "Light")),
            ("dark", pgettext_lazy("theme", "Dark")),
        ],
        widget=forms.RadioSelect,
    )
    time_zone = time_zone_field()


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """/settings/profile/: open to everybody who is signed in."""
    teammate = me(request)
    initial = {name: getattr(teammate, name, "") for name in ProfileForm.base_fields}
    written = Signature.objects.filter(teammate=teammate).values_list("html", flat=True).first()
    initial["signature"] = to_text(written or "")
    form = ProfileForm(request.POST or None, initial=initial)
    if form.is_valid():
        said = dict(form.cleaned_data)
        signature = said.pop("signature")
        said["calendar"] = said["calendar"] or teammate.calendar
        set_profile(teammate, **said)
        signatures.of_teammate(teammate, from_text(signature))
        with translation.override(teammate.language):
            messages.success(request, _("Your profile is saved."))
        return redirect("settings_profile")
    context: dict[str, Any] = {
        "form": form,
        "form_sections": _sections(),
        "sessions": sessions.rows(request, teammate),
        "sessions_url": reverse("settings_sessions"),
    }
    return page(request, "settings/profile.html", _("Profile"), context=context)


@require_POST
def picture(request: HttpRequest) -> HttpResponse:
    """POST /settings/profile/picture: `picture` is the file; `remove` takes the picture away."""
    teammate, sent = me(request), request.FILES.get("picture")
    if "remove" in request.POST:
        pictures.remove_picture(teammate)
        messages.success(request, _("Your picture is removed."))
        return redirect("settings_profile")
    if sent is None:
        messages.error(request, _("Choose a picture first."))
        return redirect("settings_profile")
    try:
        pictures.set_picture(teammate, sent.read(pictures.MOST_BYTES + 1))
        messages.success(request, _("Your picture is saved."))
    except Refused as refused:
        messages.error(request, _words(refused))
    return redirect("settings_profile")


def _sections() -> list[dict[str, Any]]:
    return [
        {
            "title": _("You"),
            "help": _("What customers and colleagues see of you."),
            "names": ["name", "name_latin", "signature"],
        },
        {
            "title": _("Reading"),
            "help": _("For you alone."),
            "names": ["language", "numerals", "calendar", "time_zone", "theme"],
        },
    ]


def _words(refused: Refused) -> str:
    return {
        "picture_too_large": _("The picture is too large: 1 MB at most."),
        "not_a_picture": _("This file is no picture. Choose a PNG, JPEG or WebP file."),
    }.get(refused.code, _("That did not work. Reload the page and try again."))
