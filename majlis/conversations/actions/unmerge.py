"""A conversation that was merged stands by itself again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone

from majlis.conversations.models import (
    Conversation,
    ConversationTag,
    Draft,
    Entry,
    EntryKind,
    Follower,
    Merge,
    Participant,
    Status,
)
from majlis.journal import queries as journal
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from . import moving
from .changing import Change
from .merge import TAKEN
from .pair import changing_both, undeadlocked


def unmerge(merge_id: int, *, teammate: Teammate, mailbox_ids: Collection[int]) -> Merge:
    """Undo a merge: everything goes back where it was; what came later stays in the target.

    Raises Refused: not_found (also when one of the two lies in none of `mailbox_ids`), merge_undone, and
    merged_away (data: number) when the target itself was merged since.
    """
    found = Merge.objects.filter(pk=merge_id).first()
    if found is None:
        raise Refused("not_found")
    return undeadlocked(lambda: _unmerge(found, teammate, mailbox_ids))


def _unmerge(found: Merge, teammate: Teammate, mailbox_ids: Collection[int]) -> Merge:
    with changing_both(found.merged_id, found.into_id) as (theirs, mine):
        _check(found, theirs.conversation, mine.conversation, mailbox_ids)
        moved = found.moved
        into = found.into_id
        entries, events = dict(moved["entries"]), dict(moved["events"])
        here = set(
            Entry.objects.filter(pk__in=list(entries), conversation_id=into).values_list("pk", flat=True)
        )
        still = journal.standing_in(into, list(events))
        theirs.conversation.merged_into = None
        told = {"merge": found.pk, "number": into}
        theirs.record("unmerged.from", actor_id=teammate.pk, data=told)
        moving.put(
            {entry: seq for entry, seq in entries.items() if entry in here},
            {event: seq for event, seq in events.items() if event in still},
            into=theirs.conversation,
            changed=theirs.conversation.seq,
        )
        _take_back(into, moved)
        Draft.objects.filter(pk__in=moved["drafts"], conversation_id=into).update(
            conversation_id=found.merged_id
        )
        _restore(mine, moved)
        for one in (theirs, mine):
            moving.retell(one.conversation)
        name = theirs.conversation.subject
        mine.record("unmerged", actor_id=teammate.pk, data={**told, "number": found.merged_id, "name": name})
        found.undone_at = timezone.now()
        found.save(update_fields=["undone_at"])
    return found


def _check(found: Merge, theirs: Conversation, mine: Conversation, mailbox_ids: Collection[int]) -> None:
    """Under the locks: two who undo at the same moment undo once."""
    if theirs.mailbox_id not in mailbox_ids or mine.mailbox_id not in mailbox_ids:
        raise Refused("not_found")
    found.refresh_from_db()
    if found.undone_at is not None:
        raise Refused("merge_undone")
    if mine.merged_into_id is not None:
        raise Refused("merged_away", number=mine.merged_into_id)


def _take_back(into: int, moved: dict[str, Any]) -> None:
    """What was copied goes again, but for people who took part in what stays."""
    ConversationTag.objects.filter(conversation_id=into, tag_id__in=moved["tags"]).delete()
    Follower.objects.filter(conversation_id=into, teammate_id__in=moved["followers"]).delete()
    staying = {
        address.lower()
        for wrote, to, cc in Entry.objects.filter(conversation_id=into).values_list(
            "from_address", "to", "cc"
        )
        for address in (wrote, *to, *cc)
    }
    gone = [address for address in moved["participants"] if address.lower() not in staying]
    Participant.objects.filter(conversation_id=into, address__in=gone, is_customer=False).delete()


def _restore(mine: Change, moved: dict[str, Any]) -> None:
    """The target's own values come back where nobody has changed them since."""
    here = mine.conversation
    later = Entry.objects.filter(
        conversation=here, kind=EntryKind.MESSAGE, seq__gt=moved["seq"], automatic="", is_historic=False
    ).order_by("seq")
    wrote_at = later.values_list("created_at", flat=True).first()
    for name in TAKEN:
        before, after = moved["before"][name], moved["after"][name]
        if before == after or _json(getattr(here, name)) != after:
            continue
        if (
            name in ("status", "closed_at", "closed_as", "closed_note", "last_activity_at")
            and wrote_at is not None
        ):
            continue
        is_time = name.endswith(("_at", "_since")) and before is not None
        setattr(here, name, datetime.fromisoformat(before) if is_time else before)
        if name == "waiting_since":
            here.waiting_since = here.waiting_since or wrote_at
    here.status = Status(here.status)


def _json(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, str) else value
    )
