"""Reading what was advised on channels."""

from __future__ import annotations

from majlis.channels.advising import Answers
from majlis.channels.models import ChannelAdvice

EARLIER = 10


def newest(limit: int = EARLIER + 1) -> list[ChannelAdvice]:
    """What was advised, the newest first, with who asked."""
    return list(ChannelAdvice.objects.select_related("asked_by").order_by("-pk")[:limit])


def answers_of(advice: ChannelAdvice) -> Answers | None:
    """What was answered then; None when today's questions are others."""
    return Answers.of(advice.answers)
