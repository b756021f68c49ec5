"""One's own profile: name, language, and how things are written."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from majlis.desk.asking import me
from majlis.desk.forms import language_field, text_field, time_zone_field
from majlis.desk.settings_pages.frame import page
from majlis.people.actions.teammates import set_profile


class ProfileForm(forms.Form):
    """How somebody is called and likes to read."""

    name = text_field(gettext_lazy("Name"), help_text=gettext_lazy("Customers see it with your replies."))
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
    form = ProfileForm(
        request.POST or None, initial={name: getattr(teammate, name) for name in ProfileForm.base_fields}
    )
    if form.is_valid():
        set_profile(teammate, **form.cleaned_data)
        with translation.override(teammate.language):
            messages.success(request, _("Your profile is saved."))
        return redirect("settings_profile")
    return page(request, "settings/profile.html", _("Profile"), context={"form": form})
