"""What letters to teammates say, as text and as simple HTML, in the reader's language and direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.channels.email.above import LINES
from majlis.channels.models import NoticeLetter
from majlis.channels.noticing import Letter
from majlis.conversations.actions.draft import MOST_BYTES
from majlis.conversations.models import Conversation, Entry, EntryKind
from majlis.people.models import Teammate

from .letter_page import LONGEST, QUIET, Page, Reader
from .notice_words import Gathered

LONGEST_SUBJECT = 160
_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True, slots=True)
class Shown:
    """What was said, as a letter shows it: `hidden` is how much came before the entries and is not in it."""

    entries: Sequence[Entry]
    hidden: int


@dataclass(frozen=True, slots=True)
class Answering:
    """What an answer to a letter becomes, and the addresses a reply goes to beside the customer's."""

    becomes: NoticeLetter.Becomes
    copies: Sequence[str]


def letter_of(
    teammate: Teammate,
    told: Sequence[Gathered],
    shown: Shown,
    answering: Answering | None,
    *,
    now: datetime,
) -> Letter:
    """The letter about one conversation: the newest notice first, below it what was said, in its order.

    Without `answering` there is no way back, and nothing is said of one.
    """
    reader, language = Reader.of(teammate, now=now), teammate.language
    said = [one.said(language) for one in reversed(told)]
    newest = told[-1]
    goes_out = answering is not None and answering.becomes == NoticeLetter.Becomes.REPLY
    with translation.override(language):
        page = Page(reader)
        if answering is not None:
            page.line(LINES["ar" if language == "ar" else "en"], style=QUIET)
        page.line(said[0].title, is_strong=True)
        for title in list(dict.fromkeys(one.title for one in said if one.title != said[0].title))[:5]:
            page.line(title)
        if answering is not None:
            page.line(_what_happens(answering, newest.conversation))
        if shown.hidden:
            more = ngettext(
                "One earlier entry stands in the desk.",
                "%(n)s earlier entries stand in the desk.",
                shown.hidden,
            )
            page.line(more % {"n": reader.count(shown.hidden)}, style=QUIET)
        for entry in shown.entries:
            page.entry(entry, is_open=not goes_out or entry.kind != EntryKind.NOTE)
        page.link(_("Open the conversation"), said[0].path)
        page.line(_("You get this letter because you were away from the desk."), style=QUIET)
        subject = _subject(said[0].title, newest.conversation)
    actor = newest.actor.name_for(language) if newest.actor else ""
    name = actor or (newest.entry.from_name if newest.entry else "")
    return Letter(subject, page.text(), page.html(), name)


def more_of(teammate: Teammate, notices: int, *, now: datetime) -> Letter:
    """The letter that stands for all that would have been too many."""
    reader = Reader.of(teammate, now=now)
    with translation.override(teammate.language):
        page = Page(reader)
        title = ngettext(
            "And one more notification: open the desk", "And %(n)s more: open the desk", notices
        ) % {"n": reader.count(notices)}
        page.line(title, is_strong=True)
        page.line(_("So much happened that it does not fit into letters. It all stands in the desk."))
        page.link(_("Open the desk"), reverse("home"))
    return Letter(title, page.text(), page.html())


def refused(
    teammate: Teammate,
    conversation: Conversation | None,
    *,
    code: str,
    is_drafted: bool,
    words: str,
    now: datetime,
) -> Letter:
    """The letter that says why an answer was not taken, and how to go on; with the words, so that none are lost."""
    with translation.override(teammate.language):
        page = Page(Reader.of(teammate, now=now))
        title = _("Your answer was not sent")
        page.line(title, is_strong=True)
        page.line(_why(code) % {"most": page.count(MOST_BYTES // 1024 // 1024)})
        if is_drafted:
            page.line(_("What you wrote is your draft in the conversation: look there, then send it."))
        elif conversation is not None and words:
            page.line(_("You have another draft in the conversation, so what you wrote stands below."))
        if conversation is not None:
            page.link(_("Open the conversation"), reverse("conversation", args=[conversation.pk]))
            page.line(_("If you answer this letter, your words become an internal note."), style=QUIET)
            title = _subject(title, conversation)
        page.words(words[: LONGEST * 10])
    return Letter(title, page.text(), page.html())


def _why(code: str) -> str:
    return {
        "newer_entry": _("Somebody wrote in the conversation after the letter that you answered."),
        "merged_away": _("The conversation was merged into another one meanwhile."),
        "put_away": _("The conversation was put into the trash or marked as spam meanwhile."),
        "gone": _("The conversation was deleted for good meanwhile."),
        "empty": _("There was nothing above the line."),
        "too_large": _("The files are too large together: %(most)s MB at most."),
        "no_recipient": _("The customer has no address to write to."),
        "said_already": _(
            "You sent the very same words in this conversation already, so it may be an automatic answer."
        ),
    }.get(code, _("The desk could not take it."))


def _what_happens(answering: Answering, conversation: Conversation) -> str:
    if answering.becomes != NoticeLetter.Becomes.REPLY:
        return _(
            "If you answer this letter, your words become an internal note; the customer does not get them."
        )
    name = conversation.customer.name or _("the customer")
    told = _("If you answer this letter, your words go to %(name)s as your reply.") % {
        "name": f"\u2068{name}\u2069"
    }
    if not answering.copies:
        return told
    copies = _("Copies go to %(addresses)s.") % {
        "addresses": ", ".join(f"\u2068{address}\u2069" for address in answering.copies)
    }
    return f"{told} {copies}"


def _subject(title: str, conversation: Conversation) -> str:
    about = " ".join(conversation.subject.split())
    return f"{title}: {about}".translate(_ISOLATES)[:LONGEST_SUBJECT] if about else title.translate(_ISOLATES)
