"""The holidays of one's own: adding one, removing one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from majlis.coverage import actions
from majlis.coverage.models import Holiday, Schedule
from majlis.coverage.queries import kept
from majlis.desk import refusals
from majlis.desk.asking import me
from majlis.desk.settings_pages import hours
from majlis.desk.settings_pages.frame import admins_only
from majlis.desk.settings_pages.hours_typed import holiday_of_form, of_schedule
from majlis.lib.errors import Refused
from majlis.people.models import Team


@require_POST
@admins_only
def add(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """POST /settings/hours/<id>/holidays: see `hours_typed.holiday_of_form`; what was typed stays when it is refused."""
    schedule = get_object_or_404(Schedule.objects.select_related("team"), pk=schedule_id)
    try:
        actions.add_holiday(me(request), schedule, holiday_of_form(request.POST))
    except Refused as refused:
        more = {"holiday_problem": refusals.words(refused), "own_typed": request.POST}
        found = kept(schedule.team_id) or schedule
        return hours.shown(request, schedule.team, found, typed=of_schedule(found), more=more)
    messages.success(request, _("Saved."))
    return redirect(_holidays(schedule.team))


@require_POST
@admins_only
def remove(request: HttpRequest, holiday_id: int) -> HttpResponse:
    """POST /settings/hours/holidays/<id>/removal: an ordinary day again; one that is gone already is no trouble."""
    found = Holiday.objects.select_related("schedule__team").filter(pk=holiday_id).first()
    if found is None:
        return redirect("settings_hours")
    actions.remove_holiday(me(request), found)
    messages.success(request, _("Saved."))
    return redirect(_holidays(found.schedule.team))


def _holidays(team: Team | None) -> str:
    page = reverse("settings_team_hours", args=[team.pk]) if team else reverse("settings_hours")
    return f"{page}#own-holidays"
