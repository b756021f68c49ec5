"""A team's own figures for the advice on channels, of four weeks: waiting, length, presence, and what is behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from majlis.channels.advising import Figures, Presence, Share, Wait
from majlis.channels.advising_rules import SHORT_CHARACTERS, TOGETHER, WINDOW

PAGE: Final = 50


# What customers began, by the folders' own indexes: whatever began in the window was last touched in it too. Calls and
# chats are not among them, nor what lies in spam or trash, was merged away, is from before this desk, or from machines.
def _walks(columns: str, where: str = "") -> str:
    """Of a mailbox `box`, whatever was touched in the window, along the indexes of the folders."""
    return " union all ".join(
        f"(select {columns} from conversations_conversation where mailbox_id = box.id and shelf = '{shelf}'"  # noqa: S608
        f" and last_activity_at >= %(since)s{where})"
        for shelf in ("desk", "snoozed", "closed")
    )


# What customers began: whatever began in the window was last touched in it too. Calls and chats are not among it, nor
# what lies in spam or trash, was merged away, is from before this desk, or from machines.
_BEGUN = f"""
begun as materialized (
  select c.id, c.shelf, c.subject, c.customer_id, first.seq, first.created_at as at, length(first.text) as length
  from unnest(%(mailboxes)s::bigint[]) as box(id) cross join lateral ({
    _walks(
        "id, shelf, subject, customer_id",
        " and created_at >= %(since)s and begun_by_id is null and not is_historic"
        " and channel not in ('chat', 'phone')",
    )
}) c
  cross join lateral (select e.seq, e.created_at, e.text, e.kind, e.automatic, e.is_historic
    from conversations_entry e where e.conversation_id = c.id and not e.is_withdrawn order by e.seq limit 1) first
  where first.kind = 'message' and first.automatic = '' and not first.is_historic),
answered as materialized (
  select b.id, b.shelf, b.subject, b.customer_id, b.at, b.length, reply.at is null and b.shelf <> 'closed' as is_waiting,
    case when reply.at is not null or b.shelf <> 'closed'
      then greatest(coalesce(reply.at, %(now)s) - b.at, interval '0') end as waited
  from begun b left join lateral (select e.created_at as at from conversations_entry e
    where e.conversation_id = b.id and e.seq > b.seq and e.kind = 'reply' and e.teammate_id is not null
    and not e.is_withdrawn and not e.is_historic order by e.seq limit 1) reply on true)
"""  # noqa: S608
_STAFFED = (
    "((extract(isodow from at at time zone %(zone)s)::int - 1) * 24"
    " + extract(hour from at at time zone %(zone)s)::int) = any(%(hours)s::int[])"
)
_P = "percentile_disc({}) within group (order by waited)"
_FIGURES = (
    f"with {_BEGUN} select count(*), count(*) filter (where length <= %(short)s),"  # noqa: S608
    f" count(waited), count(*) filter (where is_waiting), {_P.format(0.5)}, {_P.format(0.9)},"
    f" count(waited) filter (where {_STAFFED}), count(*) filter (where is_waiting and {_STAFFED}),"
    f" {_P.format(0.5)} filter (where {_STAFFED}), {_P.format(0.9)} filter (where {_STAFFED}) from answered"
)
_BEHIND = (
    f"with {_BEGUN} select a.id, a.subject, coalesce(u.name, ''), a.at, a.waited, a.is_waiting, a.length"  # noqa: S608
    " from answered a join people_customer u on u.id = a.customer_id"
    " where a.id < %(before)s {which} order by a.id desc limit %(limit)s"
)
_WHICH: Final = {
    "first-response": "and a.waited is not null",
    "staffed": f"and a.waited is not null and {_STAFFED}",
    "short": "and a.length <= %(short)s",
    "long": "and a.length > %(short)s",
}
# Who was there in which hour: a conversation open and in use, or a reply written. `offset 0`: each conversation's own
# entries are asked for one after the other, or all replies there ever were would be read.
_THERE = f"""
with there as (
  select a.teammate_id, hour from people_teammate t
  join conversations_attention a on a.teammate_id = t.id and a.ended_at >= %(since)s
  cross join lateral generate_series(date_trunc('hour', greatest(a.started_at, %(since)s), %(zone)s), a.ended_at,
    interval '1 hour') as hour
  union
  select e.teammate_id, date_trunc('hour', e.created_at, %(zone)s)
  from unnest(%(mailboxes)s::bigint[]) as box(id) cross join lateral ({_walks("id")}) c
  cross join lateral (select e.teammate_id, e.created_at from conversations_entry e where e.conversation_id = c.id
    and e.created_at >= %(since)s and e.kind = 'reply' and e.teammate_id is not null
    and not e.is_withdrawn and not e.is_historic offset 0) e)
select extract(isodow from hour at time zone %(zone)s)::int - 1, extract(hour from hour at time zone %(zone)s)::int,
  floor(extract(epoch from hour - %(since)s) / 604800)::int, count(distinct teammate_id)
from there where hour >= %(since)s and hour <= %(now)s group by hour
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Behind:
    """A conversation that a figure counts: how long its customer waited (`is_waiting`: does still), its first message.

    `waited` is None where nobody answered before it was closed; `length` in characters.
    """

    number: int
    subject: str
    name: str
    at: datetime
    waited: timedelta | None
    is_waiting: bool
    length: int


def figures(mailbox_ids: Sequence[int], *, now: datetime, zone: str) -> Figures:
    """The figures of these mailboxes' last four weeks before `now`, hours of the week as clocks in `zone` show them.

    Presence is everybody's in the company. Two statements: 0.2 s where 100,000 conversations lie, 10,000 of them of
    these weeks; they walk the folders' indexes, and two entries of each conversation.
    """
    asked = _asked(mailbox_ids, now=now, zone=zone)
    presence = _presence(asked)
    asked["hours"] = _numbered(presence.hours)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, asked)
        row: tuple[Any, ...] = cursor.fetchone()
    begun, short, n, waiting, p50, p90, staffed, staffed_waiting, staffed_p50, staffed_p90 = row
    return Figures(
        first_response=Wait(n, p50, p90, waiting),
        first_response_staffed=Wait(staffed, staffed_p50, staffed_p90, staffed_waiting),
        short=Share(begun, short),
        presence=presence,
    )


def behind(
    which: str,
    mailbox_ids: Sequence[int],
    *,
    now: datetime,
    zone: str,
    before: int | None = None,
) -> list[Behind]:
    """The conversations behind a figure, newest first, PAGE and one more if there are; `before` the last one shown.

    `which` is "first-response", "staffed" (those of hours with two people), "short" or "long". Raises KeyError for
    another.
    """
    asked = _asked(mailbox_ids, now=now, zone=zone)
    if which == "staffed":
        asked["hours"] = _numbered(_presence(asked).hours)
    asked |= {"before": before if before is not None else 2**62, "limit": PAGE + 1}
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND.format(which=_WHICH[which]), asked)
        return [Behind(*row) for row in cursor.fetchall()]


def since(now: datetime) -> datetime:
    """Where the four weeks begin: whole hours, so that each hour of the week stands in them four times."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) - WINDOW


def _asked(mailbox_ids: Sequence[int], *, now: datetime, zone: str) -> dict[str, Any]:
    return {
        "mailboxes": list(mailbox_ids),
        "since": since(now),
        "now": now,
        "zone": zone,
        "hours": [],
        "short": SHORT_CHARACTERS,
    }


def _presence(asked: dict[str, Any]) -> Presence:
    with connection.cursor() as cursor:
        cursor.execute(_THERE, asked)
        return presence_of(cursor.fetchall())


def presence_of(rows: Iterable[tuple[int, int, int, int]]) -> Presence:
    """Presence from the hours in which anybody was there: (weekday, hour, number of the week, people)."""
    with_two: dict[tuple[int, int], set[int]] = defaultdict(set)
    n, weeks = 0, set()
    for weekday, hour, week, people in rows:
        n += 1
        weeks.add(week)
        if people >= TOGETHER:
            with_two[(weekday, hour)].add(week)
    return Presence(n, len(weeks), {hour: len(found) for hour, found in with_two.items()})


def _numbered(hours: Iterable[tuple[int, int]]) -> list[int]:
    return [weekday * 24 + hour for weekday, hour in sorted(hours)]
