"""What are we called? Three questions, a proposal with its reason, and a choice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from majlis.people.called import PUTS_FIRST, Answers, Called, propose

QUESTIONS = ("help_with", "answered_by", "expects")


class CalledForm(forms.Form):
    """The questions; none has to be answered to choose a name."""

    help_with = forms.ChoiceField(
        label=gettext_lazy("What do you help with?"),
        required=False,
        choices=[
            ("product", gettext_lazy("Using a technical product")),
            ("relation", gettext_lazy("Everything around the purchase")),
        ],
        widget=forms.RadioSelect,
    )
    answered_by = forms.ChoiceField(
        label=gettext_lazy("Who answers?"),
        required=False,
        choices=[
            ("engineers", gettext_lazy("People who know the technology")),
            ("team", gettext_lazy("A team for all questions")),
        ],
        widget=forms.RadioSelect,
    )
    expects = forms.ChoiceField(
        label=gettext_lazy("What would your customers expect to read?"),
        required=False,
        choices=Called.choices,
        widget=forms.RadioSelect,
    )
    called = forms.ChoiceField(
        label=gettext_lazy("Your customers read"), choices=Called.choices, widget=forms.RadioSelect
    )


def proposal(data: QueryDict) -> dict[str, Any] | None:
    """The name that fits the answers, why, and what it puts in front; None until all three are given."""
    answers = Answers(*(data.get(name, "") for name in QUESTIONS))
    if not all((answers.help_with, answers.answered_by, answers.expects)):
        return None
    called, reason = propose(answers)
    return {"called": called, "name": called.label, "reason": reason, "puts_first": PUTS_FIRST[called]}


def asked(data: QueryDict, *, called: str) -> tuple[CalledForm, dict[str, Any] | None]:
    """The form with the answers as they were given and the name that they propose chosen; and the proposal."""
    found = proposal(data)
    answers = {name: data.get(name, "") for name in QUESTIONS}
    form = CalledForm(initial={**answers, "called": found["called"] if found else called})
    return form, found
