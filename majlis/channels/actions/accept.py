"""Raw mail kept for good before anybody is told so: the file, then the row, then the drain is woken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from majlis.channels.models import RawMessage, Route
from majlis.files import actions as files
from majlis.files.models import File
from majlis.journal import actions as journal

# One statement for any number: prepared once, and one commit for the whole batch. A message that has no place on a
# server never conflicts; doubles among those are found when they are taken in.
_INSERT = """
insert into channels_rawmessage
  (mailbox_id, file_id, route, received_at, envelope_from, folder_id, uidvalidity, uid, uidl, is_historic, stays_open,
   error, quarantined_at, attempts)
select t.mailbox_id, t.file_id, %s::text, t.received_at, t.envelope_from, t.folder_id, t.uidvalidity, t.uid, t.uidl,
  t.is_historic, t.stays_open, t.error, case when t.error = '' then null else %s::timestamptz end, 0
from unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
  %s::text[], %s::bool[], %s::bool[], %s::text[]) with ordinality
  as t(mailbox_id, file_id, received_at, envelope_from, folder_id, uidvalidity, uid, uidl, is_historic, stays_open,
    error, place)
order by t.place
on conflict do nothing
returning id
"""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message at the door.

    `envelope_from` is the return path ("" for the null one, None when it is not known). `folder_id` with `uidvalidity`
    and `uid` is its place on an IMAP server, with `uidl` on a POP3 server. `stays_open`: its conversation does not rest closed though the mail is
    historic. `unfit` says in plain words why it must not be taken in: it then stands in
    quarantine from the start, for a person to see.
    """

    mailbox_id: int
    content: bytes
    envelope_from: str | None = None
    folder_id: int | None = None
    uidvalidity: int | None = None
    uid: int | None = None
    uidl: str | None = None
    is_historic: bool = False
    stays_open: bool = False
    received_at: datetime | None = None
    unfit: str = ""


def accept(
    mailbox_id: int,
    content: bytes,
    *,
    route: str,
    envelope_from: str | None = None,
    is_historic: bool = False,
    received_at: datetime | None = None,
) -> RawMessage:
    """Keep one message; see `accept_many`."""
    incoming = Incoming(mailbox_id, content, envelope_from, is_historic=is_historic, received_at=received_at)
    return accept_many([incoming], route=route)[0]


def accept_many(
    incoming: Sequence[Incoming], *, route: str, leaves_out_known: bool = False
) -> list[RawMessage]:
    """Keep messages: every file durable first, then all rows in one statement. Returns them in their order.

    Only when this has returned may a server be told OK or a cursor move. `route` is one of `Route`. Of a message
    that has a place on a server there is one row for that place, however often it comes: the row that was first is
    returned. `leaves_out_known` passes over what a mailbox already has byte for byte. Raises
    django.db.Error or OSError when nothing was kept.
    """
    if not incoming:
        return []
    now = timezone.now()
    stored: dict[bytes, File] = {}  # a message to two mailboxes is written once
    for one in incoming:
        if one.content not in stored:
            stored[one.content] = files.store(one.content)
    if leaves_out_known and not (incoming := _unknown(incoming, stored)):
        return []
    unfit = [one for one in incoming if one.unfit]
    if unfit:
        with transaction.atomic():
            kept = _insert(incoming, [stored[one.content] for one in incoming], route=route, now=now)
            for raw in kept:
                if raw.quarantined_at == now:
                    data = {"raw": raw.pk, "why": raw.error}
                    journal.record("raw.quarantined", mailbox_id=raw.mailbox_id, data=data)
    else:
        kept = _insert(incoming, [stored[one.content] for one in incoming], route=route, now=now)
    journal.wake("raw")
    return kept


def _unknown(incoming: Sequence[Incoming], stored: Mapping[bytes, File]) -> list[Incoming]:
    seen: set[tuple[int, int]] = set(
        RawMessage.objects.filter(file__in=list(stored.values())).values_list("mailbox_id", "file_id")
    )
    unknown = []
    for one in incoming:
        place = one.mailbox_id, stored[one.content].pk
        if place not in seen:
            seen.add(place)
            unknown.append(one)
    return unknown


def _insert(
    incoming: Sequence[Incoming], stored: Sequence[File], *, route: str, now: datetime
) -> list[RawMessage]:
    rows = [
        RawMessage(
            mailbox_id=one.mailbox_id,
            file=file,
            route=Route(route),
            received_at=min(one.received_at or now, now),
            envelope_from=None if one.envelope_from is None else _text(one.envelope_from),
            folder_id=one.folder_id,
            uidvalidity=one.uidvalidity,
            uid=one.uid,
            uidl=one.uidl,
            is_historic=one.is_historic,
            stays_open=one.stays_open,
            error=one.unfit,
            quarantined_at=now if one.unfit else None,
        )
        for one, file in zip(incoming, stored, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                route,
                now,
                [row.mailbox_id for row in rows],
                [row.file_id for row in rows],
                [row.received_at for row in rows],
                [row.envelope_from for row in rows],
                [row.folder_id for row in rows],
                [row.uidvalidity for row in rows],
                [row.uid for row in rows],
                [row.uidl for row in rows],
                [row.is_historic for row in rows],
                [row.stays_open for row in rows],
                [row.error for row in rows],
            ],
        )
        made = cursor.fetchall()
    if len(made) == len(rows):
        for row, (pk, *_) in zip(rows, made, strict=True):
            row.pk = pk
            row._state.adding = False
        return rows
    return [_first(row) for row in rows]


def _first(row: RawMessage) -> RawMessage:
    """The row that holds this message's place on its server."""
    places = RawMessage.objects.filter(folder_id=row.folder_id)
    if row.uidl is not None:
        return places.get(uidl=row.uidl)
    return places.get(uidvalidity=row.uidvalidity, uid=row.uid)


def _text(value: str) -> str:
    """What a text column holds: no NUL, no halves of a surrogate pair."""
    return value.replace("\x00", "").encode(errors="replace").decode()
