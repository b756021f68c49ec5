"""The one way a conversation changes: under its row lock, with a seq for every change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.utils import timezone

from majlis.conversations.models import Conversation, Entry
from majlis.journal import actions as journal
from majlis.lib.errors import Refused

# Written by hand, like every statement on the way of a mail or a reply: one that Django composes costs thrice as much.
_NAMES = [field.attname for field in Conversation._meta.concrete_fields]
SAVED = [name for name in _NAMES if name != "id"]
_LOCK = f"select {', '.join(_NAMES)} from conversations_conversation where id = %s for update"  # noqa: S608
_SAVE = f"update conversations_conversation set {', '.join(f'{name} = %s' for name in SAVED)} where id = %s"  # noqa: S608


@dataclass(slots=True)
class Change:
    """A conversation held under its lock, and what has been said of the change so far."""

    conversation: Conversation
    place_before: tuple[int, int, bool] | None
    told: list[journal.Told] = field(default_factory=list)

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
    ) -> None:
        """Tell an event of this conversation; all of a change are written at its end, in their order.

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
        self.told.append(journal.Told(kind, number, actor_id, timezone.now(), told))


def place(conversation: Conversation) -> tuple[int, int, bool]:
    """Which counter row counts this conversation: mailbox, assignee (0: nobody), closed."""
    return (conversation.mailbox_id, conversation.assignee_id or 0, conversation.is_closed)


@contextmanager
def changing(conversation_id: int, *, savepoint: bool = True) -> Iterator[Change]:
    """Hold a conversation under its lock, in a transaction, and save what was changed.

    Inside a transaction of the caller's, who lets every error go through it, `savepoint` may be left out.

    Raises Refused("not_found") when it does not exist. Counter rows are locked last, in one
    order, so that two changes of different conversations cannot wait for each other.
    """
    with transaction.atomic(savepoint=savepoint):
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [conversation_id])
            row = cursor.fetchone()
        if row is None:
            raise Refused("not_found")
        conversation = Conversation.from_db(DEFAULT_DB_ALIAS, _NAMES, row)
        change = Change(conversation, place(conversation))
        yield change
        finish(change)


def finish(change: Change) -> None:
    """Save the conversation, shift the counters and tell the browsers after commit."""
    conversation = change.conversation
    journal.record_all(change.told, conversation_id=conversation.pk, mailbox_id=conversation.mailbox_id)
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [*values(conversation), conversation.pk])
    after = place(conversation)
    if after != change.place_before:
        shift_counters([(change.place_before, -1), (after, +1)])
    for kind in dict.fromkeys(told.kind for told in change.told):
        journal.nudge({"c": conversation.pk, "s": conversation.seq, "k": kind, "m": conversation.mailbox_id})


def values(conversation: Conversation) -> list[Any]:
    """What stands in the columns `SAVED`."""
    return [str(conversation.status) if name == "status" else getattr(conversation, name) for name in SAVED]


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
