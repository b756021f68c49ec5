"""How far somebody has read."""

from __future__ import annotations

from django.db import connection


def mark_read(conversation_id: int, *, teammate_id: int, seq: int) -> None:
    """The teammate has read up to `seq`; a mark never goes back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into conversations_readmark as r (conversation_id, teammate_id, seq)"
            " values (%s, %s, %s) on conflict (conversation_id, teammate_id)"
            " do update set seq = excluded.seq where r.seq < excluded.seq",
            [conversation_id, teammate_id, seq],
        )
