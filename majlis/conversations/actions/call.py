"""A phone call, written down where the rest was said."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from majlis.conversations.models import Entry, EntryKind
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .changing import Change
from .entering import enter
from .reply import refuse_twice

LONGEST_SECONDS = 24 * 3600
LONGEST_NUMBER = 40


def log_call(
    change: Change,
    *,
    teammate: Teammate,
    direction: str,
    number: str,
    seconds: int,
    text: str,
    submission_key: UUID,
) -> Entry:
    """Write down a call: `direction` is "in" or "out", `number` what was dialled or shown, perhaps empty.

    Nothing leaves. Raises Refused: empty (nothing says what it was about), no_such_direction, bad_length,
    number_too_long, already_posted (data: entry_id).
    """
    refuse_twice(teammate, submission_key)
    if direction not in ("in", "out"):
        raise Refused("no_such_direction")
    if not text.strip():
        raise Refused("empty")
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise Refused("bad_length")
    number = " ".join(number.split())
    if len(number) > LONGEST_NUMBER:
        raise Refused("number_too_long")
    now = timezone.now()
    seq = change.next_seq()
    entry = Entry(
        conversation=change.conversation,
        mailbox_id=change.conversation.mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=EntryKind.CALL,
        teammate=teammate,
        from_name=teammate.name,
        text=text,
        details={"direction": direction, "seconds": seconds, "number": number},
        submission_key=submission_key,
        written_at=now,
        created_at=now,
    )
    enter(entry)
    change.conversation.last_activity_at = now
    change.record("call.logged", actor_id=teammate.pk, entry=entry, seq=seq)
    return entry
