"""What a person decides about a delivery: take it back, send it again, or say what became of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from majlis.channels.actions import settle
from majlis.channels.models import Delivery, State
from majlis.conversations import queries as conversations
from majlis.conversations.actions.draft import redraft
from majlis.conversations.actions.pair import changing_around
from majlis.conversations.actions.reply import withdraw
from majlis.conversations.models import Entry
from majlis.lib.errors import Refused
from majlis.people.models import Teammate


def undo(teammate: Teammate, entry_id: int) -> str:
    """Take back one's own reply that nobody has begun to send; it is a draft again. Returns its text.

    One that waits for its turn in the mailbox's limits, or for a server's rest, nobody has begun to send.

    The update decides the race with the sender. Raises Refused: not_found, not_yours, already_sent.
    """
    entry = _entry(teammate, entry_id)
    if entry.teammate_id != teammate.pk:
        raise Refused("not_yours")
    with changing_around(entry) as change:
        untouched = Delivery.objects.filter(entry=entry, state=State.QUEUED, claimed_at=None)
        if not untouched.update(state=State.CANCELLED, settled_at=timezone.now()):
            raise Refused("already_sent")
        withdraw(change, entry)
        redraft(entry)
    return entry.text


def retry(teammate: Teammate, entry_id: int) -> None:
    """Send a failed or held reply again, now, under the same Message-ID.

    Raises Refused: not_found, not_failed (data: state) when it neither failed nor is held.
    """
    delivery = _delivery(teammate, entry_id)
    _decide(
        Delivery.objects.filter(state__in=[State.FAILED, State.HELD]),
        delivery,
        "delivery.retried",
        state=State.QUEUED,
        due_at=timezone.now(),
        attempts=0,
        claimed_by="",
        transmitting_at=None,
        settled_at=None,
        why="",
        actor_id=teammate.pk,
    )


def settle_by_hand(teammate: Teammate, entry_id: int, *, was_sent: bool) -> None:
    """Say of a held reply whether it arrived; it is not sent again unless somebody retries it.

    Raises Refused: not_found, not_held (data: state).
    """
    delivery = _delivery(teammate, entry_id)
    values: dict[str, object] = {"why": ""} if was_sent else {}
    _decide(
        Delivery.objects.filter(state=State.HELD),
        delivery,
        "delivery.settled",
        refusal="not_held",
        state=State.SENT if was_sent else State.FAILED,
        claimed_by="",
        settled_at=timezone.now(),
        actor_id=teammate.pk,
        data={"was_sent": was_sent},
        **values,
    )


def _decide(
    rows: QuerySet[Delivery], delivery: Delivery, kind: str, *, refusal: str = "not_failed", **values: object
) -> None:
    if not settle.move(rows, delivery, kind, **values):
        delivery.refresh_from_db(fields=["state"])
        raise Refused(refusal, state=delivery.state)


def _entry(teammate: Teammate, entry_id: int) -> Entry:
    entry = conversations.entries_visible_to(teammate).filter(pk=entry_id).first()
    if entry is None:
        raise Refused("not_found")
    return entry


def _delivery(teammate: Teammate, entry_id: int) -> Delivery:
    entry = _entry(teammate, entry_id)
    delivery = Delivery.objects.select_related("entry").filter(entry=entry).first()
    if delivery is None:
        raise Refused("not_found")
    return delivery
