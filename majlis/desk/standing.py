"""How a conversation was put away, and what it was sorted under, as its head shows it."""

from __future__ import annotations

from typing import Any

from majlis.channels.opened import Head
from majlis.conversations.actions.trash import KEPT
from majlis.conversations.models import ClosedAs, Priority

from .reasons import closed_as, spam_reason


def standing(head: Head) -> dict[str, Any]:
    """Of one conversation, for the bar and the head above its thread."""
    conversation = head.conversation
    return {
        "closed_as": closed_as(conversation.closed_as, conversation.closed_note),
        "closings": [(kind.value, kind.label) for kind in ClosedAs if kind != ClosedAs.NOT_FOR_US],
        "snoozed_until": conversation.snoozed_until,
        "snoozer": head.snoozer,
        "spam_reason": spam_reason(conversation.spam_reason),
        "removed_at": conversation.deleted_at + KEPT if conversation.deleted_at else None,
        "priority": conversation.priority,
        "priority_label": Priority(conversation.priority).label,
        "team_name": head.team_name,
        "topic_name": head.topic_name,
        "is_followed": head.is_followed,
    }
