"""How far somebody has read."""

from __future__ import annotations

from typing import Any

from django.db import connection

_MARK = (
    "insert into conversations_readmark as r (conversation_id, teammate_id, seq)"
    " select %s::bigint, %s::bigint, %s::int{source}"
    " on conflict (conversation_id, teammate_id) do update set seq = excluded.seq where r.seq < excluded.seq"
)
_UNHURRIED = _MARK.format(source=" from (select set_config('synchronous_commit', 'off', true)) as unhurried")

_UNREAD = (
    "insert into conversations_readmark as r (conversation_id, teammate_id, seq)"
    " select id, %s::bigint, message_seq - 1 from conversations_conversation where id = %s"
    " on conflict (conversation_id, teammate_id) do update set seq = excluded.seq"
)


def mark_read(conversation_id: int, *, teammate_id: int, seq: int) -> None:
    """The teammate has read up to `seq`; a mark never goes back.

    Nobody waits for the disk: the newest marks may be lost when the whole machine dies.
    """
    _, values = marking(conversation_id, teammate_id=teammate_id, seq=seq)
    with connection.cursor() as cursor:
        cursor.execute(_UNHURRIED, values)


def marking(conversation_id: int, *, teammate_id: int, seq: int) -> tuple[str, list[Any]]:
    """The same as a statement with its values, for a change that is written anyway and waits for the disk."""
    return _MARK.format(source=""), [conversation_id, teammate_id, seq]


def mark_unread(conversation_id: int, *, teammate_id: int) -> None:
    """The newest message counts as not read by this teammate: the one mark that goes back."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [teammate_id, conversation_id])
