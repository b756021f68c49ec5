"""What a conversation is about, how much it presses, whose team's it is, and who follows it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from majlis.conversations import queries
from majlis.conversations.actions.changing import Change
from majlis.conversations.actions.follow import follow, unfollow
from majlis.conversations.actions.prioritise import prioritise
from majlis.conversations.actions.read import mark_unread
from majlis.conversations.actions.team import set_team
from majlis.conversations.actions.topic import may_keep_topics, set_topic
from majlis.conversations.models import Priority, Topic
from majlis.people.models import Team

from .asking import conversation_of, me, whole_number
from .changes import changed
from .telling import tell


@require_http_methods(["POST", "DELETE"])
def following(request: HttpRequest, number: int) -> HttpResponse:
    """POST follows, DELETE stops following."""
    teammate = me(request)
    if request.method == "DELETE":
        response = changed(request, number, lambda change: unfollow(change, teammate=teammate))
        return (
            tell(response, _("You no longer follow this conversation"))
            if response.status_code == 204
            else response
        )
    response = changed(request, number, lambda change: follow(change, teammate=teammate))
    return tell(response, _("You follow this conversation")) if response.status_code == 204 else response


@require_http_methods(["GET", "HEAD", "POST"])
def priority(request: HttpRequest, number: int) -> HttpResponse:
    """GET lists the priorities, POST sets one."""
    if request.method == "POST":

        def act(change: Change) -> None:
            prioritise(change, whole_number(request.POST.get("value")), teammate=me(request))

        return changed(request, number, act)
    conversation = conversation_of(request, number)
    options = [(value, label) for value, label in reversed(Priority.choices)]
    return _options(request, number, "priority", options, chosen=conversation.priority)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, number: int) -> HttpResponse:
    """GET lists the teams, POST gives it to one, or to none."""
    if request.method == "POST":

        def act(change: Change) -> None:
            set_team(change, whole_number(request.POST.get("value")) or None, teammate=me(request))

        return changed(request, number, act)
    conversation = conversation_of(request, number)
    options = [(one.pk, one.name) for one in Team.objects.order_by("name", "pk")]
    return _options(
        request, number, "conversation_team", options, chosen=conversation.team_id, none=_("No team")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, number: int) -> HttpResponse:
    """GET lists the topics in use, POST sets one, or none."""
    teammate = me(request)
    if request.method == "POST":

        def act(change: Change) -> None:
            set_topic(change, whole_number(request.POST.get("value")) or None, teammate=teammate)

        return changed(request, number, act)
    conversation = conversation_of(request, number)
    options = [(one.pk, one.name) for one in Topic.objects.filter(is_active=True).order_by("name", "pk")]
    context = {
        "none": _("No topic"),
        "hint": "" if options else _("There is no topic yet."),
        "more_url": reverse("settings_topics") if not options and may_keep_topics(teammate) else "",
    }
    return _options(request, number, "topic", options, chosen=conversation.topic_id, **context)


def _options(
    request: HttpRequest,
    number: int,
    name: str,
    options: list[tuple[int, Any]],
    *,
    chosen: int | None,
    **context: str,
) -> HttpResponse:
    address = reverse(name, args=[number])
    shown = {"address": address, "options": options, "chosen": chosen, **context}
    return render(request, "desk/_options.html", shown)


@require_POST
def unread(request: HttpRequest, number: int) -> HttpResponse:
    """The newest message counts as unread again; the page goes back to its folder, or it would read it anew."""
    conversation_of(request, number)
    mark_unread(number, teammate_id=me(request).pk)
    asked = parse_qs(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    folder = asked.get("folder", [""])[0]
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("inbox", args=[folder if folder in queries.FOLDERS else "all"])
    return response
