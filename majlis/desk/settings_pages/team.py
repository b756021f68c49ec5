"""The team: who is here, who is asked in, what each may do and see."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.channels.letters import has_way_out
from majlis.desk.asking import me
from majlis.desk.forms import address_field, language_field, text_field
from majlis.desk.settings_pages import sessions
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.desk.settings_pages.invitations import standing
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions import invite, teammates
from majlis.people.models import Mailbox, Role, Teammate

ROLE_HELP = gettext_lazy(
    "Owners and admins change settings and see every mailbox; managers and agents see the mailboxes given to them."
)


class AccessForm(forms.Form):
    """Role and mailboxes, as `by` may give them."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), help_text=ROLE_HELP)
    mailboxes = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Mailboxes"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, by: Teammate, teammate: Teammate | None = None) -> None:
        start: dict[str, Any] = {"role": Role.AGENT}
        if teammate is not None:
            given = teammate.accesses.values_list("mailbox_id", flat=True)
            start = {"role": teammate.role, "mailboxes": list(given)}
        super().__init__(data, initial=start)
        roles = [choice for choice in Role.choices if choice[0] != Role.OWNER or by.role == Role.OWNER]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        boxes = Mailbox.objects.order_by("name", "pk").values_list("pk", "name")
        self.fields["mailboxes"].choices = list(boxes)  # type: ignore[attr-defined]


class InviteForm(AccessForm):
    """Who is asked in, and in which language."""

    name = text_field(gettext_lazy("Name"))
    email = address_field(gettext_lazy("Email address"))
    language = language_field(
        required=False,
        help_text=gettext_lazy("The invitation is written in it. They may choose another one."),
    )
    field_order = ("name", "email", "language", "role", "mailboxes")

    def __init__(self, data: Any, *, by: Teammate) -> None:
        super().__init__(data, by=by)
        found = queries.installation()
        self.initial["language"] = found.language if found else by.language


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/team/"""
    everybody = list(queries.teammates())
    invited = [one for one in everybody if one.is_active and not one.has_usable_password()]
    invitations = standing(invited)
    rows = [
        {
            "teammate": teammate,
            "mailboxes": [access.mailbox.name for access in teammate.accesses.all()],
            "has_joined": teammate.has_usable_password(),
            "invitation": invitations.get(teammate.pk),
            "may_touch": _may_touch(request, teammate),
        }
        for teammate in everybody
    ]
    return page(request, "settings/team.html", _("Team"), context={"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def new(request: HttpRequest) -> HttpResponse:
    """/settings/team/new/: ends with the link, shown this once."""
    form = InviteForm(request.POST or None, by=me(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            teammate, token = invite.invite(
                me(request),
                name=said["name"],
                email=said["email"],
                role=said["role"],
                mailbox_ids=said["mailboxes"],
                language=said["language"],
            )
        except Refused as refused:
            form.add_error("email" if refused.code == "address_taken" else None, _words(refused))
        else:
            return _link_page(
                request, teammate, reverse("setup_invitation", args=[token]), purpose="invitation"
            )
    context = {"form": form, "submit_label": _("Make the invitation")}
    return page(request, "settings/form.html", _("Add a teammate"), context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def edit(request: HttpRequest, teammate_id: int) -> HttpResponse:
    """/settings/team/<id>/: role and mailboxes, and what can be done about the account."""
    teammate = get_object_or_404(Teammate, pk=teammate_id)
    form = AccessForm(request.POST or None, by=me(request), teammate=teammate)
    if form.is_valid():
        said = form.cleaned_data
        try:
            teammates.change(me(request), teammate, role=said["role"], mailbox_ids=said["mailboxes"])
        except Refused as refused:
            form.add_error(None, _words(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("settings_team")
    has_joined, may_touch = teammate.has_usable_password(), _may_touch(request, teammate)
    is_open = teammate.is_active and not has_joined and may_touch
    return page(
        request,
        "settings/teammate.html",
        teammate.name,
        context={
            "form": form,
            "teammate": teammate,
            "has_joined": has_joined,
            "may_touch": may_touch,
            "invitation": standing([teammate]).get(teammate.pk) if is_open else None,
            "can_send": has_way_out(),
            "sessions": sessions.rows(request, teammate) if has_joined and teammate.is_active else [],
            "sessions_url": reverse("settings_teammate_sessions", args=[teammate.pk]),
        },
    )


@require_POST
@admins_only
def activity(request: HttpRequest, teammate_id: int) -> HttpResponse:
    """POST /settings/team/<id>/activity: `is_active` 1 opens the account, 0 closes it at once."""
    teammate = get_object_or_404(Teammate, pk=teammate_id)
    try:
        if request.POST.get("is_active") == "1":
            teammates.reactivate(me(request), teammate)
            messages.success(request, _("The account is open again."))
        else:
            teammates.deactivate(me(request), teammate)
            messages.success(request, _("The account is closed, and its sessions ended."))
    except Refused as refused:
        messages.error(request, _words(refused))
    return redirect("settings_team")


@require_POST
@admins_only
def link(request: HttpRequest, teammate_id: int) -> HttpResponse:
    """POST /settings/team/<id>/link: a new invitation, or a reset link for who has joined; shown this once."""
    teammate = get_object_or_404(Teammate, pk=teammate_id)
    try:
        if teammate.has_usable_password():
            token = teammates.reset_link(me(request), teammate)
            return _link_page(request, teammate, reverse("setup_password", args=[token]), purpose="reset")
        token = invite.invite_again(me(request), teammate)
        return _link_page(request, teammate, reverse("setup_invitation", args=[token]), purpose="invitation")
    except Refused as refused:
        messages.error(request, _words(refused))
        return redirect("settings_team")


def _link_page(request: HttpRequest, teammate: Teammate, path: str, *, purpose: str) -> HttpResponse:
    """The link in clear: only its digest is stored, so it cannot be shown a second time."""
    title = _("Invitation") if purpose == "invitation" else _("Link for a new password")
    return page(
        request,
        "settings/link.html",
        title,
        context={
            "teammate": teammate,
            "link": f"{settings.CONFIG.url}{path}",
            "purpose": purpose,
            "is_mailed": purpose == "invitation" and has_way_out(),
        },
    )


def _may_touch(request: HttpRequest, teammate: Teammate) -> bool:
    return teammate.role != Role.OWNER or me(request).role == Role.OWNER


def _words(refused: Refused) -> str:
    return {
        "address_taken": _("Somebody with this address is in the team already."),
        "last_owner": _("This is the only owner. Make somebody else an owner first."),
        "not_allowed": _("Only an owner may do this."),
        "not_active": _("This account is closed. Open it first."),
        "already_joined": _("This teammate has joined already. Make a link for a new password instead."),
    }.get(refused.code, _("That did not work. Reload the page and try again."))
