"""A conversation's status: closing, reopening and what lies between."""

from __future__ import annotations

from django.utils import timezone

from majlis.conversations.models import Status
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .changing import Change


def close(change: Change, *, teammate: Teammate) -> bool:
    """Nobody is expected to do anything any more; False when it is closed already."""
    return set_status(change, Status.CLOSED, teammate=teammate)


def reopen(change: Change, *, teammate: Teammate) -> bool:
    """Somebody is; False when it was not closed."""
    if not change.conversation.is_closed:
        return False
    to = Status.IN_PROGRESS if change.conversation.assignee_id else Status.OPEN
    return set_status(change, to, teammate=teammate)


def set_status(change: Change, to: str, *, teammate: Teammate) -> bool:
    """Set the status; False when it stands so already. Raises Refused("no_such_status")."""
    if to not in Status.values:
        raise Refused("no_such_status")
    conversation = change.conversation
    if conversation.status == to:
        return False
    before = conversation.status
    conversation.status = Status(to)
    conversation.closed_at = timezone.now() if to == Status.CLOSED else None
    if to in (Status.CLOSED, Status.WAITING):
        conversation.waiting_since = None
    change.record(
        "status.changed",
        actor_id=teammate.pk,
        data={"before": str(before), "after": str(conversation.status.value)},
    )
    return True
