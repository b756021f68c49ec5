"""How far somebody has read."""

from __future__ import annotations

from django.db import connection


def mark_read(conversation_id: int, *, teammate_id: int, seq: int) -> None:
    """The teammate has read up to `seq`; a mark never goes back.

    Nobody waits for the disk: the newest marks may be lost when the whole machine dies.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into conversations_readmark as r (conversation_id, teammate_id, seq)"
            " select %s::bigint, %s::bigint, %s::int"
            " from (select set_config('synchronous_commit', 'off', true)) as unhurried"
            " on conflict (conversation_id, teammate_id)"
            " do update set seq = excluded.seq where r.seq < excluded.seq",
            [conversation_id, teammate_id, seq],
        )
