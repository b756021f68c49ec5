"""An entry and the ids it is known by, written in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection

from majlis.conversations.models import Entry

from .changing import Change

_NAMES = [field.attname for field in Entry._meta.concrete_fields if field.attname != "id"]
_JSON = ("to", "cc", "bcc", "details")
_COLUMNS = ", ".join(f'"{name}"' for name in _NAMES)
_PLACES = ", ".join("%s::jsonb" if name in _JSON else "%s" for name in _NAMES)
_ENTER = f"insert into conversations_entry ({_COLUMNS}) values ({_PLACES}) returning id"  # noqa: S608
_ENTER_WITH_IDS = (
    f"with entered as ({_ENTER}), ids as ("  # noqa: S608
    "insert into conversations_messageid (mailbox_id, conversation_id, entry_id, value, is_own)"
    " select %s::bigint, %s::bigint, entered.id, t.value, t.is_own"
    " from entered, unnest(%s::text[], %s::bool[]) with ordinality as t(value, is_own, place) order by t.place)"
    " select id from entered"
)
_WRITE = f"insert into conversations_entry (id, {_COLUMNS}) values (%s, {{places}})"  # noqa: S608
_EMPTY = {None: "null", False: "false", "": "''"}
_WRITE_ID = (
    "insert into conversations_messageid (mailbox_id, conversation_id, entry_id, value, is_own)"
    " values (%s, %s, %s, %s, true)"
)


def enter(entry: Entry, *, references: Sequence[str] = ()) -> Entry:
    """Write a new entry; later mail may name its own Message-ID, if it has one, and the ids in `references`."""
    ids: dict[str, bool] = _ids(entry.message_id, references)
    with connection.cursor() as cursor:
        if ids:
            mine: list[Any] = [entry.mailbox_id, entry.conversation_id, list(ids), list(ids.values())]
            cursor.execute(_ENTER_WITH_IDS, [*_values(entry), *mine])
        else:
            cursor.execute(_ENTER, _values(entry))
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


def _ids(own: str, references: Sequence[str]) -> dict[str, bool]:
    ids = {value: False for value in references if value}
    if own:
        ids[own] = True
    return ids
