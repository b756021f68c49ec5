"""Holding a conversation to answer it: whether one may, whom the answer reaches, and what was said meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, transaction

from majlis.lib.errors import Refused
from majlis.lib.own import Own
from majlis.people.models import Teammate
from majlis.people.queries import OWN_ADDRESSES

from .changing import NAMES, Change, finish, held

# Whom an answer reaches: those who take part, our own addresses, the customer's, and the one they last wrote from.
_WHO = (
    " array(select case when is_customer then '+' else '-' end || address from conversations_participant"  # noqa: S608
    "  where conversation_id = c.id order by id),"
    f" {OWN_ADDRESSES},"
    " array(select address from people_customeraddress where customer_id = c.customer_id),"
    " (select from_address from conversations_entry where conversation_id = c.id and kind = 'message'"
    "  and customer_id = c.customer_id and from_address <> '' order by seq desc limit 1)"
)
# One statement holds the conversation and reads all there is to know. Should the lock have had to wait, what it read
# beside the row is of before the wait: then the seq it saw is not the row's, and it is asked again.
HOLD = (
    f"select {', '.join(f'c.{name}' for name in NAMES)},"  # noqa: S608
    " (select seq from conversations_conversation where id = c.id) as seen_seq,"
    " nextval('conversations_entry_id_seq'),"
    " m.address, t.name,"
    " (select id from conversations_entry where teammate_id = %s and submission_key = %s),"
    " (select max(seq) from conversations_entry where conversation_id = c.id and seq > %s"
    "  and not is_withdrawn and kind <> 'auto' and teammate_id is distinct from %s),"
    f"{_WHO}"
    " from conversations_conversation c join people_mailbox m on m.id = c.mailbox_id"
    " left join people_teammate t on t.id = c.assignee_id"
    " where c.id = %s and c.mailbox_id = any(%s::bigint[]) for update of c"
)


@dataclass(slots=True)
class Held:
    """A conversation held for an answer.

    `entry_id` is the id the answer will have, `address` the mailbox's own. `posted_id` is the entry that this
    submission made before. `newer_seq` is the seq of the last thing that somebody else wrote after the writer looked.
    `to` and `cc` are the addresses an answer goes to; empty when the customer has none here.
    """

    change: Change
    entry_id: int
    address: str
    posted_id: int | None
    newer_seq: int | None
    to: list[str]
    cc: list[str]


@contextmanager
def answering(
    conversation_id: int,
    *,
    teammate: Teammate,
    mailbox_ids: Sequence[int],
    submission_key: UUID,
    seen_seq: int,
) -> Iterator[Held]:
    """Hold a conversation like `changing` does, with what an answer needs to know.

    Raises Refused("not_found") when it lies in none of these mailboxes.
    """
    mine = [teammate.pk, submission_key, seen_seq, teammate.pk]
    asked = [*mine, conversation_id, f"{{{','.join(map(str, mailbox_ids))}}}"]
    with transaction.atomic():
        with connection.cursor() as cursor:
            row = _asked(cursor, asked)
            if row is not None and row[len(NAMES)] != row[NAMES.index("seq")]:
                row = _asked(cursor, asked)
        if row is None:
            raise Refused("not_found")
        found = _held(row)
        if (number := found.change.conversation.merged_into_id) is not None:
            raise Refused("merged_away", number=number)
        yield found
        finish(found.change)


def _asked(cursor: Any, values: list[Any]) -> tuple[Any, ...] | None:
    cursor.execute(HOLD, values)
    found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def _held(row: tuple[Any, ...]) -> Held:
    change = held(row[: len(NAMES)])
    _, entry_id, address, assignee_name, posted_id, newer_seq, *who = row[len(NAMES) :]
    conversation = change.conversation
    if conversation.assignee_id is not None:
        known = (conversation.assignee_id, assignee_name)
        conversation.assignee = Teammate.from_db(DEFAULT_DB_ALIAS, ["id", "name"], known)
    to, cc = _recipients(*who)
    return Held(change, entry_id, address, posted_id, newer_seq, to, cc)


def recipients_of(conversation_id: int) -> tuple[list[str], list[str]]:
    """To and CC of an answer as it would go now; empty when the customer has no address."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {_WHO} from conversations_conversation c where c.id = %s", [conversation_id])  # noqa: S608
        row = cursor.fetchone()
    return _recipients(*row) if row else ([], [])


def _recipients(
    taking_part: list[str], own: list[str], theirs: list[str], last: str | None
) -> tuple[list[str], list[str]]:
    """To: the address the customer last wrote from. Copies: the others who take part, but for our own mailboxes
    and the customer's other addresses. Those who take part are marked, `+` for the customer and `-` for others."""
    to = last or next((one[1:] for one in taking_part if one[0] == "+"), "")
    if not to:
        return [], []
    skipped, ours = {*theirs, to.lower()}, Own(own)
    others = [one[1:] for one in taking_part if one[1:] and one[1:].lower() not in skipped]
    copies = [one for one in others if one not in ours]
    return [to], list(dict.fromkeys(copies))
