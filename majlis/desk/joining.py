"""Where invitation and reset links lead; a link that does not work any more says so plainly."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from majlis.desk.forms import NewPasswordMixin, language_field, new_password_field, text_field
from majlis.desk.middleware import public
from majlis.desk.signing_in import sign_in
from majlis.lib.errors import Refused
from majlis.people.actions import invite, links, teammates
from majlis.people.models import Teammate
from majlis.people.queries import installation


class JoinForm(NewPasswordMixin):
    """What an invited teammate says of themselves."""

    name = text_field(gettext_lazy("Your name"))
    password = new_password_field(gettext_lazy("Choose a password"))
    language = language_field()

    def __init__(self, data: Any, *, teammate: Teammate) -> None:
        start = {"name": teammate.name, "language": (get_language() or "ar")[:2]}
        super().__init__(data, initial=start)
        self.teammate = teammate
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def future_teammate(self) -> Teammate:
        return self.teammate


class ResetForm(NewPasswordMixin):
    """A new password, typed once: it can be shown and it can be reset again."""

    password = new_password_field(gettext_lazy("New password"))

    def __init__(self, data: Any, *, teammate: Teammate) -> None:
        super().__init__(data)
        self.teammate = teammate

    def future_teammate(self) -> Teammate:
        return self.teammate


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """/setup/invitation/<token>/: name, password and language, then signed in."""
    link = links.find(token, links.Purpose.INVITATION)
    if link is None or link.teammate is None or not link.teammate.is_active:
        return closed(request, "link")
    form = JoinForm(request.POST or None, teammate=link.teammate)
    if form.is_valid():
        said = form.cleaned_data
        try:
            teammate = invite.accept(
                link, name=said["name"], password=said["password"], language=said["language"]
            )
        except Refused:
            return closed(request, "link")
        sign_in(request, teammate)
        return redirect("/")
    found = installation()
    title = _("Join the desk of %(company)s") % {"company": found.company if found else ""}
    lead = _("You will sign in with the address %(email)s.") % {"email": f"\u2066{link.teammate.email}\u2069"}
    return render(
        request,
        "setup/step.html",
        {"form": form, "step_title": title, "step_lead": lead, "submit_label": _("Join")},
    )


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """/setup/password/<token>/: a new password by a link that an admin handed over, then signed in."""
    link = links.find(token, links.Purpose.RESET)
    if link is None or link.teammate is None or not link.teammate.is_active:
        return closed(request, "link")
    form = ResetForm(request.POST or None, teammate=link.teammate)
    if form.is_valid():
        try:
            teammate = teammates.reset_password(link, password=form.cleaned_data["password"])
        except Refused:
            return closed(request, "link")
        sign_in(request, teammate)
        messages.success(request, _("Your password was changed."))
        return redirect("/")
    lead = _("For the account %(email)s.") % {"email": f"\u2066{link.teammate.email}\u2069"}
    return render(
        request,
        "setup/step.html",
        {
            "form": form,
            "step_title": _("Choose a new password"),
            "step_lead": lead,
            "submit_label": _("Save and sign in"),
        },
    )


def closed(request: HttpRequest, code: str) -> HttpResponse:
    """The plain page of a link that was used, has expired or never was; 410, as it will not come back."""
    return render(request, "setup/closed.html", {"code": code}, status=410)
