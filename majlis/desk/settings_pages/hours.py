"""The hours of the company and of each team, and what a customer would be told at any moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from majlis.coverage import actions
from majlis.coverage.holidays import Holidays
from majlis.coverage.models import Schedule
from majlis.coverage.queries import holidays_of, kept, zone_named
from majlis.coverage.schedule import Plan, plan
from majlis.desk import refusals
from majlis.desk.asking import me
from majlis.desk.settings_pages import hours_shown
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.desk.settings_pages.hours_typed import Typed, of_form, of_schedule
from majlis.lib.errors import Refused
from majlis.lib.numbers import ascii_digits
from majlis.people.models import Team
from majlis.people.sessions import installation_of

_FARTHEST: Final = timedelta(days=50 * 366)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def of_company(request: HttpRequest) -> HttpResponse:
    """/settings/hours/: the company's; POST stores them. `at` in the address: a moment to try them at."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def of_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """/settings/hours/teams/<id>/: those of a team, in place of the company's."""
    return _edit(request, get_object_or_404(Team, pk=team_id))


@require_POST
@admins_only
def begin(request: HttpRequest, team_id: int | None = None) -> HttpResponse:
    """POST …/hours/beginning: the usual hours of the company's country, of a team a copy of the company's."""
    team = get_object_or_404(Team, pk=team_id) if team_id else None
    found = installation_of(request)
    actions.start(me(request), team, country=found.region if found else "")
    messages.success(request, _("These hours stand from now on. Change what is different with you."))
    return _back(team)


@require_POST
@admins_only
def give_up(request: HttpRequest, team_id: int) -> HttpResponse:
    """POST /settings/hours/teams/<id>/removal: the company's hours stand for this team again."""
    team = get_object_or_404(Team, pk=team_id)
    actions.give_up(me(request), team)
    messages.success(request, _("This team keeps the company's hours again."))
    return _back(team)


@require_POST
@admins_only
def trial(request: HttpRequest, schedule_id: int) -> HttpResponse:
    """POST /settings/hours/<id>/trial: what is told at the moment `at`, by the hours as they are typed right now."""
    schedule = get_object_or_404(Schedule, pk=schedule_id)
    typed = of_form(request.POST)
    try:
        tried = _plan_of(typed, schedule)
        context = (
            {"is_off": True}
            if not typed.is_on
            else hours_shown.said(request, tried, _moment(request.POST.get("at", ""), tried))
        )
    except Refused as refused:
        context = {"problem": refusals.words(refused)}
    return render(request, "settings/_hours_said.html", {"said": context})


def _edit(request: HttpRequest, team: Team | None) -> HttpResponse:
    schedule = kept(team.pk if team else None)
    problem, weekday = "", None
    typed = of_schedule(schedule) if schedule else None
    if request.method == "POST":
        typed = of_form(request.POST)
        try:
            _store(request, team, typed)
            messages.success(request, _("Saved."))
            return _back(team)
        except Refused as refused:
            problem, weekday = refusals.words(refused), refused.data.get("weekday")
    return shown(request, team, schedule, typed=typed, problem=problem, more={"wrong_day": weekday})


def shown(
    request: HttpRequest,
    team: Team | None,
    schedule: Schedule | None,
    *,
    typed: Typed | None,
    problem: str = "",
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of these hours, with what was typed and the problem with it; `more` for its holidays."""
    at = request.GET.get("at", "")
    context: dict[str, Any] = {
        "team": team,
        "tabs": hours_shown.tabs(team),
        "problem": problem,
        "holiday_problem": "",
        **hours_shown.beginnings(request, team),
        **(more or {}),
    }
    if typed is not None:
        context["typed"] = typed
        context |= hours_shown.fields(request, typed)
    if schedule is not None:
        tried = _plan_of(of_schedule(schedule), schedule)
        context |= {
            "schedule": schedule,
            "at": at,
            "said": hours_shown.said(request, tried, _moment(at, tried))
            if schedule.is_on
            else {"is_off": True},
            **hours_shown.listed(request, schedule, context.get("own_typed")),
        }
    has_problem = problem or context["holiday_problem"]
    title = pgettext("settings", "Hours")
    return page(request, "settings/hours.html", title, context=context, status=422 if has_problem else 200)


def _store(request: HttpRequest, team: Team | None, typed: Typed) -> None:
    """Keep what was typed; holidays behind us that were worked on stay as they are. Raises Refused."""
    before = kept(team.pk if team else None)
    today = timezone.localdate()
    past = {day.on for day in before.worked.all() if day.on < today} if before else set()
    actions.keep(
        me(request),
        team,
        is_on=typed.is_on,
        time_zone=typed.time_zone,
        country=typed.country,
        week=typed.read_week(),
        worked=past | typed.read_worked(),
    )


def _plan_of(typed: Typed, schedule: Schedule) -> Plan:
    """The hours as they are typed, with the own holidays that are kept. Raises Refused."""
    zone = zone_named(typed.time_zone)
    if zone is None:
        raise Refused("unknown_zone", name=typed.time_zone)
    own = holidays_of(schedule).own
    return plan(zone, typed.read_week(), Holidays(typed.country, own, typed.read_worked()))


def _moment(typed: str, tried: Plan) -> datetime:
    """A moment as a browser sends it, on the clock of the hours; now where none was chosen."""
    try:
        found = datetime.fromisoformat(ascii_digits(typed.strip())).replace(tzinfo=tried.hours.zone)
    except ValueError:
        return timezone.now()
    # Calendars end somewhere, and nobody writes there.
    return found if abs(found - timezone.now()) < _FARTHEST else timezone.now()


def _back(team: Team | None) -> HttpResponse:
    return redirect("settings_team_hours", team.pk) if team else redirect("settings_hours")
