"""What is known here of a mail that comes in: a prepared statement a question, for every mail asks them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from majlis.lib.own import Own
from majlis.people.queries import OWN_ADDRESSES

_BEFORE = (
    "select coalesce("  # noqa: S608
    " (select id from conversations_entry where mailbox_id = %s and message_key = %s order by id limit 1),"
    # A copy of what we sent ourselves (a Sent folder, a list that includes us), or of what was brought along from
    # another desk, which kept no bytes to make a key of.
    " (select m.entry_id from conversations_messageid m join conversations_entry e on e.id = m.entry_id"
    "  where m.value = %s and m.mailbox_id = %s and m.is_own and e.mailbox_id = %s"
    "  and (e.kind in ('reply', 'auto') or (e.is_historic and e.raw_id is null and e.message_key is null))"
    "  order by m.entry_id limit 1)),"
    " exists (select from conversations_messageid where value = %s and mailbox_id = %s and is_own),"
    f" {OWN_ADDRESSES},"
    " (select array[coalesce(c.in_host, ''), coalesce(o.verdict_server, ''), coalesce(o.learned_server, '')]"
    "  from people_mailbox b left join channels_mailconnection c on c.mailbox_id = b.id"
    "  left join channels_mailoptions o on o.mailbox_id = b.id where b.id = %s)"
)
_THREADS = (
    "select m.value, m.conversation_id,"
    " array(select address from conversations_participant p where p.conversation_id = m.conversation_id)"
    " from conversations_messageid m where m.value = any(%s::text[]) and m.mailbox_id = %s order by m.id desc"
)
# A token names the conversation its entry stood in when it left. The entry may have been moved since, or the whole
# conversation merged into one of another mailbox.
_HERE = (
    "select c.id,"
    " array(select address from conversations_participant p where p.conversation_id = c.id)"
    " from unnest(%s::bigint[], %s::bigint[]) with ordinality as t(number, entry_id, place)"
    " join conversations_conversation o on o.id = t.number"
    " left join conversations_entry e on e.id = t.entry_id"
    " join conversations_conversation c on c.id = coalesce(e.conversation_id, o.merged_into_id, o.id)"
    " where %s in (o.mailbox_id, c.mailbox_id) order by t.place"
)


@dataclass(frozen=True, slots=True)
class Before:
    """The entry that this mail is already; whether another came under its id; our own addresses.

    `believed`: the host the mailbox is fetched from, and the servers whose checks are believed, as said and as learned.
    """

    entry_id: int | None
    has_same_id: bool
    own: Own
    believed: tuple[str, str, str] = ("", "", "")


def before(mailbox_id: int, *, key: str, message_id: str) -> Before:
    """What is known of a mail with this message key and Message-ID (empty: none)."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BEFORE, [mailbox_id, key, message_id, mailbox_id, mailbox_id, message_id, mailbox_id, mailbox_id]
        )
        entry_id, has_same_id, own, believed = cursor.fetchone()
    host, said, learned = believed or ("", "", "")
    return Before(entry_id, bool(has_same_id), Own(own), (host, said, learned))


def named(mailbox_id: int, ids: Sequence[str]) -> tuple[dict[str, int], dict[int, frozenset[str]]]:
    """The conversation each id leads to (the first that knew it), and who takes part in those conversations."""
    with connection.cursor() as cursor:
        cursor.execute(_THREADS, [list(ids), mailbox_id])
        rows = cursor.fetchall()
    return {value: number for value, number, _ in rows}, {number: _lower(who) for _, number, who in rows}


def signed(mailbox_id: int, tokens: Sequence[tuple[int, int]]) -> dict[int, frozenset[str]]:
    """Where the entries of these tokens (conversation, entry) stand by now, as far as they lead from or into this
    mailbox, in the order of the tokens; with who takes part there."""
    with connection.cursor() as cursor:
        numbers, entries = [number for number, _ in tokens], [entry for _, entry in tokens]
        cursor.execute(_HERE, [numbers, entries, mailbox_id])
        found: dict[int, frozenset[str]] = {}
        for number, who in cursor.fetchall():
            found.setdefault(number, _lower(who))
        return found


def _lower(addresses: Sequence[str]) -> frozenset[str]:
    return frozenset(address.lower() for address in addresses)
