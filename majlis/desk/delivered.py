"""What the thread says of how mail of ours left: how a delivery stands, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from majlis.channels.models import Delivery, State
from majlis.channels.verdict_words import said
from majlis.conversations.models import Entry
from majlis.journal.actions import Told
from majlis.journal.models import Event
from majlis.people.models import Teammate


def standing(delivery: Delivery, entry: Entry, reader: Teammate) -> dict[str, Any]:
    """How it stands, as `desk/_delivery.html` shows it."""
    is_waiting = delivery.state == State.QUEUED and delivery.attempts == 0
    told = said(delivery.why, goes_on=delivery.state == State.QUEUED) if delivery.why else None
    return {
        "state": delivery.state,
        "due_at": delivery.due_at,
        "why": told,
        "waits": is_waiting and told is not None,
        "attempts": delivery.attempts,
        # Until a sender has it in hand; one that waits for its turn is put back into nobody's.
        "can_undo": delivery.state == State.QUEUED
        and delivery.claimed_at is None
        and entry.teammate_id == reader.pk,
        "can_retry": delivery.state in (State.FAILED, State.HELD),
    }


def sentence(event: Event | Told, who: str, acknowledgements: Collection[int]) -> tuple[str, str] | None:
    """An event in one sentence, and its icon; None for those that are told elsewhere.

    `acknowledgements`: the ids of the entries that nobody wrote. Names come isolated.
    """
    is_ours = event.data.get("entry") in acknowledgements
    if event.kind == "bounced":
        if event.data.get("is_final") is False:
            late = (
                _("The acknowledgement is delayed on its way")
                if is_ours
                else _("A reply is delayed on its way")
            )
            return late, "hourglass"
        back = (
            _("The acknowledgement came back undelivered") if is_ours else _("A reply came back undelivered")
        )
        return back, "circle-alert"
    if event.kind == "reply.withdrawn":
        return _("%(who)s took a reply back before it left") % {"who": who}, "rotate-ccw"
    if event.kind == "delivery.settled":
        return _settled(is_sent=bool(event.data.get("was_sent")), is_ours=is_ours) % {"who": who}, "check"
    return None


def _settled(*, is_sent: bool, is_ours: bool) -> str:
    if is_ours:
        return (
            _("%(who)s settled that the acknowledgement arrived")
            if is_sent
            else _("%(who)s settled that the acknowledgement did not arrive")
        )
    return (
        _("%(who)s settled that the reply arrived")
        if is_sent
        else _("%(who)s settled that the reply did not arrive")
    )
