"""What the advice on channels goes by: the questions, what each answer speaks for, and the bars of readiness. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """The ways to begin with; where two weigh the same, the earlier one."""

    EMAIL = "email"
    FORM = "form"
    CHAT = "chat"


# What may be answered, by question; the first question asked first.
QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "sells_to": ("companies", "people", "both"),
    "urgency": ("minutes", "day", "days"),
    "length": ("short", "mixed", "long"),
    "same_facts": ("yes", "no"),
    "closes_by_talking": ("yes", "no"),
    "stage": ("starting", "growing", "settled"),
    "team_size": ("one", "few", "many"),
    "experience": ("new", "mixed", "seasoned"),
    "growth": ("steady", "fast"),
}
# Asked too, and known to nobody but the manager: which part of all questions comes before something is bought.
PRESALE: Final = ("few", "some", "most")

NEVER: Final = -100  # points of what rules a channel out whatever else speaks for it
_E, _C, _F = Channel.EMAIL, Channel.CHAT, Channel.FORM
# An answer, the channel it speaks for (or against, below zero), how much, and the reason's code.
RULES: Final[tuple[tuple[str, str, Channel, int, str], ...]] = (
    ("sells_to", "companies", _E, 2, "email_companies"),
    ("sells_to", "companies", _C, -1, "chat_not_documented"),
    ("sells_to", "people", _C, 2, "chat_people"),
    ("urgency", "minutes", _C, 2, "chat_urgent"),
    ("urgency", "minutes", _E, -1, "email_slow"),
    ("urgency", "minutes", _F, -4, "form_slow"),
    ("urgency", "days", _E, 2, "email_can_wait"),
    ("urgency", "days", _F, 2, "form_can_wait"),
    ("urgency", "days", _C, -2, "chat_no_hurry"),
    ("length", "short", _C, 1, "chat_short"),
    ("length", "long", _E, 2, "email_long"),
    ("length", "long", _C, -2, "chat_long"),
    ("same_facts", "yes", _F, 5, "form_facts"),
    ("same_facts", "no", _F, -3, "form_no_facts"),
    ("closes_by_talking", "yes", _C, 2, "chat_sells"),
    ("closes_by_talking", "yes", _F, -2, "form_no_talk"),
    ("stage", "starting", _E, 1, "email_learn"),
    ("stage", "starting", _F, -1, "form_unknown_questions"),
    ("team_size", "one", _E, 2, "email_one_person"),
    ("team_size", "one", _C, NEVER, "chat_one_person"),
    ("team_size", "many", _C, 1, "chat_many_people"),
    ("team_size", "many", _F, 1, "form_sorts"),
    ("experience", "new", _E, 1, "email_time_to_think"),
    ("experience", "new", _C, -1, "chat_new_people"),
    ("experience", "seasoned", _C, 1, "chat_seasoned"),
    ("growth", "fast", _E, 1, "email_grows_along"),
    ("growth", "fast", _C, -1, "chat_growth"),
)
# Without any answer email is the place to start: another channel has to outweigh this, and a tie stays with email.
START: Final = ("email_start", 2)
# A promise of minutes that the team's own figures do not bear is not made, whatever the answers say.
BEARS: Final = ("first_response", "hours")

# Four weeks: every hour of the week is seen four times, and a month's habits are in it. Older ones may be over.
WINDOW: Final = timedelta(weeks=4)
# A message of three lines or so, which somebody reads while another one writes.
SHORT_CHARACTERS: Final = 300

# Nine of ten who write while two people are there have their answer within the hour: only then is there time left that
# a chat, which takes a person's whole attention, can have without those who wrote a letter waiting for it.
BAR_FIRST_RESPONSE: Final = timedelta(hours=1)
# With less than half of them short, a chat is mostly people who watch somebody read.
BAR_SHORT: Final = 0.5
# Two hours on five days: the least that is worth telling visitors. Two people, because one of them eats, is ill, or talks.
BAR_HOURS: Final = 10.0

# Below this many a figure is chance.
LEAST: Final = 5
# A 90th percentile of fewer hangs on the one or two slowest.
LEAST_FOR_P90: Final = 20
# Half of the four weeks: what happened once is no habit.
LEAST_WEEKS: Final = 2
# Whoever sits in a chat alone leaves it empty with every telephone call.
TOGETHER: Final = 2
