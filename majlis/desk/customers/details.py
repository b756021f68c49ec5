"""Who a customer is, how to talk to them, and whether they want to be written to: forms in the panel."""

from __future__ import annotations

from typing import Any

from babel import Locale
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.desk.forms import text_field, time_zone_choices
from majlis.desk.telling import tell
from majlis.lib.arabic import sort_key
from majlis.lib.errors import Refused
from majlis.lib.numbers import ascii_digits
from majlis.people.actions import customers
from majlis.people.models import Customer

from . import words
from .panel import customer_of, part, shown

LANGUAGES = "ar en fr tr fa ur ku he de es it pt ru zh ja ko hi bn id ms so am sw nl pl el".split()


class DetailsForm(forms.Form):
    """Who somebody is."""

    name = text_field(gettext_lazy("Name"), required=False)
    job = text_field(gettext_lazy("Job"), required=False)
    company = text_field(gettext_lazy("Company"), required=False)
    plan = text_field(gettext_lazy("Plan"), required=False, max_length=60)
    pays = text_field(pgettext_lazy("customer", "Pays"), required=False, max_length=60)
    customer_since_on = forms.DateField(
        label=gettext_lazy("Customer since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)

    def __init__(self, data: Any, *, customer: Customer) -> None:
        start = {name: getattr(customer, name) for name in self.base_fields if name != "company"}
        start["company"] = customer.company.name if customer.company else ""
        super().__init__(data, initial=start, auto_id="customer-%s", use_required_attribute=False)
        self.fields["name"].widget.attrs["autofocus"] = True
        self.fields["customer_since_on"].widget.attrs["dir"] = "ltr"
        self.fields["time_zone"].widget.attrs["dir"] = "ltr"
        zones = [("", "—"), *time_zone_choices()]
        self.fields["time_zone"].choices = _with(zones, customer.time_zone)  # type: ignore[attr-defined]
        known = _with(language_choices(), customer.language)
        self.fields["language"].choices = known  # type: ignore[attr-defined]

    def clean_pays(self) -> str:
        """What they pay, its digits kept in one form."""
        return ascii_digits(self.cleaned_data["pays"])


class TalkForm(forms.Form):
    """How to talk to somebody."""

    technical = forms.ChoiceField(
        label=gettext_lazy("Technical words"),
        choices=[
            ("", gettext_lazy("Not known")),
            ("1", gettext_lazy("Yes")),
            ("0", gettext_lazy("No")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    form = text_field(
        gettext_lazy("Form they like"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As “short steps with pictures”."),
    )
    hours = text_field(gettext_lazy("Best hours"), required=False, max_length=200)

    def __init__(self, data: Any, *, customer: Customer) -> None:
        talk = customer.talk
        technical = {True: "1", False: "0"}.get(talk.get("is_technical"), "")
        start = {"technical": technical, "form": talk.get("form", ""), "hours": talk.get("hours", "")}
        super().__init__(data, initial=start, auto_id="customer-talk-%s")
        self.fields["form"].widget.attrs["autofocus"] = True


def language_choices() -> list[tuple[str, str]]:
    """The languages by their names in the reader's language, by name; first none."""
    known = Locale.parse((get_language() or "ar")[:2]).languages
    named = [(code, known.get(code, code)) for code in LANGUAGES]
    return [("", "—"), *sorted(named, key=lambda pair: sort_key(pair[1]))]


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, customer_id: int) -> HttpResponse:
    """/customers/<id>/details: GET the part, with `form` its form; POST writes it down."""
    customer = customer_of(request, customer_id)
    if request.method != "POST" and "form" not in request.GET:
        return part(request, customer_id, "who")
    form = DetailsForm(request.POST if request.method == "POST" else None, customer=customer)
    if form.is_valid():
        try:
            customers.describe(customer_id, form.cleaned_data)
        except Refused as refused:
            form.add_error(None, words.of(refused))
        else:
            return tell(part(request, customer_id, "who"), _("Saved."))
    return _form(request, customer_id, "who_form", form)


@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, customer_id: int) -> HttpResponse:
    """/customers/<id>/talk: how to talk to them, in the same way."""
    customer = customer_of(request, customer_id)
    if request.method != "POST" and "form" not in request.GET:
        return part(request, customer_id, "talk")
    form = TalkForm(request.POST if request.method == "POST" else None, customer=customer)
    if form.is_valid():
        said = form.cleaned_data
        technical = {"1": True, "0": False}.get(said["technical"])
        customers.set_talk(customer_id, is_technical=technical, form=said["form"], hours=said["hours"])
        return tell(part(request, customer_id, "talk"), _("Saved."))
    return _form(request, customer_id, "talk_form", form)


@require_http_methods(["POST", "DELETE"])
def unwillingness(request: HttpRequest, customer_id: int) -> HttpResponse:
    """POST writes down that somebody does not want to be written to first, DELETE that they do."""
    customer_of(request, customer_id)
    is_unwilling = request.method == "POST"
    customers.set_unwilling(customer_id, is_unwilling=is_unwilling)
    here = reverse("customer_unwillingness", args=[customer_id])
    text = (
        _("They will not be written to first.") if is_unwilling else _("They may be written to first again.")
    )
    undo = ("DELETE" if is_unwilling else "POST", here)
    return tell(part(request, customer_id, "who"), text, undo=undo)


def _form(request: HttpRequest, customer_id: int, name: str, form: forms.Form) -> HttpResponse:
    context = {"customer": shown(request, customer_id), "form": form}
    return render(request, f"customers/_{name}.html", context, status=422 if form.errors else 200)


def _with(choices: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """The choices, and among them what is chosen already."""
    return choices if value in dict(choices) else [*choices, (value, value)]
