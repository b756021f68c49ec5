"""The words an entry is found by, written with it; and those of entries that have none yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import connection, transaction

from majlis.conversations.models import Entry
from majlis.lib.stems import AUTHOR, stems

BATCH = 500
# An id is taken before its row is committed: so far behind the last one seen we look again.
BEHIND = 5_000

_MISSING = (
    "select e.id, e.text || e.signature, e.from_name, e.from_address,"
    " case when e.seq = (select min(seq) from conversations_entry where conversation_id = e.conversation_id)"
    " then coalesce(nullif(e.subject, ''), c.subject) else '' end, e.details"
    " from conversations_entry e join conversations_conversation c on c.id = e.conversation_id"
    " where e.id > %s and e.id <= %s and not e.is_withdrawn and e.kind <> 'auto' {missing} order by e.id limit %s"
)
_WITHOUT = "and not exists (select from conversations_entrywords w where w.entry_id = e.id)"
_FILL = (
    "insert into conversations_entrywords (entry_id, conversation_id, mailbox_id, words)"
    " select e.id, c.id, c.mailbox_id, array_to_tsvector(%s::text[])"
    " from conversations_entry e join conversations_conversation c on c.id = e.conversation_id"
    " where e.id = %s and not e.is_withdrawn"
    " on conflict (entry_id) do update set words = excluded.words, conversation_id = excluded.conversation_id,"
    " mailbox_id = excluded.mailbox_id"
)


def words(text: str, *, name: str = "", address: str = "", subject: str = "") -> list[str]:
    """The stems of an entry: what it says, who wrote it (once among the words, once marked), the subject."""
    who = stems(f"{name} {address}") if address else stems(name)
    marked = [AUTHOR + stem for stem in who]
    said = stems(f"{subject}\n{text}" if subject else text)
    return list(dict.fromkeys([*said, *who, *marked]))


def of_new(entry: Entry, *, is_first: bool) -> list[str]:
    """The stems of an entry about to be written; with the first one goes the subject."""
    subject = entry.subject or entry.conversation.subject if is_first else ""
    return words(
        f"{entry.text}{entry.signature}",
        name=entry.from_name,
        address=entry.from_address,
        subject=f"{subject}{brought(entry.details)}",
    )


def brought(details: Mapping[str, Any] | None) -> str:
    """The desk a conversation was brought from and its number there: it is found by them, and by them together."""
    said = (details or {}).get("brought")
    return f"\n{said['from']} {said['number']} {said['from']}-{said['number']}" if said else ""


def forget(entry_ids: Sequence[int]) -> None:
    """Entries that were taken back are found no more."""
    with connection.cursor() as cursor:
        cursor.execute("delete from conversations_entrywords where entry_id = any(%s)", [list(entry_ids)])


def refresh(entry_ids: Sequence[int]) -> None:
    """Write the words of entries anew, whose text or place changed."""
    for entry_id in entry_ids:
        fill(after=entry_id - 1, until=entry_id, is_anew=True)


def fill(*, after: int, until: int = 2**62, is_anew: bool = False, batch: int = BATCH) -> tuple[int, int]:
    """Write the words of a batch of entries above the id `after`: of those without, or, `is_anew`, of all.

    Returns the last id and how many there were; none are left when there were fewer than `batch`.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        missing = "" if is_anew else _WITHOUT
        cursor.execute(_MISSING.format(missing=missing), [after, until, batch])
        found: list[tuple[Any, ...]] = cursor.fetchall()
        for entry_id, text, name, address, subject, details in found:
            named = f"{subject}{brought(orjson.loads(details) if isinstance(details, str) else details)}"
            cursor.execute(_FILL, [words(text, name=name, address=address, subject=named), entry_id])
    return (found[-1][0] if found else after), len(found)


class Backfill:
    """What the worker does now and then: entries that came without words get theirs.

    The first round looks at all, in batches; later ones at what came since, and a little behind.
    """

    def __init__(self) -> None:
        self.after = 0

    def run(self) -> int:
        """One round, to its end; returns how many entries got words."""
        done = 0
        while True:
            last, number = fill(after=self.after)
            self.after, done = last, done + number
            if number < BATCH:
                break
        with connection.cursor() as cursor:
            cursor.execute("select coalesce(max(id), 0) from conversations_entry")
            self.after = max(0, cursor.fetchone()[0] - BEHIND)
        return done
