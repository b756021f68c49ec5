"""Who is at which conversation just now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.db import connection

from majlis.people.models import Teammate

# A page says that it is still there every 30 s; the sweep comes every 5 s: whoever fell silent is gone within 45 s.
FRESH = timedelta(seconds=38)
DOING = ("read", "note", "reply")  # what weighs more comes later
NOW_MS = "(extract(epoch from clock_timestamp()) * 1000)::bigint"

_OTHERS = f"""
select {NOW_MS}, coalesce(jsonb_agg(jsonb_build_array(conversation_id, teammate_id, name, doing)
  order by conversation_id, teammate_id), '[]')
from (select p.conversation_id, p.teammate_id, t.name,
    (%s::text[])[max(array_position(%s::text[], p.doing::text))] as doing
  from conversations_presence p join people_teammate t on t.id = p.teammate_id and t.is_active
  where p.mailbox_id = any(%s) and p.teammate_id <> %s and p.seen_at > now() - %s group by 1, 2, 3) as somebody
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague is at a conversation; `doing` is one of DOING."""

    number: int
    teammate_id: int
    name: str
    doing: str


def others(teammate: Teammate, *, mailbox_ids: Sequence[int]) -> tuple[int, list[Present]]:
    """The moment (ms since 1970), and who else was at the conversations of these mailboxes then."""
    values: list[Any] = [list(DOING), list(DOING), list(mailbox_ids), teammate.pk, FRESH]
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, values)
        at, found = cursor.fetchone()
    return at, [Present(*one) for one in orjson.loads(found)]
