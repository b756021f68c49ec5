"""Who answers this conversation."""

from __future__ import annotations

from majlis.conversations.models import Status
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Teammate

from .changing import Change


def assign(change: Change, to: Teammate | None, *, by: Teammate) -> bool:
    """Hand the conversation to `to`, or to nobody; False when it stands so already.

    Raises Refused("no_access") when that teammate may not see the mailbox, Refused("inactive")
    when the account is closed.
    """
    if to is not None:
        if not to.is_active:
            raise Refused("inactive", name=to.name)
        if change.conversation.mailbox_id not in people.mailbox_ids_visible_to(to):
            raise Refused("no_access", name=to.name)
    return assign_to(change, to, by=by)


def assign_to(change: Change, to: Teammate | None, *, by: Teammate | None) -> bool:
    """The same without the checks, for what decides by itself."""
    conversation = change.conversation
    if conversation.assignee_id == (to.pk if to else None):
        return False
    conversation.assignee = to
    change.record(
        "assigned",
        actor_id=by.pk if by else None,
        data={"to": to.pk if to else None, "name": to.name if to else ""},
    )
    if to is not None and conversation.status == Status.OPEN:
        conversation.status = Status.IN_PROGRESS
    elif to is None and conversation.status == Status.IN_PROGRESS:
        conversation.status = Status.OPEN
    return True
