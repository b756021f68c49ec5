"""Entries and lines of the journal go from one conversation to another, with all that hangs on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from majlis.conversations.models import Conversation, Entry, EntryKind
from majlis.journal import actions as journal
from majlis.people.actions.renotify import renotify

from .receive import snippet

# What is said and what is told of it stand at the same seq.
_UNITS = (
    "select seq, min(at), array_agg(entry_id) filter (where entry_id is not null),"
    " array_agg(event_id) filter (where event_id is not null) from ("
    "  select seq, created_at as at, id as entry_id, null::bigint as event_id"
    "  from conversations_entry where conversation_id = %s"
    "  union all select seq, at, null, id from journal_event where conversation_id = %s and seq is not null"
    ") lines group by seq order by seq"
)
_PUT = (
    "update conversations_entry e set conversation_id = %s, seq = t.seq, changed_seq = greatest(t.seq, %s)"
    " from unnest(%s::bigint[], %s::int[]) as t(id, seq) where e.id = t.id"
)
_IDS = "update conversations_messageid set conversation_id = %s where entry_id = any(%s::bigint[])"
_WORDS = "update conversations_entrywords set conversation_id = %s, mailbox_id = %s where entry_id = any(%s::bigint[])"
_ASKED = "update conversations_question set conversation_id = %s where entry_id = any(%s::bigint[])"

Unit = tuple[int, datetime, list[int], list[int]]  # seq, time, entries, events


def units(conversation_id: int) -> list[Unit]:
    """What stands in a conversation, by seq."""
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, [conversation_id, conversation_id])
        return [(seq, at, entries or [], events or []) for seq, at, entries, events in cursor.fetchall()]


def put(
    entries: Mapping[int, int], events: Mapping[int, int], *, into: Conversation, changed: int = 0
) -> None:
    """Give entries and events (id: seq) their places in the conversation `into`, which is held.

    Their message ids, stems, questions and notifications go along; the mailbox that an entry came in by stays its own.
    `changed` is the least number their change counts as. No seq may be taken there.
    """
    ids = list(entries)
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [into.pk, changed, ids, list(entries.values())])
        cursor.execute(_IDS, [into.pk, ids])
        cursor.execute(_WORDS, [into.pk, into.mailbox_id, ids])
        cursor.execute(_ASKED, [into.pk, ids])
    journal.move(events, conversation_id=into.pk, mailbox_id=into.mailbox_id)
    renotify(ids, conversation_id=into.pk, mailbox_id=into.mailbox_id)


def retell(conversation: Conversation) -> None:
    """Set what follows from the entries that stand there now: the snippet, and how far customers wrote."""
    said = Entry.objects.filter(conversation=conversation, is_withdrawn=False)
    last = said.exclude(kind__in=(EntryKind.NOTE, EntryKind.AUTO)).order_by("-seq").first()
    conversation.snippet = snippet(last.text) if last else ""
    written = said.filter(kind=EntryKind.MESSAGE, is_historic=False).order_by("-seq")
    conversation.message_seq = written.values_list("seq", flat=True).first() or 0
