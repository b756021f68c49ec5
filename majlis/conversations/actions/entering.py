"""An entry, the ids it is known by and the words it is found by, written in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from majlis.conversations.models import Entry, EntryKind

from . import words
from .changing import Change

_NAMES = [field.attname for field in Entry._meta.concrete_fields if field.attname != "id"]
_JSON = ("to", "cc", "bcc", "details")
_COLUMNS = ", ".join(f'"{name}"' for name in _NAMES)
_PLACES = ", ".join("%s::jsonb" if name in _JSON else "%s" for name in _NAMES)
_ENTER = f"insert into conversations_entry ({_COLUMNS}) values ({_PLACES}) returning id"  # noqa: S608
_ENTER_WITH_WORDS = (
    f"with entered as ({_ENTER}), worded as ("  # noqa: S608
    "insert into conversations_entrywords (entry_id, conversation_id, mailbox_id, words)"
    " select id, %s::bigint, %s::bigint, array_to_tsvector(%s::text[]) from entered){ids}"
    " select id from entered"
)
_IDS = (
    ", ids as ("
    "insert into conversations_messageid (mailbox_id, conversation_id, entry_id, value, is_own)"
    " select %s::bigint, %s::bigint, entered.id, t.value, t.is_own"
    " from entered, unnest(%s::text[], %s::bool[]) with ordinality as t(value, is_own, place) order by t.place)"
)
_ENTER_ALONE, _ENTER_WITH_IDS = _ENTER_WITH_WORDS.format(ids=""), _ENTER_WITH_WORDS.format(ids=_IDS)
_WRITE = f"insert into conversations_entry (id, {_COLUMNS}) values (%s, {{places}})"  # noqa: S608
_EMPTY = {None: "null", False: "false", "": "''"}
_WRITE_WORDS = (
    "insert into conversations_entrywords (entry_id, conversation_id, mailbox_id, words)"
    " values (%s, %s, %s, array_to_tsvector(%s::text[]))"
)
_WRITE_ID = (
    "insert into conversations_messageid (mailbox_id, conversation_id, entry_id, value, is_own)"
    " values (%s, %s, %s, %s, true)"
)


def enter(entry: Entry, *, references: Sequence[str] = ()) -> Entry:
    """Write a new entry; later mail may name its own Message-ID, if it has one, and the ids in `references`."""
    ids: dict[str, bool] = _ids(entry.message_id, references)
    values = [*_values(entry), *_worded(entry, is_first=entry.seq == 1)]
    with connection.cursor() as cursor:
        if ids:
            mine: list[Any] = [entry.mailbox_id, entry.conversation_id, list(ids), list(ids.values())]
            cursor.execute(_ENTER_WITH_IDS, [*values, *mine])
        else:
            cursor.execute(_ENTER_ALONE, values)
        (entry.pk,) = cursor.fetchone()
    entry._state.adding = False
    return entry


def enter_at_end(change: Change, entry: Entry) -> Entry:
    """The same for an entry whose id was taken beforehand: it is written together with the end of the change."""
    given, places = [], []
    for name, value in zip(_NAMES, _values(entry), strict=True):
        # Half of the columns say nothing: they stand in the text, so that the driver can keep it.
        is_empty = value is None or value is False or value == ""
        places.append(_EMPTY[value] if is_empty else "%s::jsonb" if name in _JSON else "%s")
        given += [] if is_empty else [value]
    change.write("entered", _WRITE.format(places=", ".join(places)), [entry.pk, *given])
    if entry.kind != EntryKind.AUTO:  # what the desk says by itself everywhere finds nothing
        # What begins a conversation may be told before it is said: then its first entry is not the first number.
        is_first = entry.seq == 1 or change.place_before is None
        change.write("worded", _WRITE_WORDS, [entry.pk, *_worded(entry, is_first=is_first)])
    if entry.message_id:
        mine = [entry.mailbox_id, entry.conversation_id, entry.pk, entry.message_id]
        change.write("named", _WRITE_ID, mine)
    entry._state.adding = False
    return entry


def _values(entry: Entry) -> list[Any]:
    values: list[Any] = [
        orjson.dumps(value).decode() if name in _JSON and value is not None else value
        for name in _NAMES
        for value in (getattr(entry, name),)
    ]
    values[_NAMES.index("kind")] = str(entry.kind)
    return values


def _worded(entry: Entry, *, is_first: bool) -> list[Any]:
    return [entry.conversation_id, entry.conversation.mailbox_id, words.of_new(entry, is_first=is_first)]


def _ids(own: str, references: Sequence[str]) -> dict[str, bool]:
    ids = {value: False for value in references if value}
    if own:
        ids[own] = True
    return ids
