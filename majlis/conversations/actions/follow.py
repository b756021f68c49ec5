"""Being told of everything that happens in a conversation."""

from __future__ import annotations

from majlis.conversations.models import Follower
from majlis.people.models import Teammate

from .changing import Change


def follow(change: Change, *, teammate: Teammate) -> bool:
    """The teammate follows it from now on; False when they do already."""
    _, is_new = Follower.objects.get_or_create(conversation=change.conversation, teammate=teammate)
    return is_new


def unfollow(change: Change, *, teammate: Teammate) -> bool:
    """No longer; False when they did not."""
    number, _ = Follower.objects.filter(conversation=change.conversation, teammate=teammate).delete()
    return number > 0
