"""A conversation as its page shows it, with how its replies stand: the head in one statement, entries in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import orjson
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from majlis.channels.models import Delivery
from majlis.conversations.models import Attachment, Conversation, Entry
from majlis.people.models import Customer, Mailbox, Teammate

_CONVERSATION = [field.attname for field in Conversation._meta.concrete_fields]
_MAILBOX = ["id", "name", "address"]
_CUSTOMER = ["id", "name", "language"]
_TEAMMATE = ["id", "name", "picture_id"]
_ENTRY = [
    name
    for field in Entry._meta.concrete_fields
    if (name := field.attname) not in ("html", "to", "cc", "bcc")
]
_DELIVERY = ["id", "entry_id", "state", "due_at", "attempts", "claimed_at", "why"]


def _columns(alias: str, names: Sequence[str]) -> str:
    return ", ".join(f'{alias}."{name}"' for name in names)


_HEAD = (
    f"select {_columns('c', _CONVERSATION)}, {_columns('m', _MAILBOX)},"  # noqa: S608
    f" {_columns('k', _CUSTOMER)}, {_columns('t', _TEAMMATE)},"
    " coalesce((select p.address from conversations_participant p"
    "  where p.conversation_id = c.id and p.is_customer order by p.id limit 1), ''),"
    " exists (select from conversations_conversationtag g where g.conversation_id = c.id),"
    " exists (select from conversations_entry e join conversations_entry o on o.message_key = e.message_key"
    "  where e.conversation_id = c.id and o.conversation_id <> c.id),"
    " coalesce((select name from people_team where id = c.team_id), ''),"
    " coalesce((select name from conversations_topic where id = c.topic_id), ''),"
    " coalesce((select name from people_teammate where id = c.snoozed_by_id), ''),"
    " exists (select from conversations_follower f where f.conversation_id = c.id and f.teammate_id = %s),"
    " exists (select from people_notification n"
    "  where n.teammate_id = %s and n.conversation_id = c.id and n.read_at is null),"
    " exists (select from channels_channelrule r where r.mailbox_id = c.mailbox_id)"
    " from conversations_conversation c"
    " join people_mailbox m on m.id = c.mailbox_id"
    " join people_customer k on k.id = c.customer_id"
    " left join people_teammate t on t.id = c.assignee_id"
    " where c.id = %s and c.mailbox_id = any(%s::bigint[])"
)
_ENTRIES = (
    f"select {_columns('e', _ENTRY)}, {_columns('t', _TEAMMATE)}, {_columns('k', _CUSTOMER)},"  # noqa: S608
    f" {_columns('d', _DELIVERY)}, length(e.html), case when e.kind in ('reply', 'note', 'forward') then e.html end,"
    " exists (select from conversations_attachment a where a.entry_id = e.id)"
    " from conversations_entry e"
    " left join people_teammate t on t.id = e.teammate_id"
    " left join people_customer k on k.id = e.customer_id"
    " left join channels_delivery d on d.entry_id = e.id"
    " where e.conversation_id = %s and e.changed_seq > %s and (not e.is_withdrawn or %s > 0) order by e.seq"
)
_M = TypeVar("_M", bound=Model)


@dataclass(frozen=True, slots=True)
class Head:
    """A conversation with its mailbox, customer and assignee, of whom only what is shown is loaded.

    `address` is the one the customer writes from here. `is_linked` claims that one of its messages came to another
    conversation too, whether or not the reader may see that; `has_notices` that the reader was told of it and did not
    read that. `has_rule`: its mailbox is for some customers alone.
    """

    conversation: Conversation
    address: str
    has_tags: bool
    is_linked: bool
    team_name: str
    topic_name: str
    snoozer: str
    is_followed: bool
    has_notices: bool
    has_rule: bool


def head(number: int, *, mailbox_ids: Sequence[int], reader_id: int = 0) -> Head | None:
    """The head of a conversation in one of these mailboxes (those that the reader may see), else None."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [reader_id, reader_id, number, list(mailbox_ids)])
        row = cursor.fetchone()
    if row is None:
        return None
    row = list(row)
    conversation = Conversation.from_db(DEFAULT_DB_ALIAS, _CONVERSATION, _cut(row, _CONVERSATION))
    mailbox, customer = _taken(Mailbox, _MAILBOX, row), _taken(Customer, _CUSTOMER, row)
    assert mailbox is not None
    assert customer is not None
    conversation.mailbox, conversation.customer = mailbox, customer
    conversation.assignee = _taken(Teammate, _TEAMMATE, row)
    return Head(conversation, *row)


def entries(conversation_id: int, *, seq: int = 0) -> list[Entry]:
    """The entries made or changed after `seq`, in their order, with what a page shows of them.

    Withdrawn ones are among them when they changed after `seq`, so that a page takes them away. Of the HTML only
    its length is loaded (`html_length`).
    """
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [conversation_id, seq, seq])
        rows = [list(row) for row in cursor.fetchall()]
    found, attached = [], []
    for row in rows:
        entry = Entry.from_db(DEFAULT_DB_ALIAS, _ENTRY, _cut(row, _ENTRY))
        entry.teammate = _taken(Teammate, _TEAMMATE, row)
        entry.customer = _taken(Customer, _CUSTOMER, row)
        entry._state.fields_cache["delivery"] = _taken(Delivery, _DELIVERY, row)
        length, written, has_files = row
        entry.html_length = length  # type: ignore[attr-defined]
        if written is not None:
            entry.html = written
        if isinstance(entry.details, str):  # as the driver hands it over
            entry.details = orjson.loads(entry.details)
        if has_files:
            attached.append(entry)
        else:
            know_no_files(entry)
        found.append(entry)
    if attached:
        files = Attachment.objects.select_related("file", "shared").order_by("pk")
        prefetch_related_objects(attached, Prefetch("attachments", files))
    return found


def know_no_files(entry: Entry) -> None:
    """Nobody needs to ask whether this entry has files."""
    entry._prefetched_objects_cache = {"attachments": _nothing()}  # type: ignore[attr-defined]


@cache
def _nothing() -> QuerySet[Attachment]:
    nothing = Attachment.objects.none()
    nothing._result_cache = []  # even for nothing a statement would be composed
    return nothing


def _cut(row: list[Any], names: Sequence[str]) -> list[Any]:
    """The values of these columns, taken off the beginning of `row`."""
    values, row[:] = row[: len(names)], row[len(names) :]
    return values


def _taken(model: type[_M], names: Sequence[str], row: list[Any]) -> _M | None:
    """The object whose columns come next in `row`, None where a left join found nothing."""
    values = _cut(row, names)
    return None if values[0] is None else model.from_db(DEFAULT_DB_ALIAS, names, values)
