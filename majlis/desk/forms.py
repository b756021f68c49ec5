"""Fields that appear on several pages: addresses, passwords, languages, places and times."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from majlis.lib.arabic import sort_key
from majlis.lib.numbers import ascii_digits
from majlis.people.models import Teammate

PASSWORD_HELP = _("At least 10 characters, nothing easy to guess. Several words together are good.")
ARAB_REGIONS = "SA AE QA KW BH OM YE EG SD JO PS LB SY IQ LY TN DZ MA MR SO DJ KM".split()
OWN_NAMES = [("ar", "العربية"), ("en", "English")]


def address_field(label: Any, **options: Any) -> forms.EmailField:
    """An email address, always written left to right."""
    field = forms.EmailField(label=label, max_length=254, **options)
    field.widget.attrs.update(dir="ltr", autocomplete="off", spellcheck="false", autocapitalize="none")
    return field


def new_password_field(label: Any) -> forms.CharField:
    """A password being chosen; spaces at its ends belong to it."""
    return forms.CharField(
        label=label,
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
    )


def text_field(label: Any, **options: Any) -> forms.CharField:
    """A short text that a person writes."""
    return forms.CharField(label=label, max_length=options.pop("max_length", 120), **options)


def signature_field(label: Any, **options: Any) -> forms.CharField:
    """What stands under replies: lines of text, whose blocks become paragraphs."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=2000, required=False, widget=widget, **options)


class NumberField(forms.IntegerField):
    """A whole number in any digits a person types; kept and shown again in Latin ones."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"})
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> int | None:
        return super().to_python(ascii_digits(value) if isinstance(value, str) else value)


def language_field(**options: Any) -> forms.ChoiceField:
    """The languages, each by its own name."""
    return forms.ChoiceField(label=_("Language"), choices=OWN_NAMES, widget=forms.RadioSelect, **options)


def region_choices() -> list[tuple[str, str]]:
    """Countries in the reader's language, the Arab ones first, by name."""
    names = Locale.parse((get_language() or settings.LANGUAGE_CODE)[:2]).territories
    known = {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}
    for not_a_country in ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"):
        known.pop(not_a_country, None)

    def by_name(codes: Iterable[str]) -> list[tuple[str, str]]:
        return sorted(((code, known[code]) for code in codes), key=lambda pair: sort_key(pair[1]))

    return [*by_name(ARAB_REGIONS), *by_name(code for code in known if code not in ARAB_REGIONS)]


@cache  # reading the zones walks many folders; they change with the installed package only
def time_zone_choices() -> tuple[tuple[str, str], ...]:
    """The places that name a time zone."""
    areas = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    names = sorted(name for name in available_timezones() if name.startswith(areas))
    return tuple((name, name.replace("_", " ")) for name in [*names, "UTC"])


def time_zone_field() -> forms.ChoiceField:
    """Where the clock hangs."""
    field = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    field.widget.attrs["dir"] = "ltr"
    return field


class NewPasswordMixin(forms.Form):
    """Checks `password` against the rules, knowing whose it will be."""

    def future_teammate(self) -> Teammate:
        """Whose name and address the password must not resemble."""
        return Teammate(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password:
            try:
                validate_password(password, self.future_teammate())
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
