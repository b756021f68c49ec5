"""Two folders that are everybody's own: conversations where one was named, and those with one's drafts."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

FOLDERS: Final = ("mentions", "drafts")
MOST_COUNTED = 1000

# Each asks for the teammate's id.
CHOSEN: Final = {
    "mentions": (
        "id in (select e.conversation_id from conversations_mention n join conversations_entry e on e.id = n.entry_id"
        " where n.teammate_id = %s and not e.is_withdrawn) and shelf in ('desk', 'snoozed', 'closed')"
    ),
    "drafts": (
        "id in (select d.conversation_id from conversations_draft d where d.teammate_id = %s"
        " and d.conversation_id is not null) and shelf <> 'merged'"
    ),
}
_COUNT = (
    "select count(*) from (select 1 from conversations_conversation where {where}"
    " and mailbox_id = any(%s) limit %s) one"
)
_COUNTS = "select " + ", ".join(f"({_COUNT.format(where=CHOSEN[folder])})" for folder in FOLDERS)


def counts(teammate_id: int, *, mailbox_ids: list[int]) -> dict[str, int]:
    """How many conversations of these mailboxes each holds, up to MOST_COUNTED."""
    values: list[Any] = [teammate_id, mailbox_ids, MOST_COUNTED] * len(FOLDERS)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        return dict(zip(FOLDERS, cursor.fetchone() or (0, 0), strict=True))
