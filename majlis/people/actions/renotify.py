"""Notifications of entries that went to another conversation lead there."""

from __future__ import annotations

from collections.abc import Sequence

from majlis.people.models import Notification


def renotify(entry_ids: Sequence[int], *, conversation_id: int, mailbox_id: int) -> None:
    """Have what was told of these entries lead to their conversation of now."""
    told = Notification.objects.filter(entry_id__in=list(entry_ids))
    told.update(conversation_id=conversation_id, mailbox_id=mailbox_id)
