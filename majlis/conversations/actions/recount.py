"""Counting anew, should a counter row ever be off."""

from __future__ import annotations

from django.db import connection, transaction

# `Conversation.lies_on`, in the database's words.
_SHELF = (
    "case when merged_into_id is not null then 'merged' when deleted_at is not null then 'trash'"
    " when is_spam then 'spam' when status = 'closed' then 'closed'"
    " when snoozed_until is not null then 'snoozed' else 'desk' end"
)


def recount() -> None:
    """Set every shelf, then every counter row to the truth; changes of conversations wait meanwhile."""
    with connection.cursor() as cursor:
        # By itself, before the counters are locked: a change holds its conversation while it waits for those.
        cursor.execute(f"update conversations_conversation set shelf = {_SHELF} where shelf <> {_SHELF}")  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        # In the way of the shifts of `changing`, which then wait for the commit.
        cursor.execute("lock table conversations_counter in exclusive mode")
        cursor.execute("delete from conversations_counter")
        cursor.execute(
            "insert into conversations_counter (mailbox_id, assignee_id, shelf, number)"
            " select mailbox_id, coalesce(assignee_id, 0), shelf, count(*)"
            " from conversations_conversation group by 1, 2, 3"
        )
