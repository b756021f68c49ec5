"""One conversation goes into another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.utils import timezone

from majlis.conversations.interleaving import interleave
from majlis.conversations.models import Conversation, Merge, ReadMark, Shelf, Status
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from . import moving
from .changing import Change
from .drafts_along import bring
from .pair import changing_both, undeadlocked
from .read import mark_read

# What the target takes over; undone where nothing else has touched it since.
TAKEN = (
    "status",
    "waiting_since",
    "closed_at",
    "closed_as",
    "closed_note",
    "assignee_id",
    "priority",
    "topic_id",
    "last_activity_at",
)
_ALSO = {
    "participants": (
        "insert into conversations_participant (conversation_id, address, name, is_customer)"
        " select %s::bigint, address, name, false from conversations_participant where conversation_id = %s"
        " order by id on conflict do nothing returning address"
    ),
    "tags": (
        "insert into conversations_conversationtag (conversation_id, tag_id)"
        " select %s::bigint, tag_id from conversations_conversationtag where conversation_id = %s"
        " order by id on conflict do nothing returning tag_id"
    ),
    "followers": (
        "insert into conversations_follower (conversation_id, teammate_id)"
        " select %s::bigint, teammate_id from conversations_follower where conversation_id = %s"
        " order by id on conflict do nothing returning teammate_id"
    ),
}


def merge(number: int, into: int, *, teammate: Teammate, mailbox_ids: Collection[int]) -> Merge:
    """Put conversation `number` into another; both must lie in `mailbox_ids`, those the teammate may see.

    What was said and told there stands in the target between its own, by time. Participants, tags and followers are
    copied; the merged one keeps everything else of its own and rests on a shelf that no folder shows.

    Raises Refused: merge_itself, not_found, merged_already and merge_into_merged (data: number, where it is now),
    put_away (data: number) when one of them lies in spam or trash.
    """
    if number == into:
        raise Refused("merge_itself")
    return undeadlocked(lambda: _merge(number, into, teammate, mailbox_ids))


def _merge(number: int, into: int, teammate: Teammate, mailbox_ids: Collection[int]) -> Merge:
    with changing_both(number, into) as (theirs, mine):
        _check(theirs.conversation, mine.conversation, mailbox_ids)
        is_read = _read_by(theirs.conversation, mine.conversation)
        before = _taken(mine.conversation)
        moved: dict[str, Any] = {"before": before, **_move(theirs, mine)}
        with connection.cursor() as cursor:
            for name, sql in _ALSO.items():
                cursor.execute(sql, [into, number])
                moved[name] = [row[0] for row in cursor.fetchall()]
        moved["drafts"] = bring(number, into)
        _take_over(mine, theirs.conversation, teammate)
        moving.retell(mine.conversation)
        made = Merge.objects.create(
            into_id=into, merged_id=number, teammate=teammate, at=timezone.now(), moved=moved
        )
        theirs.conversation.merged_into = mine.conversation
        theirs.record("merged.into", actor_id=teammate.pk, data={"merge": made.pk, "number": into})
        told = {"merge": made.pk, "number": number, "into": into, "name": theirs.conversation.subject}
        mine.record("merged", actor_id=teammate.pk, data=told)
        made.moved |= {"after": _taken(mine.conversation), "seq": mine.conversation.seq}
        made.save(update_fields=["moved"])
        for teammate_id in is_read | {teammate.pk}:
            mark_read(into, teammate_id=teammate_id, seq=mine.conversation.seq)
    return made


def _check(theirs: Conversation, mine: Conversation, mailbox_ids: Collection[int]) -> None:
    if theirs.mailbox_id not in mailbox_ids or mine.mailbox_id not in mailbox_ids:
        raise Refused("not_found")
    if theirs.merged_into_id is not None:
        raise Refused("merged_already", number=theirs.merged_into_id)
    if mine.merged_into_id is not None:
        raise Refused("merge_into_merged", number=mine.merged_into_id)
    for one in (theirs, mine):
        if one.lies_on in (Shelf.SPAM, Shelf.TRASH):
            raise Refused("put_away", number=one.pk)


def _move(theirs: Change, mine: Change) -> dict[str, Any]:
    """Bring the lines over; their places of before."""
    source, target = moving.units(theirs.conversation.pk), moving.units(mine.conversation.pk)
    own, coming = interleave(
        [unit[:2] for unit in target], [unit[:2] for unit in source], seq=mine.conversation.seq
    )
    for lines, places in ((target, own), (source, coming)):
        moving.put(
            {entry: places[seq] for seq, _, entries, _ in lines if seq in places for entry in entries},
            {event: places[seq] for seq, _, _, events in lines if seq in places for event in events},
            into=mine.conversation,
        )
    mine.conversation.seq = max([mine.conversation.seq, *own.values(), *coming.values()])
    return {
        "entries": [[entry, seq] for seq, _, entries, _ in source for entry in entries],
        "events": [[event, seq] for seq, _, _, events in source for event in events],
    }


def _take_over(mine: Change, theirs: Conversation, teammate: Teammate) -> None:
    """Somebody who waited there waits here; what presses there presses here."""
    here = mine.conversation
    here.priority = max(here.priority, theirs.priority)
    here.topic_id = here.topic_id or theirs.topic_id
    here.last_activity_at = max(here.last_activity_at, theirs.last_activity_at)
    if theirs.is_closed or theirs.waiting_since is None:
        return
    here.waiting_since = min(filter(None, (here.waiting_since, theirs.waiting_since)))
    if here.status in (Status.CLOSED, Status.WAITING):
        before = here.status
        here.status = Status.IN_PROGRESS if here.assignee_id else Status.OPEN
        here.closed_at, here.closed_as, here.closed_note = None, "", ""
        told = {"before": str(before), "after": str(here.status.value)}
        mine.record("status.changed", actor_id=teammate.pk, data=told)


def _taken(conversation: Conversation) -> dict[str, Any]:
    """The values of TAKEN, as JSON keeps them."""
    values = {name: getattr(conversation, name) for name in TAKEN}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else str(value) if name == "status" else value
        for name, value in values.items()
    }


def _read_by(*conversations: Conversation) -> set[int]:
    """Who has read whatever customers wrote in all of these."""
    found: list[set[int]] = [
        set(
            ReadMark.objects.filter(conversation=one, seq__gte=one.message_seq).values_list(
                "teammate_id", flat=True
            )
        )
        for one in conversations
        if one.message_seq
    ]
    return set.intersection(*found) if found else set()
