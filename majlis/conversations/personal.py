"""Two folders that are everybody's own: conversations where one was named, and one's drafts."""

from __future__ import annotations

from typing import Final

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
    "select count(*) from (select 1 from conversations_conversation where {where}"  # noqa: S608
    f" and mailbox_id = any(%(ids)s) limit {MOST_COUNTED}) one"
)
_BEGINNINGS = (
    "select count(*) from conversations_beginning where teammate_id = %(reader)s and thrown_at is null"
)
# The counts of both, each up to MOST_COUNTED, as two columns of a statement; it asks for `reader`, whose folders they
# are, and for `ids`, the mailboxes they may see.
COUNTED: Final = (
    ", ".join(f"({_COUNT.format(where=CHOSEN[folder].replace('%s', '%(reader)s'))})" for folder in FOLDERS)
    + f" + ({_BEGINNINGS})"
)
