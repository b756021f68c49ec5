"""What the thread says of conversations put away, brought back, and sorted."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from majlis.conversations.models import Priority
from majlis.journal.actions import Told
from majlis.journal.models import Event

from .reasons import closed_as, spam_reason


def sentence(event: Event | Told, who: str, name: str) -> tuple[str, str] | None:
    """An event in one sentence, and its icon; None for those that are told elsewhere. Names come isolated."""
    known = {"who": who, "name": name}
    if event.kind == "snoozed":
        return _("%(who)s snoozed it until") % known, "alarm-clock"  # the moment stands behind the sentence
    if event.kind == "woken":
        return _woken(str(event.data.get("why", "")), who), "alarm-clock"
    if event.kind == "spam.marked":
        return _spam(str(event.data.get("reason", "")), who), "ban"
    if event.kind == "spam.cleared":
        return _("%(who)s took it out of spam") % known, "rotate-ccw"
    if event.kind == "trashed":
        return _("%(who)s moved it to the trash") % known, "trash"
    if event.kind == "restored":
        told = _("%(who)s took it out of the trash") if who else _("Out of the trash: the customer wrote")
        return told % known, "rotate-ccw"
    if event.kind == "prioritised":
        after = event.data.get("after")
        label = str(Priority(after).label) if after in Priority.values else ""
        return _("%(who)s set the priority: %(priority)s") % {"who": who, "priority": label}, "flag"
    if event.kind == "team.set":
        told = _("%(who)s gave it to the team %(name)s") if name else _("%(who)s took it from its team")
        return told % known, "users-round"
    if event.kind == "topic.set":
        told = _("%(who)s set the topic %(name)s") if name else _("%(who)s removed the topic")
        return told % known, "circle-help"
    return None


def closing(event: Event | Told, who: str) -> str:
    """How it was closed, in a sentence; nothing when nobody said how."""
    how = closed_as(str(event.data.get("as", "")), str(event.data.get("note", "")))
    return _("%(who)s closed it. %(how)s") % {"who": who, "how": how} if how else ""


def until(event: Event | Told) -> datetime | None:
    """Until when it was put off."""
    return datetime.fromisoformat(str(event.data["until"])) if event.kind == "snoozed" else None


def _woken(why: str, who: str) -> str:
    if why == "due":
        return _("Back on the desk: its time has come")
    if why == "customer":
        return _("Back on the desk: the customer wrote")
    if why == "reply":
        return _("Back on the desk: %(who)s replied") % {"who": who}
    return _("%(who)s brought it back to the desk") % {"who": who}


def _spam(code: str, who: str) -> str:
    reason = spam_reason(code)
    known = {"who": who, "reason": f"\u2068{reason}\u2069"}
    if not who:
        return _("Put among the spam: %(reason)s") % known
    return (_("%(who)s marked it as spam: %(reason)s") if reason else _("%(who)s marked it as spam")) % known
