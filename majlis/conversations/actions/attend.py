"""Attention: from when to when a teammate had a conversation open, in focus and in use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from majlis.people.models import Teammate

LOCK = 7104
LONGEST = timedelta(days=1)

# The stretches of one person never overlap: nobody looks at two pages at once, but clocks and networks are not exact.
# A new one begins where the last ended at the earliest; one that is known grows no further than where the next began.
_ATTEND = """
with stretch as (
  select c.id, now() - %(until)s as ended_at, greatest(now() - %(since)s, (select max(o.ended_at)
    from conversations_attention o where o.teammate_id = %(teammate)s and o.ended_at > now() - %(since)s
    and not exists (select from conversations_attention where key = %(key)s))) as started_at
  from conversations_conversation c where c.id = %(number)s and c.mailbox_id = any(%(mailboxes)s))
insert into conversations_attention as a (conversation_id, teammate_id, key, started_at, ended_at)
select id, %(teammate)s, %(key)s, started_at, ended_at from stretch where ended_at > started_at
on conflict (key) do update set ended_at = least(excluded.ended_at, (select min(o.started_at)
  from conversations_attention o
  where o.teammate_id = a.teammate_id and o.key <> a.key and o.ended_at > a.ended_at))
where a.teammate_id = excluded.teammate_id and a.conversation_id = excluded.conversation_id
  and a.ended_at < excluded.ended_at
"""


def attend(
    teammate: Teammate,
    number: int,
    *,
    key: UUID,
    since: timedelta,
    until: timedelta,
    mailbox_ids: Sequence[int],
) -> None:
    """The teammate attended to conversation `number` from `since` ago until `until` ago.

    Said again under the same key, the stretch grows to its new end and is never a second one. Written without waiting
    for the disk: the newest may be lost when the whole machine dies. A conversation outside `mailbox_ids` is left out.
    """
    since = min(max(since, timedelta(0)), LONGEST)
    until = min(max(until, timedelta(0)), since)
    given: dict[str, Any] = {
        "teammate": teammate.pk,
        "number": number,
        "key": key,
        "since": since,
        "until": until,
    }
    given["mailboxes"] = list(mailbox_ids)
    with transaction.atomic(), connection.cursor() as cursor:
        # Two tabs may say the end of one and the beginning of the next at once; the second then sees the first.
        cursor.execute(
            "select pg_advisory_xact_lock(%s, %s::int), set_config('synchronous_commit', 'off', true)",
            [LOCK, teammate.pk % 2**31],
        )
        cursor.execute(_ATTEND, given)
