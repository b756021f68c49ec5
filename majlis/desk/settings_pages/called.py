"""What the team is called, in the settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.desk.asking import me
from majlis.desk.called import CalledForm, asked
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.people import queries
from majlis.people.actions.naming import call


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def called(request: HttpRequest) -> HttpResponse:
    """/settings/called/: `propose` asks for a proposal, otherwise `called` is stored."""
    if request.method == "POST" and "propose" not in request.POST:
        said = CalledForm(request.POST)
        if said.is_valid():
            call(me(request), said.cleaned_data["called"])
            messages.success(request, _("Saved."))
            return redirect("settings_called")
    found = queries.installation()
    form, proposed = asked(request.POST, called=found.called if found else "support")
    context = {"form": form, "proposed": proposed, "is_asked": "propose" in request.POST}
    return page(request, "settings/called.html", _("What are we called?"), context=context)
