"""The advice on channels as pages take it: the form, the advice with its reasons, and where a channel is set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from majlis.channels import advised
from majlis.channels.advising import Advice, Answers, Reason
from majlis.channels.advising_rules import QUESTIONS, Channel
from majlis.channels.models import ChannelAdvice
from majlis.people.models import Mailbox

from .advice_words import ANSWERS, ASKED, CHANNELS, PRESALE, REASONS, SET_UP, START_WITH, WHY_NOT

# Where each channel is set up, by the name of the page; one that has none is advised all the same, and not linked.
SET_UP_PAGES: Final[dict[Channel, str]] = {
    Channel.EMAIL: "settings_mailboxes",
    Channel.FORM: "settings_forms",
    Channel.CHAT: "settings_widgets",
}


class AnswersForm(forms.Form):
    """The questions; what nobody can know may be left open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in QUESTIONS:
            self.fields[name] = forms.ChoiceField(
                label=ASKED[name],
                choices=list(ANSWERS[name].items()),
                widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("Choose one.")},
            )
        self.fields["same_facts"].help_text = gettext_lazy("An order number, a date, a file.")
        self.fields["presale"] = forms.ChoiceField(
            label=gettext_lazy("How many questions come before somebody buys?"),
            help_text=gettext_lazy("Your estimate: the desk cannot know it."),
            choices=list(PRESALE.items()),
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["wants_all"] = forms.BooleanField(
            label=gettext_lazy("We want every channel at once"), required=False
        )

    def answers(self) -> Answers:
        """What was answered; only of a valid form."""
        return Answers(**self.cleaned_data)


def form_for(kept: ChannelAdvice | None, data: Any = None) -> AnswersForm:
    """The form with what was typed, or what was answered last."""
    answers = advised.answers_of(kept) if kept is not None else None
    return AnswersForm(data, initial=asdict(answers) if answers is not None else {"presale": ""})


def shown(advice: Advice, *, wants_all: bool) -> dict[str, Any]:
    """An advice as `settings/_advice.html` shows it."""
    return {
        "channel": advice.channel,
        "title": START_WITH[advice.channel],
        "reasons": _said(advice.reasons),
        "against": [
            {"title": WHY_NOT[other], "reasons": _said(why)} for other, why in advice.against.items()
        ],
        "one_first": _said(advice.start_with_one),
        "needs_mailbox": advice.channel is not Channel.EMAIL and not Mailbox.objects.exists(),
        "links": [
            {"label": SET_UP[channel], "url": url, "is_advised": channel is advice.channel}
            for channel in sorted(Channel, key=lambda one: one is not advice.channel)
            if (wants_all or channel is advice.channel) and (url := set_up_url(channel))
        ],
    }


def set_up_url(channel: Channel) -> str:
    """Where a channel is set up; empty where there is no such page."""
    return reverse(SET_UP_PAGES[channel]) if channel in SET_UP_PAGES else ""


def after_first_run() -> str:
    """Where the first run leads: to the set-up of what was advised, or of all that is wanted; else to work."""
    kept = next(iter(advised.newest(1)), None)
    answers = advised.answers_of(kept) if kept is not None else None
    if kept is None or answers is None:
        return "/"
    if answers.wants_all:
        return reverse("settings_channels")
    channel = Channel(kept.channel)
    return "/" if channel is Channel.EMAIL else set_up_url(channel) or "/"


def name_of(channel: str) -> str:
    """A kept channel in the reader's words."""
    return str(CHANNELS[Channel(channel)]) if channel in set(Channel) else channel


def _said(reasons: Sequence[Reason]) -> list[str]:
    return [str(REASONS[reason.code]) for reason in reasons]
