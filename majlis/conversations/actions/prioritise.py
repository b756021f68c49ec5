"""How much a conversation presses."""

from __future__ import annotations

from majlis.conversations.models import Priority
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .changing import Change


def prioritise(change: Change, to: int, *, teammate: Teammate) -> bool:
    """Set the priority; False when it is that already. Raises Refused("no_such_priority")."""
    if to not in Priority.values:
        raise Refused("no_such_priority")
    conversation = change.conversation
    if conversation.priority == to:
        return False
    before, conversation.priority = int(conversation.priority), to
    change.record("prioritised", actor_id=teammate.pk, data={"before": before, "after": to})
    return True
