"""Finding conversations by what was said in them and where they stand: the newest first, a thousand at most."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from django.db import connection

from majlis.lib.arabic import normalise
from majlis.people.models import Teammate

from .filters import Term
from .inbox import PAGE, Row, of_ids
from .narrowing import HAS_WORDS, Narrowed, Part, narrow

MOST = 1000
# So many of the newest entries tell how common the words are. When they are, as many of the newest are read as should
# hold enough of them, and never more than that.
SAMPLE, COMMON, ENOUGH = 1_000, 0.02, 4_000

Cursor = tuple[datetime, int]

# Every source is asked for by itself, by its own index: of a common and a rare word the index meets the rare one
# first, and no order tempts the planner to read entries from the newest backwards.
_BY_SOURCES = (
    "with {named} select c.id, c.last_activity_at from (select distinct id from s0) s"
    " join conversations_conversation c on c.id = s.id"
    " where c.mailbox_id = any(%s::bigint[]) and c.shelf = any(%s::text[]){wheres}"
    " and (c.last_activity_at, c.id) < (%s, %s) order by 2 desc, 1 desc limit %s"
)
_ALSO = " and c.id in (select id from s{place})"
# Without a source: one walk for each mailbox and shelf along the index that the folders have, merged.
_BY_WALKS = (
    "select c.id, c.last_activity_at from unnest(%s::bigint[]) as box(id) cross join lateral ({walks}) c"
    " order by 2 desc, 1 desc limit %s"
)
_WALK = (
    "(select c.id, c.last_activity_at from conversations_conversation c"
    " where c.mailbox_id = box.id and c.shelf = '{shelf}'{wheres} and (c.last_activity_at, c.id) < (%s, %s)"
    " order by 2 desc, 1 desc limit %s)"
)
_SHARE = (
    "select count(*) filter (where words @@ %s::tsquery), count(*) from"
    " (select words from conversations_entrywords order by entry_id desc limit %s) newest"
)
# How much of the newest is read for a word that stands in much of it: a bounded way, whatever comes of it.
_NEWEST_WORDS = (
    "select conversation_id as id from (select conversation_id, mailbox_id, words from conversations_entrywords"
    " order by entry_id desc limit %s) newest where words @@ %s::tsquery and mailbox_id = any(%s::bigint[])"
)
_SAID = (
    "select e.conversation_id, e.seq, e.subject, e.text || e.signature from conversations_entry e"
    " join conversations_entrywords w on w.entry_id = e.id"
    " where e.conversation_id = any(%s::bigint[]) and w.words @@ %s::tsquery and not e.is_withdrawn"
    " order by e.conversation_id, e.seq desc"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found. `number` of all, up to MOST; `is_more` when there are more than that.

    `said` is for each conversation the newest entry's text that holds the words, `marks` the stems to point out.
    `unknown` are filters that name what does not exist: nothing can be found then.
    """

    rows: list[Row]
    following: Cursor | None
    number: int
    is_more: bool
    said: dict[int, str]
    marks: frozenset[str]
    unknown: tuple[Term, ...] = ()


def search(
    terms: Sequence[Term],
    *,
    reader: Teammate,
    mailbox_ids: list[int],
    today: date,
    zone: tzinfo,
    before: Cursor | None = None,
    size: int = PAGE,
) -> Found:
    """What `terms` find among the conversations of these mailboxes, the newest first.

    `mailbox_ids` are those the reader may see. `before` is the last row of the page before.
    """
    narrowed = narrow(terms, reader=reader, mailbox_ids=mailbox_ids, today=today, zone=zone)
    if narrowed.unknown or not mailbox_ids:
        return Found([], None, 0, False, {}, frozenset(), tuple(narrowed.unknown))
    found = candidates(narrowed, mailbox_ids=mailbox_ids, before=before)
    is_more = len(found) > MOST
    if narrowed.phrases:
        found = _with_phrases(found, narrowed)
    page = [number for number, _ in found[:size]]
    rows = of_ids(page, teammate_id=reader.pk)
    following = (rows[-1].at, rows[-1].number) if rows and len(found) > size else None
    said = _said(page, narrowed) if narrowed.words else {}
    return Found(rows, following, min(len(found), MOST), is_more, said, narrowed.marks)


def count(
    terms: Sequence[Term], *, reader: Teammate, mailbox_ids: list[int], today: date, zone: tzinfo
) -> tuple[int, bool]:
    """How many `terms` find, up to MOST, and whether there are more."""
    found = search(terms, reader=reader, mailbox_ids=mailbox_ids, today=today, zone=zone, size=0)
    return found.number, found.is_more


def candidates(
    narrowed: Narrowed, *, mailbox_ids: list[int], before: Cursor | None = None
) -> list[tuple[int, datetime]]:
    """The newest that fulfil it, (number, time of the last activity), one more than MOST if there are."""
    at, number = before or (datetime(9000, 1, 1, tzinfo=UTC), 2**62)
    place: list[Any] = [at, number, MOST + 1]
    boxes = _array(mailbox_ids)
    wheres = "".join(f" and {sql}" for sql, _ in narrowed.wheres)
    asked = [value for _, values in narrowed.wheres for value in values]
    if not narrowed.sources:
        walks = " union all ".join(_WALK.format(shelf=shelf, wheres=wheres) for shelf in narrowed.shelves)
        values = [boxes, *(value for _ in narrowed.shelves for value in (*asked, *place)), MOST + 1]
        return _rows(_BY_WALKS.format(walks=walks), values)

    def by_sources(sources: Sequence[Part]) -> list[tuple[int, datetime]]:
        named = ", ".join(f"s{place} as materialized ({sql})" for place, (sql, _) in enumerate(sources))
        others = "".join(_ALSO.format(place=place) for place in range(1, len(sources)))
        given = [value for _, values in sources for value in values]
        sql = _BY_SOURCES.format(named=named, wheres=wheres + others)
        return _rows(sql, [*given, boxes, narrowed.shelves, *asked, *place])

    sources = narrowed.sources
    if narrowed.words and (share := _share(narrowed.words)) >= COMMON:
        if len(sources) > 1:
            # What else is asked for is rarer: the words are looked for in what that finds.
            wheres += f" and {HAS_WORDS}"
            asked.append(narrowed.words)
            return by_sources(sources[1:])
        newest: Part = (_NEWEST_WORDS, [int(ENOUGH / share), narrowed.words, boxes])
        found = by_sources([newest])
        if len(found) > MOST:
            return found
    return by_sources(sources)


def _share(words: str) -> float:
    """The share of the newest entries that hold the words; 0 where there are too few entries to care."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARE, [words, SAMPLE])
        matching, number = cursor.fetchone()
    return matching / number if number == SAMPLE else 0.0


def _with_phrases(found: list[tuple[int, datetime]], narrowed: Narrowed) -> list[tuple[int, datetime]]:
    """Those of them where one entry holds every phrase as it was written, spelling apart."""
    wanted = [
        re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, phrase.split())) + r"(?!\w)")
        for phrase in narrowed.phrases
    ]
    holding = {
        number
        for number, _seq, subject, text in _entries([number for number, _ in found], narrowed.words)
        for folded in (normalise(f"{subject}\n{text}"),)
        if all(phrase.search(folded) for phrase in wanted)
    }
    return [row for row in found if row[0] in holding]


def _said(numbers: list[int], narrowed: Narrowed) -> dict[int, str]:
    said: dict[int, str] = {}
    for number, _seq, _subject, text in _entries(numbers, narrowed.words):
        said.setdefault(number, text)
    return said


def _entries(numbers: list[int], words: str) -> list[tuple[int, int, str, str]]:
    return _rows(_SAID, [_array(numbers), words]) if numbers and words else []


def _rows(sql: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[Any] = cursor.fetchall()
    return rows


def _array(ids: Sequence[int]) -> str:
    return f"{{{','.join(map(str, ids))}}}"
