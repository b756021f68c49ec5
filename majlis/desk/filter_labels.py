"""Filters in the reader's words: as chips, in the menu beside the search field, and as they are typed."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from majlis.conversations import filters, naming
from majlis.conversations.filter_words import KEYS, choices, key_of, written
from majlis.conversations.filters import NUMBER, Term
from majlis.lib.arabic import normalise
from majlis.people.models import Teammate

# The menu of filters: what may be chosen whole, and what wants a word more.
WHOLE: Final = (
    ("is", "unread"),
    ("assignee", "me"),
    ("assignee", "nobody"),
    ("is", "mentioned"),
    ("has", "attachment"),
)
OPEN: Final = (
    "from",
    "customer",
    "tag",
    "mailbox",
    "topic",
    "status",
    "priority",
    "channel",
    "after",
    "before",
)
OFFERED = 10


@cache
def menu(language: str) -> dict[str, Any]:
    """The menu of filters beside the field, in the page's language."""
    whole = [Term(key, value) for key, value in WHOLE]
    return {
        "search_whole": [(label(term), filters.one(term, language)) for term in whole],
        "search_open": [(key_label(key), f"{written(KEYS[key], language)}:") for key in OPEN],
    }


def key_label(key: str) -> str:
    """A filter's name in the reader's language."""
    return {
        "tag": _("Tag"),
        "from": _("Written by"),
        "customer": _("Customer"),
        "mailbox": _("Mailbox"),
        "channel": _("Channel"),
        "assignee": _("Assigned to"),
        "status": _("Status"),
        "topic": _("Topic"),
        "after": _("Begun since"),
        "before": _("Begun before"),
        "updated-after": _("Changed since"),
        "updated-before": _("Changed before"),
        "priority": _("Priority"),
        NUMBER: _("Number"),
    }.get(key, "")


def language() -> str:
    """The page's two-letter language."""
    return (get_language() or "ar")[:2]


def label(term: Term) -> str:
    """A filter in words: «Tag: refund», "Unread"."""
    whole = {
        ("is", "unread"): _("Unread"),
        ("is", "snoozed"): _("Snoozed"),
        ("is", "spam"): _("Spam"),
        ("is", "trash"): _("In the trash"),
        ("is", "closed"): pgettext("status", "Closed"),
        ("is", "open"): pgettext("status", "Open"),
        ("is", "mine"): _("Assigned to me"),
        ("is", "mentioned"): _("Mentions me"),
        ("is", "draft"): _("With my draft"),
        ("assignee", "me"): _("Assigned to me"),
        ("assignee", "nobody"): _("Assigned to nobody"),
        ("has", "attachment"): _("With files"),
    }.get((term.key, term.value))
    if whole:
        return whole
    known = choices(term.key).get(term.value)
    value = written(known, language()) if known else f"#{term.value}" if term.key == NUMBER else term.value
    return _("%(name)s: %(value)s") % {"name": key_label(term.key), "value": f"\u2068{value}\u2069"}


def offered(typed: str, *, reader: Teammate) -> list[dict[str, str]]:
    """What the filter that is being typed (`tag:ref`) may say: {label, writes} each."""
    sign = "-" if typed.startswith("-") else ""
    word, colon, begun = typed.removeprefix("-").partition(":")
    key = key_of(word) if colon else None
    if key is None:
        return []
    known = choices(key)
    terms = [Term(key, value) for value in known if _begins(known[value], value, begun)]
    terms += [Term(key, name) for name in naming.suggestions(key, begun.strip('"«'), reader=reader)]
    return [
        {"label": label(term), "writes": sign + filters.one(term, language())} for term in terms[:OFFERED]
    ]


def _begins(known: tuple[str, str], value: str, begun: str) -> bool:
    words = [value, *known[0].split("|"), *known[1].split("|")]
    return any(normalise(word).startswith(normalise(begun)) for word in words)
