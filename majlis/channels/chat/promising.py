"""When somebody answers by chat, as far as it can be said truly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from majlis.channels.chat.models import Widget
from majlis.coverage import queries as coverage
from majlis.coverage.opening_words import answer, reader
from majlis.people import queries as people


@dataclass(frozen=True, slots=True)
class Promise:
    """Whether it is within the hours, and a sentence about it; empty where nothing true can be said.

    Without any hours it counts as open, and nothing is promised.
    """

    is_open: bool
    sentence: str


def promise(widget: Widget, *, language: str, time_zone: str = "", now: datetime | None = None) -> Promise:
    """What a visitor who reads `language`, on the clock of `time_zone` where it is known, may be told."""
    now = now or timezone.now()
    plan = coverage.of_team(widget.mailbox.team_id)
    if plan is None:
        return Promise(is_open=True, sentence="")
    installation = people.installation()
    to = reader(
        language,
        region=installation.region if installation else "",
        zone=ZoneInfo(time_zone) if time_zone else None,
    )
    return Promise(plan.standing(now).is_open, answer(plan, now=now, to=to))
