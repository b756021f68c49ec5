"""The advice on channels in words: its questions, its reasons, and what its figures mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from majlis.channels.advising_rules import Channel

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise

CHANNELS: Final[dict[Channel, Promise]] = {
    Channel.EMAIL: pgettext_lazy("channel", "Email"),
    Channel.FORM: pgettext_lazy("channel", "A contact form"),
    Channel.CHAT: pgettext_lazy("channel", "Live chat"),
}
START_WITH: Final[dict[Channel, Promise]] = {
    Channel.EMAIL: _("Start with email"),
    Channel.FORM: _("Start with a contact form"),
    Channel.CHAT: _("Start with live chat"),
}
WHY_NOT: Final[dict[Channel, Promise]] = {
    Channel.EMAIL: _("Why not email?"),
    Channel.FORM: _("Why no form yet?"),
    Channel.CHAT: _("Why no chat yet?"),
}
SET_UP: Final[dict[Channel, Promise]] = {
    Channel.EMAIL: _("Set up email"),
    Channel.FORM: _("Set up a form"),
    Channel.CHAT: _("Set up chat"),
}

# Of each question: what is asked, and what may be answered, in the order of `advising_rules.QUESTIONS`.
ASKED: Final[dict[str, Promise]] = {
    "sells_to": _("Whom do you sell to?"),
    "urgency": _("How soon does an answer count?"),
    "length": _("How long are the messages?"),
    "same_facts": _("Do most questions need the same particulars?"),
    "closes_by_talking": _("Do you close sales by talking?"),
    "stage": _("Where does the company stand?"),
    "team_size": _("How many people answer?"),
    "experience": _("How practised are they?"),
    "growth": _("How fast will it grow this year?"),
}
ANSWERS: Final[dict[str, dict[str, Promise]]] = {
    "sells_to": {
        "companies": pgettext_lazy("sells to", "Companies"),
        "people": pgettext_lazy("sells to", "People"),
        "both": pgettext_lazy("sells to", "Both"),
    },
    "urgency": {
        "minutes": _("Within minutes"),
        "day": _("The same day"),
        "days": _("Within days"),
    },
    "length": {
        "short": _("A line or two"),
        "mixed": pgettext_lazy("length", "Some of each"),
        "long": _("Long or technical"),
    },
    "same_facts": {"yes": _("Yes"), "no": _("No")},
    "closes_by_talking": {"yes": _("Yes"), "no": _("No")},
    "stage": {
        "starting": _("Just starting"),
        "growing": pgettext_lazy("stage", "Growing"),
        "settled": _("Settled"),
    },
    "team_size": {"one": _("One"), "few": _("Two to four"), "many": _("Five or more")},
    "experience": {
        "new": _("Mostly new"),
        "mixed": pgettext_lazy("experience", "Some of each"),
        "seasoned": _("Mostly practised"),
    },
    "growth": {"steady": _("Slowly, or not at all"), "fast": pgettext_lazy("growth", "Fast")},
}
PRESALE: Final[dict[str, Promise]] = {
    "": _("Not known"),
    "few": pgettext_lazy("presale", "Few"),
    "some": _("About a third"),
    "most": pgettext_lazy("presale", "Most"),
}

REASONS: Final[dict[str, Promise]] = {
    "email_start": _("Email is the place to start: every question stays, and one person can answer many."),
    "email_companies": _("Companies want to find again what was said, and to pass it on."),
    "email_can_wait": _("Your questions can wait, so nobody has to sit and watch for them."),
    "email_long": _("Long or technical questions want to be read in peace, and answered in steps."),
    "email_learn": _(
        "At the beginning written questions teach you most: all that people stumble over is there."
    ),
    "email_one_person": _("By email one person can serve many at once."),
    "email_time_to_think": _("Whoever is new has time to ask, to look things up and to write well."),
    "email_grows_along": _("When it grows fast, letters wait in a queue; visitors in a chat do not."),
    "email_slow": _("Whoever needs an answer within minutes does not watch a mailbox."),
    "email_less": _("Less of what you answered speaks for it."),
    "form_facts": _("A form asks for the same particulars at once, so nobody has to write back for them."),
    "form_can_wait": _("What comes by a form can wait its turn."),
    "form_sorts": _("With many people answering, a form says at once what it is about."),
    "form_slow": _("Filling in fields is no way to an answer within minutes."),
    "form_no_facts": _("Where every question is another, fields are only in the way."),
    "form_no_talk": _("You sell by talking, and a form does not talk."),
    "form_unknown_questions": _("You do not know yet which particulars to ask for."),
    "form_less": _("Less of what you answered speaks for it."),
    "chat_people": _("People who buy for themselves ask in passing, on the very page."),
    "chat_urgent": _("What cannot wait is answered while the visitor is still there."),
    "chat_short": _("Short questions are answered in a moment."),
    "chat_sells": _("You sell by talking, and a chat is talking."),
    "chat_many_people": _("There are enough of you for somebody to be in the chat all the time."),
    "chat_seasoned": _("Practised people can answer at once."),
    "chat_not_documented": _("Companies want it in writing, to be found again."),
    "chat_no_hurry": _("Nobody is in a hurry, and a chat makes everybody hurry."),
    "chat_long": _("With long questions a visitor watches somebody read."),
    "chat_one_person": _("A chat takes a person's whole attention: alone, you would get to nothing else."),
    "chat_new_people": _(
        "New people have to look things up, and a visitor waits through every minute of it."
    ),
    "chat_growth": _("When it grows fast, a chat needs more people from one day to the next."),
    "chat_figures": _("Your own figures do not bear it yet; they stand on this page."),
    "chat_less": _("Less of what you answered speaks for it."),
    "all_one_person": _("Each channel is a promise to be there, and there is one person to keep it."),
    "all_few_people": _("Each channel is a promise to be there, and a few people have to keep them all."),
    "all_many_people": _("Each channel is a promise to be there, and even many keep one better than three."),
    "all_learn_one": _("On one channel you learn within weeks what is asked, and when."),
    "all_later": _("The others are switched on in a few minutes, any day."),
}
