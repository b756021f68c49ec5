"""What puts a conversation back on the desk because somebody spoke in it."""

from __future__ import annotations

from majlis.people.models import Teammate

from .changing import Change
from .snooze import wake
from .spam import clear_spam
from .trash import restore

KINDS = frozenset({"woken", "spam.cleared", "restored"})


def bring_back(change: Change, *, teammate: Teammate) -> None:
    """A teammate answers: whatever it was put away as, it is on the desk again."""
    restore(change, teammate=teammate)
    clear_spam(change, teammate=teammate)
    wake(change, why="reply", teammate=teammate)


def bring_back_to_customer(change: Change) -> None:
    """The customer wrote again: it wakes, and is not lost in the trash; spam stays spam."""
    if change.conversation.is_spam:
        return
    restore(change, teammate=None)
    wake(change, why="customer")
