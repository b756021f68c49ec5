"""The inbox list: one prepared statement a folder, walked by keyset along an index."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from . import personal

PAGE = 25


class Row(NamedTuple):
    """One conversation as the list shows it; times are aware."""

    number: int
    subject: str
    snippet: str
    status: str
    at: datetime
    waiting_since: datetime | None
    seq: int
    channel: str
    mailbox_id: int
    mailbox_name: str
    customer_id: int
    customer_name: str
    assignee_id: int | None
    assignee_name: str | None
    is_unread: bool
    priority: int
    snoozed_until: datetime | None
    spam_reason: str
    closed_as: str
    closed_note: str


_COLUMNS = (
    "select c.id, c.subject, c.snippet, c.status, c.last_activity_at, c.waiting_since, c.seq, c.channel,"
    " c.mailbox_id, m.name, c.customer_id, coalesce(nullif(k.name, ''), a.address, ''), c.assignee_id, t.name,"
    " c.message_seq > coalesce(r.seq, 0), c.priority, c.snoozed_until, c.spam_reason, c.closed_as, c.closed_note"
    " from ({picked}) c"
    " join people_mailbox m on m.id = c.mailbox_id"
    " join people_customer k on k.id = c.customer_id"
    " left join people_teammate t on t.id = c.assignee_id"
    " left join lateral (select address from people_customeraddress where customer_id = c.customer_id"
    " order by id limit 1) a on true"
    " left join conversations_readmark r on r.conversation_id = c.id and r.teammate_id = %s"
    " order by c.last_activity_at desc, c.id desc limit %s"
)
_PICKED = (
    "select id, subject, snippet, status, last_activity_at, waiting_since, seq, message_seq, channel, mailbox_id,"
    " customer_id, assignee_id, priority, snoozed_until, spam_reason, closed_as, closed_note"
    " from conversations_conversation"
    " where {where} and (last_activity_at, id) < (%s, %s)"
    " order by last_activity_at desc, id desc limit %s"
)
# One walk per mailbox, merged: an index on (mailbox, time) answers each of them at once.
_PER_MAILBOX = (
    "select p.id, p.subject, p.snippet, p.status, p.last_activity_at, p.waiting_since, p.seq, p.message_seq, p.channel,"
    " p.mailbox_id, p.customer_id, p.assignee_id, p.priority, p.snoozed_until, p.spam_reason, p.closed_as,"
    " p.closed_note from unnest(%s::bigint[]) as box(id) cross join lateral"
    " (select id, subject, snippet, status, last_activity_at, waiting_since, seq, message_seq, channel, mailbox_id,"
    " customer_id, assignee_id, priority, snoozed_until, spam_reason, closed_as, closed_note"
    " from conversations_conversation"
    " where mailbox_id = box.id and {where} and (last_activity_at, id) < (%s, %s)"
    " order by last_activity_at desc, id desc limit %s) p"
)
_WHERE = {
    "mine": "assignee_id = %s and mailbox_id = any(%s) and shelf = 'desk'",
    "unassigned": "assignee_id is null and shelf = 'desk'",
    "all": "shelf = 'desk'",
    "closed": "shelf = 'closed'",
    "snoozed": "shelf = 'snoozed'",
    "spam": "shelf = 'spam'",
    "trash": "shelf = 'trash'",
}
_END = (datetime(9000, 1, 1, tzinfo=UTC), 2**62)


def page(
    folder: str,
    *,
    teammate_id: int,
    mailbox_ids: list[int],
    before: tuple[datetime, int] | None = None,
    size: int = PAGE,
) -> tuple[list[Row], tuple[datetime, int] | None]:
    """One page of a folder and the cursor of the next, None at the end.

    `mailbox_ids` are those the person may see (or the one chosen of them); `before` is the last
    row of the page before. Raises KeyError for a folder that does not exist.
    """
    at, number = before or _END
    if folder in personal.CHOSEN:
        picked = _PICKED.format(where=f"{personal.CHOSEN[folder]} and mailbox_id = any(%s)")
        values: list[Any] = [teammate_id, mailbox_ids, at, number, size + 1]
    elif folder == "mine":
        picked = _PICKED.format(where=_WHERE[folder])
        values = [teammate_id, mailbox_ids, at, number, size + 1]
    else:
        picked = _PER_MAILBOX.format(where=_WHERE[folder])
        values = [mailbox_ids, at, number, size + 1]
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS.format(picked=picked), [*values, teammate_id, size + 1])
        rows = [Row._make(found) for found in cursor.fetchall()]
    if len(rows) <= size:
        return rows, None
    rows = rows[:size]
    return rows, (rows[-1].at, rows[-1].number)


def of_ids(numbers: list[int], *, teammate_id: int) -> list[Row]:
    """The rows of these conversations, newest first; `numbers` are such as the person may see."""
    if not numbers:
        return []
    size = len(numbers)
    picked = _PICKED.format(where="id = any(%s)")
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS.format(picked=picked), [numbers, *_END, size, teammate_id, size])
        return [Row._make(found) for found in cursor.fetchall()]
