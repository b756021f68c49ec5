"""Invitations to meetings as the thread shows them: when in the reader's zone, how often in words."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from babel.dates import get_day_names
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from majlis.conversations.models import Entry

from .names import of_customer

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def cards(entry: Entry) -> list[dict[str, Any]]:
    """The meetings of an entry (`channels/email/invitations`), ready for `desk/_meetings.html`."""
    found = (entry.details or {}).get("invitations") if entry.kind == "message" else None
    return [of(one) for one in found or () if isinstance(one, dict)]


def of(meeting: dict[str, Any]) -> dict[str, Any]:
    """One meeting: `label`, `icon`, `start` and `end` in the reader's zone (`end` None for none), `is_one_day`, the rest."""
    start, end = _moment(meeting.get("start")), _moment(meeting.get("end"))
    organiser = meeting.get("organiser") or {}
    return {
        "summary": meeting.get("summary") or _("Meeting"),
        "is_off": meeting.get("method") == "cancel",
        "label": _label(meeting),
        "start": start,
        "end": end if end and end != start else None,
        "is_one_day": end is None or start is None or end.date() == start.date(),
        "is_all_day": bool(meeting.get("is_all_day")),
        "is_floating": not meeting.get("is_all_day") and _is_floating(meeting.get("start")),
        "place": meeting.get("place", ""),
        "organiser": organiser.get("name") or organiser.get("address", ""),
        "attendees": int(meeting.get("attendees") or 0),
        "url": meeting["url"] if str(meeting.get("url", "")).startswith("https://") else "",
        "repeats": repeats(meeting.get("rule")),
    }


def _moment(written: object) -> datetime | None:
    """A time of the reader's zone; a day, and a time without a zone, are theirs already."""
    if not isinstance(written, str) or not written:
        return None
    here = timezone.get_current_timezone()
    try:
        if len(written) == 10:
            return datetime.combine(date.fromisoformat(written), time(12), here)
        moment = datetime.fromisoformat(written)
        return moment.replace(tzinfo=here) if moment.tzinfo is None else moment.astimezone(here)
    except (ValueError, OverflowError):
        return None


def _is_floating(written: object) -> bool:
    try:
        return datetime.fromisoformat(str(written)).tzinfo is None
    except ValueError:
        return False


def _label(meeting: dict[str, Any]) -> str:
    answer = meeting.get("answer") or {}
    who = of_customer(answer.get("name", ""), "", answer.get("address", ""))
    said = {
        "accepted": _("%(name)s accepts"),
        "declined": _("%(name)s declines"),
        "tentative": _("%(name)s may come"),
    }.get(answer.get("answer", ""))
    if said:
        return said % {"name": f"\u2068{who}\u2069"}
    return {
        "request": _("Invitation"),
        "cancel": _("Called off"),
        "reply": _("Answer to an invitation"),
        "counter": _("Another time proposed"),
    }.get(meeting.get("method", ""), _("Event"))


def repeats(rule: object) -> str:
    """How often it comes again, in words; nothing for once."""
    if not isinstance(rule, dict):
        return ""
    count = max(1, int(rule.get("interval") or 1))
    words = {
        "daily": ngettext("every day", "every %(count)s days", count),
        "weekly": ngettext("every week", "every %(count)s weeks", count),
        "monthly": ngettext("every month", "every %(count)s months", count),
        "yearly": ngettext("every year", "every %(count)s years", count),
    }.get(str(rule.get("every")))
    if words is None:
        return ""
    text = words % {"count": count} if "%(count)s" in words else words
    names = get_day_names("wide", locale=(get_language() or "ar")[:2])
    days = [names[_DAYS.index(day[-2:])] for day in rule.get("days", ()) if str(day)[-2:] in _DAYS]
    if days and rule.get("every") == "weekly":
        text = _("%(often)s on %(days)s") % {"often": text, "days": _(", ").join(days)}
    if times := int(rule.get("count") or 0):
        told = ngettext("%(count)s time in all", "%(count)s times in all", times) % {"count": times}
        text = f"{text}{_(', ')}{told}"
    return text
