"""The first run, page by page: language, company, its team's name, owner, (channel,) mailbox. Each keeps what was said."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from majlis.desk.advising import after_first_run
from majlis.desk.asking import me
from majlis.desk.called import CalledForm, asked
from majlis.desk.forms import (
    NewPasswordMixin,
    address_field,
    language_field,
    new_password_field,
    region_choices,
    text_field,
    time_zone_field,
)
from majlis.desk.joining import closed
from majlis.desk.middleware import public, remember_language
from majlis.desk.settings_pages import mailboxes
from majlis.desk.signing_in import sign_in
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions import installation, links
from majlis.people.actions.naming import call
from majlis.people.models import OneTimeLink

STEPS = 6
Step = Callable[[HttpRequest, str, OneTimeLink], HttpResponse]


class LanguageForm(forms.Form):
    """The first question, understood in both languages."""

    language = language_field()


class CompanyForm(forms.Form):
    """Who and where the company is."""

    company = text_field(gettext_lazy("Name of the company"))
    team = text_field(gettext_lazy("Name of the team"))
    region = forms.ChoiceField(label=gettext_lazy("Country"), choices=region_choices)
    time_zone = time_zone_field()


class OwnerForm(NewPasswordMixin):
    """The first teammate."""

    name = text_field(gettext_lazy("Your name"))
    email = address_field(gettext_lazy("Your email address"))
    password = new_password_field(gettext_lazy("Choose a password"))


def step(view: Step) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page of the first run: open to whoever holds the link, while there is no owner."""

    @public
    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def with_link(request: HttpRequest, token: str) -> HttpResponse:
        if queries.has_owner():
            return closed(request, "done")
        link = links.find(token, links.Purpose.FIRST_RUN)
        return closed(request, "link") if link is None else view(request, token, link)

    return with_link


@step
def language(request: HttpRequest, token: str, _link: OneTimeLink) -> HttpResponse:
    """/setup/<token>/"""
    found = queries.installation()
    form = LanguageForm(
        request.POST or None,
        initial={"language": translation.get_language() if found is None else found.language},
    )
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        installation.choose_language(chosen)
        response = redirect("setup_company", token)
        remember_language(response, chosen)
        return response
    return _page(
        request, 1, form, title=_("Welcome to Majlis"), lead=_("Which language does your desk speak?")
    )


@step
def company(request: HttpRequest, token: str, _link: OneTimeLink) -> HttpResponse:
    """/setup/<token>/company/"""
    found, team = queries.installation(), queries.first_team()
    start: dict[str, Any] = {
        "team": team.name if team else _("Support"),
        "region": "SA",
        "time_zone": "Asia/Riyadh",
    }
    if found is not None:
        start |= {"company": found.company, "region": found.region, "time_zone": found.time_zone}
    form = CompanyForm(request.POST or None, initial=start)
    if form.is_valid():
        installation.describe(**form.cleaned_data)
        return redirect("setup_called", token)
    return _page(
        request,
        2,
        form,
        title=_("Your company"),
        lead=_("Customers see its name. Country and time zone decide how dates and numbers are written."),
        back_url=reverse("setup_language", args=[token]),
    )


@step
def called(request: HttpRequest, token: str, _link: OneTimeLink) -> HttpResponse:
    """/setup/<token>/called/: can be left for later."""
    if request.method == "POST" and "propose" not in request.POST:
        said = CalledForm(request.POST)
        if said.is_valid():
            call(None, said.cleaned_data["called"])
            return redirect("setup_owner", token)
    found = queries.installation()
    form, proposed = asked(request.POST, called=found.called if found else "support")
    return render(
        request,
        "setup/called.html",
        {
            "step": 3,
            "steps": STEPS,
            "step_title": _("What are you called?"),
            "step_lead": _("Customers read this name in your mail. Three questions help to choose it."),
            "form": form,
            "proposed": proposed,
            "is_asked": "propose" in request.POST,
            "skip_url": reverse("setup_owner", args=[token]),
            "back_url": reverse("setup_company", args=[token]),
        },
    )


@step
def owner(request: HttpRequest, token: str, link: OneTimeLink) -> HttpResponse:
    """/setup/<token>/owner/"""
    form = OwnerForm(request.POST or None)
    if form.is_valid():
        try:
            teammate = installation.make_owner(link, **form.cleaned_data)
        except Refused as refused:
            if refused.code == "no_company":
                return redirect("setup_company", token)
            return closed(request, "done" if refused.code == "has_owner" else "link")
        sign_in(request, teammate)
        return redirect("setup_channels")
    return _page(
        request,
        4,
        form,
        title=_("Your account"),
        lead=_("You are the owner: you see every mailbox, and you invite the others."),
        back_url=reverse("setup_called", args=[token]),
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    """/setup/mailbox/: the owner is signed in by now, so it can be left and come back to."""
    if not me(request).is_admin:
        return redirect("/")
    return mailboxes.edit_page(
        request,
        None,
        template="setup/mailbox.html",
        after=reverse("setup_done"),
        context={
            "step": 6,
            "steps": STEPS,
            "step_title": _("Your first mailbox"),
            "step_lead": _(
                "Mail to this address becomes conversations. Nothing on the mail server is changed."
            ),
            "skip_url": reverse("setup_done"),
        },
    )


@require_safe
def done(_request: HttpRequest) -> HttpResponse:
    """/setup/done/: to work, or to the set-up of the channel that was advised."""
    return redirect(after_first_run())


def _page(
    request: HttpRequest, number: int, form: forms.Form, *, title: str, lead: str, back_url: str = ""
) -> HttpResponse:
    return render(
        request,
        "setup/step.html",
        {
            "step": number,
            "steps": STEPS,
            "step_title": title,
            "step_lead": lead,
            "form": form,
            "back_url": back_url,
        },
    )
