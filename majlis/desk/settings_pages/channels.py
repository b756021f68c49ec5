"""Which channel to begin with, and whether the team is ready for chat, by its own figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from babel.dates import get_day_names
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from majlis.channels import advised
from majlis.channels.actions.advised import keep_advice
from majlis.channels.advising import Answers, Condition, Figures, Presence, Wait, advise
from majlis.channels.advising_figures import PAGE, Behind, figures
from majlis.channels.advising_figures import behind as rows_behind
from majlis.channels.advising_rules import LEAST, LEAST_FOR_P90, LEAST_WEEKS, SHORT_CHARACTERS
from majlis.channels.models import ChannelAdvice
from majlis.desk import advising
from majlis.desk.advice_words import PRESALE
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, page, reader_digits
from majlis.lib import dates
from majlis.lib.numbers import locale_for, number, percent
from majlis.people.queries import mailbox_ids_visible_to
from majlis.people.sessions import installation_of

SUNDAY_FIRST: Final = (6, 0, 1, 2, 3, 4, 5)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def channels(request: HttpRequest) -> HttpResponse:
    """/settings/channels/: the advice by the last answers and today's figures; a POST answers anew."""
    kept = advised.newest()
    form = advising.form_for(kept[0] if kept else None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        keep_advice(me(request), form.answers(), figures=_own(request))
        messages.success(request, _("Saved."))
        return redirect("settings_channels")
    context: dict[str, Any] = {"form": form, "earlier": [_earlier(one) for one in kept[1:]]}
    answers = advised.answers_of(kept[0]) if kept else None
    if answers is not None:
        own = _own(request)
        advice = advise(answers, own)
        written = _Written(reader_digits(request))
        context |= {
            "advice": advising.shown(advice, wants_all=answers.wants_all),
            "advised_at": kept[0].at,
            "is_ready": advice.is_ready,
            "figures": written.figures({one.code: one for one in advice.readiness}, own, answers),
            "grid": _grid(own.presence),
        }
    return page(request, "settings/channels.html", _("Channels"), context=context)


@require_safe
@admins_only
def behind(request: HttpRequest, which: str) -> HttpResponse:
    """/settings/channels/behind/<which>/: the conversations a figure counts; `before` is the last one shown."""
    titles = {
        "first-response": _("How long customers waited"),
        "staffed": _("How long customers waited when two were there"),
        "short": _("Short first messages"),
        "long": _("Long first messages"),
    }
    if which not in titles:
        raise Http404
    before = request.GET.get("before", "")
    found = rows_behind(
        which,
        mailbox_ids_visible_to(me(request)),
        now=timezone.now(),
        zone=_zone(request),
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
    )
    written = _Written(reader_digits(request))
    context = {
        "rows": [written.row(one, by_length=which in ("short", "long")) for one in found[:PAGE]],
        "older": found[PAGE - 1].number if len(found) > PAGE else None,
        "is_later": bool(before),
    }
    return page(request, "settings/channels_behind.html", titles[which], context=context)


class _Written:
    """Figures in the reader's language and digits."""

    def __init__(self, digits: str) -> None:
        self.digits = digits
        self.language = (get_language() or "ar")[:2]

    def lasting(self, length: timedelta) -> str:
        return dates.lasting(length, language=self.language, digits=self.digits)

    def num(self, value: float) -> str:
        return number(value, self.digits, places=0)

    def figures(
        self, conditions: dict[str, Condition], own: Figures, answers: Answers
    ) -> dict[str, dict[str, Any]]:
        """Each figure's value, how it stands beside its bar, of how many it is, and where they are listed."""
        first, short = conditions["first_response"], conditions["short"]
        presale, hours = conditions["presale"], conditions["hours"]
        return {
            "staffed": {
                **self._wait(own.first_response_staffed, "staffed"),
                "met": first.met,
                "bar": self.lasting(timedelta(seconds=first.bar or 0)),
            },
            "all": self._wait(own.first_response, "first-response"),
            "short": {
                "met": short.met,
                "value": None if short.value is None else percent(short.value, self.digits),
                "bar": percent(short.bar or 0, self.digits),
                "n": own.short.n,
                "most": SHORT_CHARACTERS,
                "least": LEAST,
                "links": [_behind(which) for which in ("short", "long")] if own.short.n else [],
            },
            "presale": {
                "met": presale.met,
                "value": PRESALE[answers.presale] if answers.presale else None,
                "is_urgent": answers.urgency == "minutes",
            },
            "hours": {
                "met": hours.met,
                "value": None if hours.value is None else int(hours.value),
                "bar": int(hours.bar or 0),
                "n": own.presence.n,
                "least": LEAST_WEEKS,
            },
        }

    def _wait(self, wait: Wait, which: str) -> dict[str, Any]:
        return {
            "n": wait.n,
            "waiting": wait.waiting,
            "p50": self.lasting(wait.p50) if wait.p50 is not None and wait.n >= LEAST else None,
            "p90": self.lasting(wait.p90) if wait.p90 is not None and wait.n >= LEAST_FOR_P90 else None,
            "least": LEAST,
            "least_p90": LEAST_FOR_P90,
            "links": [_behind(which)] if wait.n else [],
        }

    def row(self, found: Behind, *, by_length: bool) -> dict[str, Any]:
        """A conversation behind a figure."""
        return {
            "found": found,
            "length": found.length if by_length else None,
            "waited": None if by_length or found.waited is None else self.lasting(found.waited),
        }


def _grid(presence: Presence) -> dict[str, Any]:
    """The week: its hours from the first to the last with anybody in pairs, and by day how many weeks had two."""
    hours = sorted({hour for _day, hour in presence.with_two})
    names = get_day_names("wide", locale=locale_for((get_language() or "ar")[:2]))
    span = range(hours[0], hours[-1] + 1) if hours else range(0)
    return {
        "hours": list(span),
        "days": [
            {
                "name": names[day],
                "cells": [
                    {"weeks": presence.with_two.get((day, hour), 0), "is_on": (day, hour) in presence.hours}
                    for hour in span
                ],
            }
            for day in SUNDAY_FIRST
        ],
    }


def _behind(which: str) -> dict[str, str]:
    label = {"short": _("Short ones"), "long": _("Long ones")}.get(which) or _("Conversations")
    return {"url": reverse("settings_channels_behind", args=[which]), "label": label}


def _earlier(kept: ChannelAdvice) -> dict[str, Any]:
    name = kept.asked_by.name if kept.asked_by else ""
    return {"at": kept.at, "channel": advising.name_of(kept.channel), "by": name, "is_ready": kept.is_ready}


def _own(request: HttpRequest) -> Figures:
    return figures(mailbox_ids_visible_to(me(request)), now=timezone.now(), zone=_zone(request))


def _zone(request: HttpRequest) -> str:
    found = installation_of(request)
    return found.time_zone if found is not None else "UTC"
