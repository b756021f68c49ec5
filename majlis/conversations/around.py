"""What stands around every list of conversations, by one statement: mailboxes, counters, one's own folders, views."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from majlis.people import queries as people
from majlis.people.models import Teammate

from . import personal
from .models import Shelf
from .queries import FolderCounts


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox the reader may see."""

    pk: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept search the reader sees."""

    pk: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Around:
    """`counted` is (mailbox id, shelf, all, of nobody, of the reader); `own` the counts of `personal.FOLDERS`."""

    mailboxes: list[Box]
    counted: list[tuple[int, str, int, int, int]]
    own: dict[str, int]
    views: list[Kept]

    def counts(self, mailbox_id: int | None = None) -> FolderCounts:
        """What each folder holds, of one mailbox or of all."""
        mine = unassigned = 0
        shelves: dict[str, int] = defaultdict(int)
        by_mailbox: dict[int, int] = {}
        for counted_id, shelf, number, of_nobody, own in self.counted:
            if mailbox_id is not None and counted_id != mailbox_id:
                continue
            shelves[shelf] += number
            if shelf == Shelf.DESK:
                by_mailbox[counted_id] = number
                unassigned += of_nobody
                mine += own
        return FolderCounts(
            mine=mine,
            unassigned=unassigned,
            all=shelves[Shelf.DESK],
            closed=shelves[Shelf.CLOSED],
            snoozed=shelves[Shelf.SNOOZED],
            spam=shelves[Shelf.SPAM],
            trash=shelves[Shelf.TRASH],
            by_mailbox=by_mailbox,
        )


# What it asks for has names, so that each goes along once.
_BOXES = (
    "select coalesce(json_agg(json_build_array(id, name, address) order by id), '[]')::text"
    " from people_mailbox where id = any(%(ids)s)"
)
_COUNTED = (
    "select coalesce(json_agg(json_build_array(mailbox_id, shelf, number, of_nobody, own)), '[]')::text"
    " from (select mailbox_id, shelf, sum(number) as number,"
    " coalesce(sum(number) filter (where assignee_id = 0), 0) as of_nobody,"
    " coalesce(sum(number) filter (where assignee_id = %(reader)s), 0) as own"
    " from conversations_counter where mailbox_id = any(%(ids)s) group by 1, 2) counted"
)
_VIEWS = (
    "select coalesce(json_agg(json_build_array(id, name, query) order by owner_id nulls first, name, id), '[]')::text"
    " from conversations_view where owner_id = %(reader)s or owner_id is null"
)
_AROUND = f"select ({_BOXES}), ({_COUNTED}), ({_VIEWS}), {personal.COUNTED}"


def around(teammate: Teammate) -> Around:
    """What this teammate's lists stand in."""
    asked: dict[str, Any] = {"ids": people.mailbox_ids_visible_to(teammate), "reader": teammate.pk}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, asked)
        found = cursor.fetchone()
    assert found is not None
    boxes, counted, views, *own = found
    return Around(
        mailboxes=[Box(*box) for box in orjson.loads(boxes)],
        counted=[(box, shelf, *numbers) for box, shelf, *numbers in orjson.loads(counted)],
        own=dict(zip(personal.FOLDERS, own, strict=True)),
        views=[Kept(*view) for view in orjson.loads(views)],
    )
