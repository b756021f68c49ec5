"""Counting anew, should a counter row ever be off."""

from __future__ import annotations

from django.db import connection, transaction


def recount() -> None:
    """Set every counter row to the truth; changes of conversations wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        # In the way of the shifts of `changing`, which then wait for the commit.
        cursor.execute("lock table conversations_counter in exclusive mode")
        cursor.execute("delete from conversations_counter")
        cursor.execute(
            "insert into conversations_counter (mailbox_id, assignee_id, shelf, number)"
            " select mailbox_id, coalesce(assignee_id, 0), shelf, count(*)"
            " from conversations_conversation group by 1, 2, 3"
        )
