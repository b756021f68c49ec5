"""How a delivery ends, written in a transaction of its own and told to everybody who looks at the entry."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from majlis.channels.actions import copies
from majlis.channels.actions.claim import Claim
from majlis.channels.models import Delivery, State
from majlis.conversations.actions.pair import changing_around
from majlis.journal import actions as journal

# Minutes to the next attempt: soon at first, then every hour, two days in all.
BACKOFF_MINUTES = (1, 5, 15, *(60 for _ in range(48)))


def sent(claim: Claim, *, why: str = "") -> bool:
    """The server has it. `why` names copied recipients it refused. False when the claim was lost."""
    with transaction.atomic():
        is_settled = _settle(claim, State.SENT, "delivery.sent", why=why)
        if is_settled:
            copies.want(claim.delivery_id)
    if is_settled:
        journal.wake("copies")
    return is_settled


def failed(claim: Claim, *, why: str) -> bool:
    """It will not arrive; `why` is a packed problem or the server's own words. False when the claim was lost."""
    return _settle(claim, State.FAILED, "delivery.failed", why=why)


def held(claim: Claim, *, why: str) -> bool:
    """Nobody knows whether it arrived: a person decides. False when the claim was lost."""
    return _settle(claim, State.HELD, "delivery.held", why=why)


def later(claim: Claim, *, why: str, attempts: int, not_before: datetime | None = None) -> bool:
    """It goes back to the queue, or fails after two days of attempts. False when the claim was lost."""
    if attempts > len(BACKOFF_MINUTES):
        return failed(claim, why=why)
    due_at = timezone.now() + timedelta(minutes=BACKOFF_MINUTES[attempts - 1])
    due_at = max(due_at, not_before) if not_before else due_at
    return _settle(claim, State.QUEUED, "delivery.retried", why=why, due_at=due_at)


def wait(claim: Claim, *, why: str, until: datetime) -> bool:
    """Nothing was tried: it goes back to the queue, and no attempt is counted. False when the claim was lost.

    What was never tried before can be taken back again: it stands there as nobody's, as before the claim.
    """
    values: dict[str, object] = {"attempts": F("attempts") - 1}
    if claim.is_first:
        values["claimed_at"] = None
    return _settle(claim, State.QUEUED, "delivery.retried", why=why, due_at=until, **values)


def move(rows: QuerySet[Delivery], delivery: Delivery, kind: str, **values: object) -> bool:
    """Change `delivery` if it is still one of `rows`, and record `kind` on its entry; False when it is not.

    The conversation is locked first, as everywhere, wherever the entry stands by now. A letter has no entry and no event.
    """
    actor_id = values.pop("actor_id", None)
    data = values.pop("data", {})
    assert isinstance(data, dict)
    assert actor_id is None or isinstance(actor_id, int)
    if delivery.entry is None:
        with transaction.atomic():
            is_moved = bool(rows.filter(pk=delivery.pk).update(**values))
    else:
        with changing_around(delivery.entry) as change:
            is_moved = bool(rows.filter(pk=delivery.pk).update(**values))
            if is_moved:
                change.record(kind, actor_id=actor_id, data=data, entry=delivery.entry)
    if is_moved and values.get("state") == State.QUEUED:
        journal.wake("deliver")
    return is_moved


def _settle(
    claim: Claim, state: State, kind: str, *, why: str, due_at: datetime | None = None, **more: object
) -> bool:
    """Only the claim's own row is settled. It may have been put to `held` when the lock was lost meanwhile."""
    delivery = Delivery.objects.select_related("entry").get(pk=claim.delivery_id)
    rows = Delivery.objects.filter(claimed_by=claim.token, state__in=[State.SENDING, State.HELD])
    values: dict[str, object] = {"state": state, "why": why, "data": {"why": why} if why else {}, **more}
    if state == State.QUEUED:
        values |= {"due_at": due_at, "claimed_by": "", "transmitting_at": None, "admitted_at": None}
    else:
        values |= {"settled_at": timezone.now()}
    return move(rows, delivery, kind, **values)
