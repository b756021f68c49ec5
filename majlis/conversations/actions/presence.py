"""A tab says where its teammate is and what they do there: told to the browsers when it changes, else only kept.

The rows are one a tab, in a table without a log. Several tabs of one person are one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from majlis.conversations.presence import DOING, FRESH, NOW_MS
from majlis.journal.actions import nudge
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

# What a tab says may overtake what it said before: `beat` tells which came later. Where nobody else works there is
# nobody to tell but who visits by chat, and nothing else is written. A row that fell silent was perhaps forgotten by the pages: it counts as changed.
_BE_AT = f"""
with place as (
  select id, mailbox_id, channel = 'chat' as is_chat from conversations_conversation where id = %(number)s and mailbox_id = any(%(mailboxes)s)),
before as (
  select tab, conversation_id, mailbox_id, case when seen_at > now() - %(fresh)s then doing else 'silent' end as doing
  from conversations_presence where teammate_id = %(teammate)s and conversation_id is not null
    and (seen_at > now() - %(fresh)s or tab = %(tab)s)),
written as (
  insert into conversations_presence as p (tab, teammate_id, conversation_id, mailbox_id, doing, beat, seen_at)
  select %(tab)s, %(teammate)s::bigint, place.id, place.mailbox_id, %(doing)s, %(beat)s::bigint, now()
  from (values (1)) as one left join place on true
  where exists (select from people_teammate where id <> %(teammate)s and is_active)
    or exists (select from place where is_chat)
  on conflict (tab) do update set conversation_id = excluded.conversation_id, mailbox_id = excluded.mailbox_id,
    doing = excluded.doing, beat = excluded.beat, seen_at = excluded.seen_at
  where p.teammate_id = excluded.teammate_id and p.beat < excluded.beat
  returning tab, conversation_id, mailbox_id, doing, {NOW_MS} as at)
select 'before' as side, tab, conversation_id, mailbox_id, doing, 0 as at from before
union all select 'written', tab, conversation_id, mailbox_id, doing, at from written
union all select 'place', null, id, mailbox_id, '', 0 from place
"""  # noqa: S608
_SWEEP = f"""
with gone as (
  delete from conversations_presence where seen_at < now() - %(fresh)s
  returning teammate_id, conversation_id, mailbox_id)
select distinct teammate_id, conversation_id, mailbox_id, {NOW_MS} from gone g
where conversation_id is not null and not exists (select from conversations_presence p
  where p.teammate_id = g.teammate_id and p.conversation_id = g.conversation_id and p.seen_at >= now() - %(fresh)s)
"""  # noqa: S608
_WEIGHT = ("silent", *DOING)


@dataclass(frozen=True, slots=True)
class _Tab:
    """What one tab of the teammate shows: a conversation of a mailbox, and what they do there."""

    tab: UUID
    conversation_id: int
    mailbox_id: int
    doing: str


def be_at(
    teammate: Teammate, number: int, *, tab: UUID, doing: str, beat: int, mailbox_ids: Sequence[int]
) -> None:
    """This tab of the teammate is at conversation `number` (0: at none), and reads it, or writes a reply or a note.

    `beat` grows with everything a tab says. Colleagues hear of it when it changes what is seen of the person.
    Raises Refused("no_such_doing"), and Refused("not_found") for a conversation outside `mailbox_ids`: then the tab
    is at none.
    """
    if doing not in DOING:
        raise Refused("no_such_doing")
    given: dict[str, Any] = {
        "tab": tab,
        "teammate": teammate.pk,
        "number": number,
        "doing": doing,
        "beat": beat,
    }
    given |= {"mailboxes": list(mailbox_ids), "fresh": FRESH}
    with connection.cursor() as cursor:
        cursor.execute(_BE_AT, given)
        rows = cursor.fetchall()
    before = [_Tab(*row[1:5]) for row in rows if row[0] == "before"]
    for side, key, conversation_id, mailbox_id, done, at in rows:
        if side == "written":
            now = [] if conversation_id is None else [_Tab(key, conversation_id, mailbox_id, done)]
            _tell(teammate, before, [one for one in before if one.tab != tab] + now, at=at)
    if number and all(row[0] != "place" for row in rows):
        raise Refused("not_found")


def sweep() -> int:
    """Forget the tabs that fell silent and tell of whoever is gone with them; how many left."""
    given: dict[str, Any] = {"fresh": FRESH}
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, given)
        rows = cursor.fetchall()
    for teammate_id, number, mailbox_id, at in rows:
        nudge({"k": "presence", "m": mailbox_id, "c": number, "t": teammate_id, "d": "", "v": at})
    return len(rows)


def _tell(teammate: Teammate, before: Iterable[_Tab], after: Iterable[_Tab], *, at: int) -> None:
    was, now = _seen(before), _seen(after)
    for number, mailbox_id in was.keys() | now.keys():
        doing = now.get((number, mailbox_id), "")
        if was.get((number, mailbox_id), "") == doing:
            continue
        told: dict[str, Any] = {
            "k": "presence",
            "m": mailbox_id,
            "c": number,
            "t": teammate.pk,
            "d": doing,
            "v": at,
        }
        nudge({**told, "n": teammate.name} if doing else told)


def _seen(tabs: Iterable[_Tab]) -> dict[tuple[int, int], str]:
    """What others see of the person, by conversation and mailbox: of several tabs, the one that does most."""
    seen: dict[tuple[int, int], str] = {}
    for one in tabs:
        place = (one.conversation_id, one.mailbox_id)
        seen[place] = max(seen.get(place, _WEIGHT[0]), one.doing, key=_WEIGHT.index)
    return seen
