"""Which sessions still stand, and what each may see: one statement for all open streams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

VALID_SESSIONS = """
    select s.session_key, t.id,
           case when t.role in ('owner', 'admin') then array(select m.id from people_mailbox m)
                else array(select a.mailbox_id from people_mailboxaccess a where a.teammate_id = t.id) end
      from people_session s
      join people_teammate t on t.id = s.teammate_id
     where s.session_key = any(%s) and s.expire_date > now() and t.is_active
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """Whose session it is and the ids of the mailboxes that teammate may see."""

    teammate_id: int
    mailbox_ids: frozenset[int]


async def valid_sessions(connection: psycopg.AsyncConnection, keys: Sequence[str]) -> dict[str, Grant]:
    """Return the grant of every session among `keys` that has not expired and whose teammate is active.

    Keys without a standing session are missing from the answer. Raises psycopg.Error.
    """
    cursor = await connection.execute(VALID_SESSIONS, [list(keys)])
    grants: dict[Grant, Grant] = {}  # equal grants are one object: at thousands of streams it matters
    answer: dict[str, Grant] = {}
    for key, teammate_id, mailbox_ids in await cursor.fetchall():
        grant = Grant(teammate_id, frozenset(mailbox_ids))
        answer[key] = grants.setdefault(grant, grant)
    return answer
