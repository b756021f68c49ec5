"""A conversation's status: closing, reopening and what lies between."""

from __future__ import annotations

from django.utils import timezone

from majlis.conversations.models import ClosedAs, Status
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .changing import Change

LONGEST = 200


def close(change: Change, *, teammate: Teammate, closed_as: str = "", note: str = "") -> bool:
    """Nobody is expected to do anything any more; False when it is closed like this already.

    `closed_as` says how (a `ClosedAs`, empty for nothing said), `note` where it was passed when it was not for us.
    Raises Refused: `no_such_kind`, `note_too_long`.
    """
    note = " ".join(note.split()) if closed_as == ClosedAs.NOT_FOR_US else ""
    if closed_as and closed_as not in ClosedAs.values:
        raise Refused("no_such_kind")
    if len(note) > LONGEST:
        raise Refused("note_too_long", longest=LONGEST)
    conversation = change.conversation
    said = (conversation.closed_as, conversation.closed_note)
    if conversation.is_closed and (not closed_as or said == (closed_as, note)):
        return False
    before = str(conversation.status)
    conversation.status = Status.CLOSED
    conversation.closed_at = conversation.closed_at or timezone.now()
    conversation.waiting_since = None
    conversation.closed_as, conversation.closed_note = closed_as, note
    data = {"before": before, "after": Status.CLOSED.value}
    if closed_as:
        data |= {"as": closed_as, "note": note}
    change.record("status.changed", actor_id=teammate.pk, data=data)
    return True


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
    if to == Status.CLOSED:
        return close(change, teammate=teammate)
    conversation = change.conversation
    if conversation.status == to:
        return False
    before = conversation.status
    conversation.status = Status(to)
    conversation.closed_at = None
    if to == Status.WAITING:
        conversation.waiting_since = None
    change.record(
        "status.changed",
        actor_id=teammate.pk,
        data={"before": str(before), "after": str(conversation.status.value)},
    )
    return True
