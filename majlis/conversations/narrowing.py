"""What was asked for as the parts of a statement: where candidates come from, and what must hold of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Any, Final

from majlis.lib import stems
from majlis.lib.arabic import normalise
from majlis.lib.stems import AUTHOR
from majlis.people.models import Teammate

from . import naming
from .filters import NUMBER, PHRASE, WORD, Term, first_day
from .models import Priority

# Each has a conversation as `c`. The shelves a search looks on unless it asks for another.
SHELVES: Final = ("desk", "snoozed", "closed")
_PUT_AWAY: Final = {
    "spam": "spam",
    "trash": "trash",
    "snoozed": "snoozed",
    "closed": "closed",
    "open": "desk",
}
_WORDS = "select conversation_id as id from conversations_entrywords where words @@ %s::tsquery and mailbox_id = any(%s::bigint[])"
# Asked of one conversation after the other, as a value: a join would read the words of all entries there are.
HAS_WORDS = (
    "(select count(*) from (select from conversations_entry e join conversations_entrywords w on w.entry_id = e.id"
    " where e.conversation_id = c.id and w.words @@ %s::tsquery limit 1) one) = 1"
)
_TAGGED = "select conversation_id as id from conversations_conversationtag where tag_id = any(%s::bigint[])"
_OF_CUSTOMER = "select id from conversations_conversation where customer_id = any(%s::bigint[])"
_MENTIONED = (
    "select e.conversation_id as id from conversations_mention m join conversations_entry e on e.id = m.entry_id"
    " where m.teammate_id = %s and not e.is_withdrawn"
)
_DRAFTED = "select conversation_id as id from conversations_draft where teammate_id = %s and conversation_id is not null"
_WRITTEN_BY = (
    "select conversation_id as id from conversations_entry where teammate_id = %s and not is_withdrawn"
)
_NUMBERED = "select %s::bigint as id"
_NAMED_ID = "select conversation_id as id from conversations_messageid where value = any(%s::text[])"
_WRITES_FROM = (
    "select c.id from conversations_conversation c join people_customeraddress a"
    " on a.customer_id = c.customer_id where a.address = %s"
)
_HAS_FILE = (
    "exists (select from conversations_entry e join conversations_attachment a on a.entry_id = e.id"
    " where e.conversation_id = c.id and not a.is_inline and not e.is_withdrawn)"
)
_UNREAD = (
    "c.message_seq > coalesce((select r.seq from conversations_readmark r"
    " where r.conversation_id = c.id and r.teammate_id = %s), 0)"
)

Part = tuple[str, list[Any]]


@dataclass(slots=True)
class Narrowed:
    """The parts of a statement. `words` is the query every found entry fulfils; `unknown` names what does not exist."""

    shelves: list[str] = field(default_factory=lambda: list(SHELVES))
    sources: list[Part] = field(default_factory=list)
    wheres: list[Part] = field(default_factory=list)
    words: str = ""
    phrases: list[str] = field(default_factory=list)
    marks: frozenset[str] = frozenset()
    unknown: list[Term] = field(default_factory=list)


def narrow(
    terms: Sequence[Term], *, reader: Teammate, mailbox_ids: list[int], today: date, zone: tzinfo
) -> Narrowed:
    """Turn terms into parts; `today` and `zone` are the reader's."""
    made = Narrowed()
    _say(made, [term for term in terms if not term.is_negated], mailbox_ids)
    _lie(made, terms)
    for term in terms:
        if term.key in (WORD, PHRASE):
            if term.is_negated and (query := stems.tsquery(term.value)):
                made.wheres.append((f"not ({HAS_WORDS})", [query]))
            continue
        if term.key == "from" and _is_said(made, terms, term):
            continue
        part = _part(term, reader=reader, mailbox_ids=mailbox_ids, today=today, zone=zone)
        if part is None:
            made.unknown.append(term)
        elif part[0].startswith("select") and not term.is_negated:
            made.sources.append(part)
        elif part[0]:
            sql = f"c.id in ({part[0]})" if part[0].startswith("select") else part[0]
            made.wheres.append((f"({sql}) is not true" if term.is_negated else f"({sql})", part[1]))
    return made


def _say(made: Narrowed, terms: Sequence[Term], mailbox_ids: list[int]) -> None:
    """Words and phrases, and with them who wrote: one entry says it all."""
    said = [term for term in terms if term.key in (WORD, PHRASE)]
    authors = [term for term in terms if term.key == "from"]
    text = " ".join(term.value for term in said)
    parts = [stems.tsquery(text)]
    if len(authors) == 1 and authors[0].value != "me":
        parts.append(stems.tsquery(authors[0].value, mark=AUTHOR))
    made.words = " & ".join(part for part in parts if part)
    made.phrases = [normalise(term.value) for term in said if term.key == PHRASE]
    made.marks = frozenset(stem for any_of in stems.query(text) for all_of in any_of for stem in all_of)
    if made.words:
        sources = [(_WORDS, [made.words, _array(mailbox_ids)])]
        if len(said) == 1 and said[0].key == WORD and not authors:
            sources += _exact(said[0].value)
        made.sources.append(
            (" union all ".join(sql for sql, _ in sources), [one for _, values in sources for one in values])
        )


def _exact(word: str) -> list[Part]:
    """A number is a conversation's too, and an address may be a message's id or a customer's."""
    folded = normalise(word).lstrip("#")
    if folded.isdecimal() and len(folded) < 18:
        return [(_NUMBERED, [int(folded)])]
    if "@" not in word:
        return []
    bare = word.strip("<>")
    return [
        (_NAMED_ID, [[bare, f"<{bare}>"]]),
        (
            _WRITES_FROM,
            [bare.lower()],
        ),
    ]


def _is_said(made: Narrowed, terms: Sequence[Term], term: Term) -> bool:
    """Claims that this writer is asked for together with the words."""
    others = [one for one in terms if one.key == "from" and not one.is_negated]
    return not term.is_negated and len(others) == 1 and term.value != "me" and AUTHOR in made.words


def _lie(made: Narrowed, terms: Sequence[Term]) -> None:
    """Where the found lie: what is put away is looked for only by its name."""
    for term in terms:
        shelf = _PUT_AWAY.get(term.value) if term.key == "is" and not term.is_negated else None
        if shelf in ("spam", "trash"):
            made.shelves = [shelf]
    if any(term.key == NUMBER for term in terms):
        made.shelves = [*SHELVES, "spam", "trash"]


def _part(term: Term, *, reader: Teammate, mailbox_ids: list[int], today: date, zone: tzinfo) -> Part | None:
    """One filter: a condition on `c`, or a statement that selects ids. None when what it names does not exist."""
    key, value = term.key, term.value
    if key == NUMBER:
        return "c.id = %s", [int(value)]
    if key in ("after", "before", "updated-after", "updated-before"):
        start = datetime.combine(first_day(value, today=today), time(), tzinfo=zone)
        column = "c.last_activity_at" if key.startswith("updated") else "c.created_at"
        return f"{column} {'>=' if key.endswith('after') else '<'} %s", [start]
    if key == "from":
        if value == "me":
            return _WRITTEN_BY, [reader.pk]
        query = stems.tsquery(value, mark=AUTHOR)
        return (_WORDS, [query, _array(mailbox_ids)]) if query else None
    if key == "assignee" and value in ("me", "nobody"):
        return ("c.assignee_id is null", []) if value == "nobody" else ("c.assignee_id = %s", [reader.pk])
    if key in ("status", "channel"):
        return f"c.{key} = %s", [value]
    if key == "priority":
        return "c.priority = %s", [int(Priority[value.upper()].value)]
    if key == "has":
        return _HAS_FILE, []
    if key == "is":
        return _is(value, reader)
    return _named(key, value, reader)


def _named(key: str, value: str, reader: Teammate) -> Part | None:
    found = naming.ids(key, value, reader=reader)
    if not found:
        return None
    asked = [_array(found)]
    if key == "tag":
        return _TAGGED, asked
    if key == "customer":
        return _OF_CUSTOMER, asked
    column = {"mailbox": "mailbox_id", "topic": "topic_id", "assignee": "assignee_id"}[key]
    return f"c.{column} = any(%s::bigint[])", asked


def _is(value: str, reader: Teammate) -> Part:
    if value in _PUT_AWAY:
        return "c.shelf = %s", [_PUT_AWAY[value]]
    if value == "unread":
        return _UNREAD, [reader.pk]
    if value == "mine":
        return "c.assignee_id = %s", [reader.pk]
    return (_MENTIONED if value == "mentioned" else _DRAFTED), [reader.pk]


def _array(ids: Sequence[int]) -> str:
    return f"{{{','.join(map(str, ids))}}}"
