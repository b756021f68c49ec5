"""Teams: who answers together, for which mailboxes, and in which department."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from majlis.desk.asking import me
from majlis.desk.forms import text_field
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions import teams
from majlis.people.models import Department, Team, Teammate


class TeamForm(forms.Form):
    """A team's name, its members, and the department it belongs to."""

    name = text_field(pgettext_lazy("team", "Name of the team"))
    department = text_field(
        gettext_lazy("Department"),
        required=False,
        help_text=gettext_lazy(
            "Reports of a department's teams add up. A name that is new makes a department."
        ),
    )
    members = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("team", "Members"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Somebody may belong to several teams."),
    )

    def __init__(self, data: Any, *, team: Team | None = None) -> None:
        start: dict[str, Any] = {}
        kept: list[int] = []
        if team is not None:
            kept = list(team.memberships.values_list("teammate_id", flat=True))
            start = {
                "name": team.name,
                "department": team.department.name if team.department else "",
                "members": kept,
            }
        super().__init__(data, initial=start)
        people = queries.teammates().prefetch_related(None)
        shown = [(one.pk, one.name) for one in people if one.is_active or one.pk in kept]
        self.fields["members"].choices = shown  # type: ignore[attr-defined]
        self.fields["department"].widget.attrs.update(list="departments", autocomplete="off")


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/teams/"""
    rows = [
        {
            "team": team,
            "members": [one.teammate.name for one in team.memberships.all()],
            "mailboxes": [box.name for box in team.mailboxes.all()],
        }
        for team in queries.teams()
    ]
    context = {"rows": rows, "departments": list(queries.departments())}
    return page(request, "settings/teams.html", _("Teams"), context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def new(request: HttpRequest) -> HttpResponse:
    """/settings/teams/new/"""
    return _edit(request, None, _("New team"))


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def edit(request: HttpRequest, team_id: int) -> HttpResponse:
    """/settings/teams/<id>/"""
    team = get_object_or_404(Team.objects.select_related("department"), pk=team_id)
    return _edit(request, team, team.name)


@require_POST
@admins_only
def remove(request: HttpRequest, team_id: int) -> HttpResponse:
    """POST /settings/teams/<id>/removal"""
    team = get_object_or_404(Team, pk=team_id)
    try:
        teams.remove(me(request), team)
        messages.success(request, _("The team is removed. Its members stay."))
    except Refused as refused:
        messages.error(request, _words(refused))
        return redirect("settings_team_edit", team.pk)
    return redirect("settings_teams")


@require_POST
@admins_only
def department(request: HttpRequest, department_id: int) -> HttpResponse:
    """POST /settings/departments/<id>/: `name` is its new one; `remove` takes it away from its teams."""
    found = get_object_or_404(Department, pk=department_id)
    name = request.POST.get("name", "").strip()[:120]
    try:
        if "remove" in request.POST:
            teams.remove_department(me(request), found)
            messages.success(request, _("The department is removed. Its teams stay."))
        elif name:
            teams.rename_department(me(request), found, name=name)
            messages.success(request, _("Saved."))
        else:
            messages.error(request, _("Write a name."))
    except Refused as refused:
        messages.error(request, _words(refused))
    return redirect("settings_teams")


def _edit(request: HttpRequest, team: Team | None, title: str) -> HttpResponse:
    form = TeamForm(request.POST or None, team=team)
    if form.is_valid() and _saved(me(request), form, team):
        messages.success(request, _("Saved."))
        return redirect("settings_teams")
    context = {
        "form": form,
        "team": team,
        "departments": list(queries.departments()),
        "submit_label": None if team else _("Make the team"),
    }
    return page(request, "settings/team_form.html", title, context=context)


def _saved(by: Teammate, form: TeamForm, team: Team | None) -> bool:
    said = form.cleaned_data
    shape = {"name": said["name"], "department": said["department"], "member_ids": said["members"]}
    try:
        if team is None:
            teams.create(by, **shape)
        else:
            teams.change(by, team, **shape)
    except Refused as refused:
        form.add_error("name" if refused.code == "name_taken" else None, _words(refused))
        return False
    return True


def _words(refused: Refused) -> str:
    names = refused.data.get("names")
    boxes = _(", ").join(f"\u2068{name}\u2069" for name in names) if isinstance(names, list) else ""
    return {
        "name_taken": _("This name is taken. Choose another one."),
        "not_allowed": _("Only owners and admins may do this."),
        "team_has_mailboxes": _(
            "Mailboxes belong to this team: %(names)s. Give them to another team first, in their settings."
        )
        % {"names": boxes},
    }.get(refused.code, _("That did not work. Reload the page and try again."))
