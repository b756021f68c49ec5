"""What the team is called towards customers: support, technical support or service; proposed from three answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from majlis.people.models import Installation


class Called(models.TextChoices):
    """The names; what each puts in front stands in PUTS_FIRST."""

    SUPPORT = "support", pgettext_lazy("team", "Support")
    TECHNICAL = "technical", pgettext_lazy("team", "Technical support")
    SERVICE = "service", pgettext_lazy("team", "Customer service")


PUTS_FIRST: Final = {
    Called.SUPPORT: gettext_lazy(
        "Questions are answered and people get on: the time to the answer counts most."
    ),
    Called.TECHNICAL: gettext_lazy(
        "Faults are found and mended: tiers and the time to the solution count most."
    ),
    Called.SERVICE: gettext_lazy(
        "The whole relation is cared for: promises, follow-ups and satisfaction count most."
    ),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """The three questions of the first run.

    `help_with`: "product" (using something technical) or "relation" (everything around a purchase); `answered_by`:
    "engineers" or "team"; `expects`: what customers would look for, one of Called.
    """

    help_with: str
    answered_by: str
    expects: str


def propose(answers: Answers) -> tuple[Called, str]:
    """The name that fits, and the reason in a sentence of the reader's language.

    Two of three answers decide. Where they pull apart the customer's expectation does: it is they who look for it.
    """
    if answers.help_with == "relation" and answers.answered_by == "team":
        return Called.SERVICE, str(
            gettext_lazy("You care for the whole relation, not for one product, and no specialists answer.")
        )
    if answers.help_with == "product" and answers.answered_by == "engineers":
        return Called.TECHNICAL, str(
            gettext_lazy("People who know the technology answer questions about a technical product.")
        )
    if answers.expects in Called.values:
        return Called(answers.expects), str(
            gettext_lazy("Your answers pull both ways, so what customers look for decides.")
        )
    return Called.SUPPORT, str(gettext_lazy("Support is the word most people look for."))


def name_of(installation: Installation | None) -> str:
    """The team's name towards customers, in the language that is active: change it in one place, here it is read."""
    called = installation.called if installation is not None else Called.SUPPORT
    return str(Called(called).label if called in Called.values else Called.SUPPORT.label)
