"""How invitations stand: whether the letter left, until when the link works, and the link itself to copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from majlis.channels.letters import sent_as
from majlis.channels.models import Delivery, State
from majlis.channels.problems import explain
from majlis.people import queries
from majlis.people.actions import links
from majlis.people.models import OneTimeLink, Teammate


@dataclass(frozen=True, slots=True)
class Standing:
    """One invitation. `state`: "unmailed", "waiting", "sent", "failed" or "unclear"; `link` is empty when it
    cannot be shown any more; without `expires_at` there is none that works."""

    state: str
    why: str = ""
    at: datetime | None = None
    expires_at: datetime | None = None
    link: str = ""


def standing(teammates: Iterable[Teammate]) -> dict[int, Standing]:
    """How the invitation of each stands, by their ids, in two questions."""
    found = queries.invitations_of(teammates)
    letters = sent_as(link.message_id for link in found.values())
    return {
        one.pk: _of(found[one.pk], letters.get(found[one.pk].message_id))
        if one.pk in found
        else Standing("unmailed")
        for one in teammates
    }


def _of(link: OneTimeLink, letter: Delivery | None) -> Standing:
    token = links.invitation_token(link)
    url = f"{settings.CONFIG.url}{reverse('setup_invitation', args=[token])}" if token else ""
    if letter is None:
        return Standing("unmailed", expires_at=link.expires_at, link=url)
    state = {State.SENT: "sent", State.FAILED: "failed", State.HELD: "unclear"}.get(
        State(letter.state), "waiting"
    )
    why = explain(letter.why) if letter.why and state != "sent" else ""
    return Standing(state, why, letter.settled_at or letter.created_at, link.expires_at, url)
