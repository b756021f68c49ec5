"""The one way a conversation changes: under its row lock, with a seq for every change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from majlis.conversations.models import Conversation, Entry
from majlis.journal import actions as journal
from majlis.journal.models import Event
from majlis.lib.errors import Refused


@dataclass(slots=True)
class Change:
    """A conversation held under its lock, and what has been said of the change so far."""

    conversation: Conversation
    place_before: tuple[int, int, bool] | None
    kinds: list[str] = field(default_factory=list)

    def next_seq(self) -> int:
        """Take the conversation's next number; the row lock makes it the order of commits."""
        self.conversation.seq += 1
        return self.conversation.seq

    def record(
        self,
        kind: str,
        *,
        actor_id: int | None = None,
        data: Mapping[str, Any] | None = None,
        entry: Entry | None = None,
        seq: int | None = None,
    ) -> Event:
        """Write an event of this conversation.

        It takes the next seq unless it is handed one (that of the entry it tells of). With
        `entry`, that entry counts as changed: pages that catch up get it again.
        """
        number = self.next_seq() if seq is None else seq
        told = dict(data or {})
        if entry is not None:
            told.setdefault("entry", entry.pk)
            if entry.changed_seq != number:
                entry.changed_seq = number
                Entry.objects.filter(pk=entry.pk).update(changed_seq=number)
        self.kinds.append(kind)
        return journal.record(
            kind,
            conversation_id=self.conversation.pk,
            seq=number,
            mailbox_id=self.conversation.mailbox_id,
            actor_id=actor_id,
            data=told,
        )


def place(conversation: Conversation) -> tuple[int, int, bool]:
    """Which counter row counts this conversation: mailbox, assignee (0: nobody), closed."""
    return (conversation.mailbox_id, conversation.assignee_id or 0, conversation.is_closed)


@contextmanager
def changing(conversation_id: int) -> Iterator[Change]:
    """Hold a conversation under its lock, in a transaction, and save what was changed.

    Raises Refused("not_found") when it does not exist. Counter rows are locked last, in one
    order, so that two changes of different conversations cannot wait for each other.
    """
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
        if conversation is None:
            raise Refused("not_found")
        change = Change(conversation, place(conversation))
        yield change
        finish(change)


def finish(change: Change) -> None:
    """Save the conversation, shift the counters and tell the browsers after commit."""
    conversation = change.conversation
    conversation.save()
    after = place(conversation)
    if after != change.place_before:
        shift_counters([(change.place_before, -1), (after, +1)])
    for kind in dict.fromkeys(change.kinds):
        journal.nudge({"c": conversation.pk, "s": conversation.seq, "k": kind, "m": conversation.mailbox_id})


def shift_counters(steps: list[tuple[tuple[int, int, bool] | None, int]]) -> None:
    """Add each step to its counter row, in the order of the rows."""
    rows = sorted((at, step) for at, step in steps if at is not None)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into conversations_counter as c (mailbox_id, assignee_id, is_closed, number)"
            " select m, a, f, n from unnest(%s::bigint[], %s::bigint[], %s::bool[], %s::int[])"
            " as t(m, a, f, n)"
            " on conflict (mailbox_id, assignee_id, is_closed)"
            " do update set number = c.number + excluded.number",
            [
                [at[0] for at, _ in rows],
                [at[1] for at, _ in rows],
                [at[2] for at, _ in rows],
                [step for _, step in rows],
            ],
        )
