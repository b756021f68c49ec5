"""Bringing what is stored up to what a POP3 mailbox holds. The cursor is the id of each message; all stay there."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from majlis.channels.actions import backfill, cursor
from majlis.channels.connections import imap_settings
from majlis.channels.email import popserver
from majlis.channels.email.popserver import PopClient
from majlis.channels.models import Backfill, MailConnection, MailFolder
from majlis.intake.imap import COUNT_EVERY_SECONDS, Stopped
from majlis.intake.imap_account import older_since
from majlis.intake.imap_fetch import Suspects
from majlis.intake.pop3_fetch import Listed, Standing, Visit

OLDER_AT_ONCE = 500
_STANDING = (
    "select t.key, r.id is not null, p.id is not null, coalesce(p.is_removed, false), p.dated_on from unnest(%s::text[]) as t(key)"
    " left join channels_rawmessage r on r.folder_id = %s and r.uidl = t.key"
    " left join channels_passedover p on p.folder_id = %s and p.uidl = t.key"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a visit found: `news` messages; `has_more`: older ones wait, and new ones are looked for before."""

    news: int
    has_more: bool


@dataclass(slots=True)
class Memory:
    """What outlives a session: messages that broke, and the listing that was last found whole, until when."""

    suspects: Suspects = field(default_factory=Suspects)
    whole: int | None = None
    until: float = 0.0


def visit(row: MailConnection, *, memory: Memory, is_stopping: Callable[[], bool]) -> Found:
    """Sign in, take what is new, then some of the older mail that is wanted, count, and leave.

    Raises ConnectionProblem, NotKept, Stopped, cursor.Changed and django.db.Error; what was kept stays kept.
    """
    (folder,) = cursor.folders(row)
    chosen = imap_settings(row)
    if chosen is None:
        raise Stopped
    client = popserver.connect(chosen)
    is_well = False
    try:
        with popserver.problems():
            messages = _listed(client)
        _begin(folder, messages)
        if is_stopping():
            raise Stopped
        listing = hash(tuple(one.key for one in messages))
        if listing == memory.whole and time.monotonic() < memory.until:
            cursor.checked(folder)
            found = Found(0, has_more=False)
        else:
            visiting = Visit(client, folder, memory.suspects, settings.CONFIG.mail_max_bytes, is_stopping)
            found, is_whole = _take(visiting, messages)
            memory.whole = listing if is_whole else None
            memory.until = time.monotonic() + COUNT_EVERY_SECONDS
        is_well = True
    finally:
        client.close(is_polite=is_well)
    if not found.has_more:
        cursor.well(row)
    return found


def _listed(client: PopClient) -> list[Listed]:
    """Every message with the key it is known by.

    That is its id. An id that several have (RFC 1939 allows it to identical copies) is no key: then the size belongs
    to it, and the place among those of the same size.
    """
    ids, sizes = popserver.listed(client), client.sizes()
    times, places = Counter(ids.values()), Counter[str]()
    found = []
    for number in sorted(ids):
        uidl, size = ids[number], sizes.get(number, 0)
        key = uidl
        if times[uidl] > 1:
            key = f"{uidl} {size}"
            places[key] += 1
            if places[key] > 1:
                key = f"{key} {places[key]}"
        found.append(Listed(number, key, size))
    return found


def _begin(folder: MailFolder, messages: Sequence[Listed]) -> None:
    if folder.uidvalidity == cursor.POP3:
        return
    if folder.uidvalidity is None:
        is_ours = cursor.begin_pop3(folder, uidls=[one.key for one in messages])
    else:
        is_ours = cursor.renumber(folder, uidvalidity=cursor.POP3)
    if not is_ours:
        raise Stopped


def _take(visiting: Visit, messages: Sequence[Listed]) -> tuple[Found, bool]:
    """Whether nothing is left to fetch besides what was found."""
    folder, suspects = visiting.folder, visiting.suspects
    running = backfill.running_for(folder.connection)
    since = older_since(folder.connection, folder.older_since_on, running)
    known = _standing(folder, messages)
    new = [one for one in messages if not (known[one.key].is_stored or known[one.key].is_passed)]
    news = visiting.keep(new, is_historic=visiting.is_from_before)
    older = [one for one in messages if known[one.key].may_be_wanted] if since is not None else []
    wanted, unseen = visiting.wanted(older, known, since, at_once=OLDER_AT_ONCE)
    tried = [one for one in wanted if not suspects.is_left_out(one.key)]
    some = tried[-OLDER_AT_ONCE:]
    visiting.keep(some, is_historic=lambda _: True, notes=_counting(running))
    left = len(tried) - len(some) + unseen
    if since is not None and folder.older_left != left:
        cursor.older_left(folder, left)
    missing = _count(folder, messages, wanted)
    if running is not None and not left:
        backfill.end(running)
    return Found(news, left > 0), not missing and not left


def _counting(running: Backfill | None) -> Callable[[int], None]:
    def came(number: int) -> None:
        if running is not None:
            backfill.came(running, number)

    return came


def _count(folder: MailFolder, messages: Sequence[Listed], wanted: Sequence[Listed]) -> int:
    """Compare what lies in our range on the server with what is stored of it; how many are missing."""
    known, asked = _standing(folder, messages), {one.key for one in wanted}
    ours = [known[one.key] for one in messages if known[one.key].is_ours or one.key in asked]
    here = sum(one.is_stored or one.is_removed for one in ours)
    cursor.checked(folder, server_count=len(ours), stored_count=here)
    return len(ours) - here


def _standing(folder: MailFolder, messages: Sequence[Listed]) -> dict[str, Standing]:
    with connection.cursor() as db:
        db.execute(_STANDING, [[one.key for one in messages], folder.pk, folder.pk])
        return {key: Standing(*rest) for key, *rest in db.fetchall()}
