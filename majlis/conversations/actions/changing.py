"""The one way a conversation changes: under its row lock, with a seq for every change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.utils import timezone

from majlis.conversations.models import Conversation, Entry
from majlis.database import execute_last
from majlis.journal import actions as journal
from majlis.lib.errors import Refused

from .read import marking

# Written by hand, like every statement on the way of a mail or a reply: one that Django composes costs thrice as much.
NAMES = [field.attname for field in Conversation._meta.concrete_fields]
SAVED = [name for name in NAMES if name != "id"]
_LOCK = f"select {', '.join(NAMES)} from conversations_conversation where id = %s for update"  # noqa: S608
_COUNT = (
    "insert into conversations_counter as c (mailbox_id, assignee_id, shelf, number)"
    " select m, a, f, n from jsonb_to_recordset(%s::jsonb) as t(m bigint, a bigint, f text, n int) order by m, a, f"
    " on conflict (mailbox_id, assignee_id, shelf) do update set number = c.number + excluded.number"
)
Written = tuple[str, list[Any]]


@dataclass(slots=True)
class Change:
    """A conversation held under its lock, and what has been said of the change so far."""

    conversation: Conversation
    place_before: tuple[int, int, str] | None
    before: dict[str, Any]
    told: list[journal.Told] = field(default_factory=list)
    read_by: int | None = None
    written: dict[str, Written] = field(default_factory=dict)

    @property
    def seq_before(self) -> int:
        """The seq the conversation stood at."""
        return int(self.before["seq"])

    @property
    def was_closed(self) -> bool:
        """Claims that nobody was expected to do anything before the change."""
        return bool(self.place_before is not None and self.before["status"] == "closed")

    def next_seq(self) -> int:
        """Take the conversation's next number; the row lock makes it the order of commits."""
        self.conversation.seq += 1
        return self.conversation.seq

    def write(self, name: str, sql: str, values: list[Any]) -> None:
        """Have a statement that returns nothing written together with the change, at its end.

        All of them and the change itself are one statement: none sees what another wrote, and foreign keys between
        them hold, since they are checked at the commit. `name` is a name for it, once in a change.
        """
        if name in self.written:
            raise ValueError(f"{name} is written already")
        self.written[name] = (sql, values)

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


def place(conversation: Conversation) -> tuple[int, int, str]:
    """Which counter row counts this conversation: mailbox, assignee (0: nobody), shelf."""
    return (conversation.mailbox_id, conversation.assignee_id or 0, str(conversation.shelf))


@contextmanager
def changing(conversation_id: int, *, savepoint: bool = True, is_merged: bool = False) -> Iterator[Change]:
    """Hold a conversation under its lock, in a transaction, and save what was changed.

    Inside a transaction of the caller's, who lets every error go through it, `savepoint` may be left out.

    Raises Refused("not_found") when it does not exist, Refused("merged_away", number=…) when it was merged into
    another, unless `is_merged`: that is for what has to do with merging. Counter rows are locked by the last statement alone, in one
    order, so that two changes of different conversations cannot wait for each other.
    """
    with transaction.atomic(savepoint=savepoint):
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [conversation_id])
            row = cursor.fetchone()
        if row is None:
            raise Refused("not_found")
        change = held(row)
        if (number := change.conversation.merged_into_id) is not None and not is_merged:
            raise Refused("merged_away", number=number)
        yield change
        finish(change)


def held(row: Sequence[Any]) -> Change:
    """A change of the conversation whose columns `NAMES` were read, and locked, just now."""
    conversation = Conversation.from_db(DEFAULT_DB_ALIAS, NAMES, row)
    return Change(conversation, place(conversation), columns(conversation))


def finish(change: Change) -> None:
    """Save the conversation, its events and its counters in one statement, and tell the browsers after commit."""
    conversation = change.conversation
    pk, mailbox_id = conversation.pk, conversation.mailbox_id
    _agree(conversation)
    parts = dict(change.written)
    if change.read_by is not None:
        parts["read"] = marking(pk, teammate_id=change.read_by, seq=conversation.seq)
    parts["told"] = journal.recording(change.told, conversation_id=pk, mailbox_id=mailbox_id)
    after = place(conversation)
    if after != change.place_before:
        parts["counted"] = (_COUNT, _steps([(change.place_before, -1), (after, +1)]))
    now = columns(conversation)
    # Something is always set, so that what else was handed over is written also by a change of nothing here.
    changed = [name for name, value in now.items() if value != change.before[name]] or ["seq"]
    _write(parts, changed, [*(now[name] for name in changed), pk])
    if change.told:
        journal.wake("react")
        kinds = ",".join(dict.fromkeys(told.kind for told in change.told))
        journal.nudge({"c": pk, "s": conversation.seq, "k": kinds, "m": mailbox_id})


def _agree(conversation: Conversation) -> None:
    """What follows from the rest: how it was closed goes when it opens, what is closed does not sleep, the shelf."""
    if conversation.is_closed:
        conversation.snoozed_until, conversation.snoozed_by_id = None, None
    else:
        conversation.closed_as, conversation.closed_note = "", ""
    conversation.shelf = conversation.lies_on


def _write(parts: Mapping[str, Written], changed: list[str], values: list[Any]) -> None:
    written = ", ".join(f"{name} as ({sql})" for name, (sql, _) in parts.items())
    assigned = ", ".join(f"{name} = %s" for name in changed)
    taken = [value for _, given in parts.values() for value in given]
    execute_last(
        f"with {written} update conversations_conversation set {assigned} where id = %s",  # noqa: S608
        [*taken, *values],
    )


def columns(conversation: Conversation) -> dict[str, Any]:
    """What stands in the columns `SAVED`."""
    return {name: getattr(conversation, name) for name in SAVED} | {
        "status": str(conversation.status),
        "shelf": str(conversation.shelf),
    }


def _steps(steps: list[tuple[tuple[int, int, str] | None, int]]) -> list[Any]:
    """The steps of the counter rows; they are locked in the order of the rows."""
    return [
        orjson.dumps(
            [{"m": at[0], "a": at[1], "f": at[2], "n": step} for at, step in steps if at is not None]
        ).decode()
    ]
