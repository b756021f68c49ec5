"""What nobody wanted: put aside with a reason, and taken back out."""

from __future__ import annotations

from majlis.conversations.models import Entry, EntryKind
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .changing import Change

LONGEST = 200
# Reasons the desk has words for; any other text is a teammate's own.
ADVERTISING, FRAUD, NONSENSE = "advertising", "fraud", "nonsense"
BLOCKED_ADDRESS, BLOCKED_DOMAIN, MAIL_SERVER = "blocked_address", "blocked_domain", "mail_server"
CHOSEN = (ADVERTISING, FRAUD, NONSENSE)


def mark_spam(change: Change, reason: str, *, teammate: Teammate | None) -> bool:
    """Put it among the spam; False when it lies there for that reason already. Raises Refused("reason_too_long")."""
    reason = " ".join(reason.split())
    if len(reason) > LONGEST:
        raise Refused("reason_too_long", longest=LONGEST)
    conversation = change.conversation
    if conversation.is_spam and conversation.spam_reason == reason:
        return False
    conversation.is_spam = True
    conversation.spam_reason = reason
    conversation.waiting_since = None
    conversation.snoozed_until = None
    conversation.snoozed_by_id = None
    change.record("spam.marked", actor_id=teammate.pk if teammate else None, data={"reason": reason})
    return True


def clear_spam(change: Change, *, teammate: Teammate) -> bool:
    """It is none; the customer waits since their last unanswered message. False when it was not marked."""
    conversation = change.conversation
    if not conversation.is_spam:
        return False
    conversation.is_spam = False
    conversation.spam_reason = ""
    if not conversation.is_closed:
        last = (
            Entry.objects.filter(conversation=conversation, is_withdrawn=False)
            .exclude(kind__in=(EntryKind.NOTE, EntryKind.AUTO))
            .order_by("-seq")
            .first()
        )
        if last is not None and last.kind == EntryKind.MESSAGE and not (last.automatic or last.is_historic):
            conversation.waiting_since = last.created_at
    change.record("spam.cleared", actor_id=teammate.pk)
    return True
