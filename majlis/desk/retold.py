"""What the thread says of conversations that were put together, taken apart, begun, and of colleagues asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.urls import reverse
from django.utils.translation import gettext as _

from majlis.conversations.models import Entry, EntryKind
from majlis.journal.actions import Told
from majlis.journal.models import Event


def sentence(event: Event | Told, who: str, name: str) -> tuple[str, str] | None:
    """An event in one sentence, and its icon; None for those that are told elsewhere. Names come isolated."""
    number = event.data.get("number", "")
    known = {"who": who, "number": f"\u2066#{number}\u2069", "name": name or _("(no subject)")}
    icon = "git-merge"
    if event.kind == "merged":
        return _("%(who)s merged %(number)s, %(name)s, into this conversation") % known, icon
    if event.kind == "merged.into":
        return _("%(who)s merged this conversation into %(number)s") % known, icon
    if event.kind == "unmerged":
        return _("%(who)s took %(number)s, %(name)s, out again") % known, icon
    if event.kind == "unmerged.from":
        return _("%(who)s took this conversation out of %(number)s again") % known, icon
    if event.kind == "question.asked":
        return _("%(who)s asked %(name)s by mail") % known, "at-sign"
    if event.kind == "question.answered":
        return _("%(name)s answered by mail") % known, "corner-down-left"
    if event.kind == "begun":
        reason = {"who": who, "reason": str(event.data.get("reason", ""))}
        return _("%(who)s began this conversation: %(reason)s") % reason, "pencil"
    if event.kind == "chat.proven":
        address = {"address": f"\u2066{event.data.get('address', '')}\u2069"}
        return _("A mail to %(address)s was answered: the address is theirs") % address, "shield-check"
    if event.kind == "chat.ended":
        return _("The visitor ended the chat"), "log-out"
    if event.kind == "split":
        return _("%(who)s split %(number)s, %(name)s, off") % known, "split"
    if event.kind == "split.from":
        return _("%(who)s split this off %(number)s, %(name)s") % known, "split"
    return None


def undo(event: Event | Told, events: Sequence[Event | Told]) -> dict[str, Any] | None:
    """How a line can be undone, unless it was: the method and the address."""
    if event.kind == "merged" and event.data["into"] == getattr(event, "conversation_id", None):
        merge = event.data["merge"]
        if not any(other.kind == "unmerged" and other.data["merge"] == merge for other in events):
            return {"method": "delete", "url": reverse("merge", args=[merge])}
    return None


def waits_for(event: Event | Told, events: Sequence[Event | Told]) -> str:
    """The name of the colleague whose answer a line waits for."""
    if event.kind != "question.asked":
        return ""
    question = event.data["question"]
    is_answered = any(one.kind == "question.answered" and one.data["question"] == question for one in events)
    return "" if is_answered else str(event.data["name"])


def link(event: Event | Told) -> str:
    """Where a line leads: the other conversation it tells of."""
    if event.kind in ("split", "split.from", "unmerged", "unmerged.from"):
        return reverse("conversation", args=[event.data["number"]])
    return ""


def call(entry: Entry) -> dict[str, Any] | None:
    """What a logged call shows beside its text."""
    if entry.kind != EntryKind.CALL:
        return None
    details = orjson.loads(entry.details) if isinstance(entry.details, str) else entry.details or {}
    is_incoming = details.get("direction") == "in"
    minutes = max(1, round(details.get("seconds", 0) / 60)) if details.get("seconds") else 0
    return {
        "icon": "phone-incoming" if is_incoming else "phone-outgoing",
        "label": _("Incoming call") if is_incoming else _("Outgoing call"),
        "minutes": minutes,
        "number": details.get("number", ""),
    }
