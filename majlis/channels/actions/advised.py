"""Somebody asked which channel to begin with: the answers and the advice are kept."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from majlis.channels.advising import Advice, Answers, Figures, advise
from majlis.channels.models import ChannelAdvice
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Teammate


@transaction.atomic
def keep_advice(
    by: Teammate, answers: Answers, *, figures: Figures | None = None
) -> tuple[ChannelAdvice, Advice]:
    """Advise by the answers and, where there are some, the team's figures; what is kept, and the advice.

    Raises Refused: `not_allowed`.
    """
    if not (by.is_active and by.is_admin):
        raise Refused("not_allowed")
    advice = advise(answers, figures)
    made = ChannelAdvice.objects.create(
        asked_by=by,
        at=timezone.now(),
        answers=asdict(answers),
        channel=str(advice.channel),
        is_ready=advice.is_ready,
        readiness={one.code: [str(one.met), one.value, one.n] for one in advice.readiness},
    )
    data = {"channel": made.channel, "is_ready": made.is_ready}
    record("channels.advised", actor_id=by.pk, data=data)
    return made, advice
