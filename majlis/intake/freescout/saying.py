"""The threads of a conversation become entries, files and lines here, each once."""

from __future__ import annotations

from majlis.conversations.actions import bring as past
from majlis.conversations.actions.attach import attach
from majlis.conversations.actions.changing import Change
from majlis.conversations.models import Entry, EntryKind
from majlis.lib.own import Own
from majlis.people.actions import bring
from majlis.people.models import Customer

from . import gathered, talk, unsent, words
from .desk import Run
from .gathered import Brought
from .source import Row


def say_all(
    run: Run, one: Brought, change: Change, customer: Customer, address: str, own: Own, *, is_first: bool
) -> bool:
    """Every thread in its order; says whether there was one that was not here."""
    has_said = False
    for row in gathered.threads(run, one.row["id"]):
        known = one.known.get(str(row["id"]))
        if row["state"] == words.DRAFT and row["type"] in talk.KINDS:
            unsent.draft(run, one, change, row)
        elif known is not None:
            _known(run, one, change, row, known, customer, address)
        elif why := gathered.left_out(row):
            run.tally.leave(why)
        elif row["type"] == words.LINE:
            _line(run, one, change, row)
            bring.keep_record(run.name, "thread", row["id"], None)
            has_said = True
        else:
            details: dict[str, object] = {"brought": {"from": "FreeScout", "number": str(one.row["number"])}}
            is_new = _say(
                run, one, change, row, customer, address, own, details=details if is_first else None
            )
            is_first, has_said = is_first and not is_new, True
    return has_said


def _say(
    run: Run,
    one: Brought,
    change: Change,
    row: Row,
    customer: Customer,
    address: str,
    own: Own,
    *,
    details: dict[str, object] | None,
) -> bool:
    """Whether it was not here before."""
    said = _said(run, one, row, customer, address, details)
    box = run.boxes[one.row["mailbox_id"]]
    drafted, _ = one.known_drafts.get(str(row["id"]), (None, ""))
    if drafted is not None:
        past.take_draft(drafted)
    entry_id = gathered.by_mail(box.pk, said.message_id) if said.kind == EntryKind.MESSAGE else None
    is_new = entry_id is None
    if entry_id is None:
        people_of = [talk.Named("", who) for who in (*said.to, *said.cc)]
        if said.kind == EntryKind.MESSAGE:
            people_of.append(talk.Named(said.from_name, said.from_address))
        entry = past.say(change, said, people=people_of, own=own)
        _attach(run, one, row, entry)
        run.tally.new["messages"] += 1
        entry_id = entry.pk
    else:
        run.tally.known["messages"] += 1
    if said.kind == EntryKind.MESSAGE:
        one.waiting_since = one.waiting_since or said.at
    elif said.kind == EntryKind.REPLY:
        one.waiting_since = None
    bring.keep_record(run.name, "thread", row["id"], entry_id, talk.digest(row))
    return is_new


def _said(
    run: Run, one: Brought, row: Row, customer: Customer, address: str, details: dict[str, object] | None
) -> past.Said:
    writer = customer
    if row["type"] == words.CUSTOMER_WROTE:
        theirs = row["created_by_customer_id"] or row["customer_id"]
        if theirs and theirs != one.row["customer_id"]:
            writer = gathered.customer_of(run, theirs) or customer
            address = writer.addresses.order_by("pk").values_list("address", flat=True).first() or address
    return talk.said(
        row,
        teammate=gathered.teammate(run, row["created_by_user_id"]),
        customer=writer,
        address=address,
        domain=run.boxes[one.row["mailbox_id"]].address.partition("@")[2],
        sent_ids=one.sent.get(row["id"], ()),
        attachments=one.files.get(row["id"], []),
        details=details,
    )


def _known(
    run: Run,
    one: Brought,
    change: Change,
    row: Row,
    known: tuple[int | None, str],
    customer: Customer,
    address: str,
) -> None:
    entry_id, digest = known
    if row["type"] == words.LINE:
        return
    run.tally.known["messages"] += 1
    entry = Entry.objects.filter(pk=entry_id, raw=None).first() if entry_id else None
    if entry is None:
        return
    if digest != talk.digest(row):
        past.correct(change, entry.pk, _said(run, one, row, customer, address, None))
        bring.keep_record(run.name, "thread", row["id"], entry.pk, talk.digest(row))
        run.tally.changed["messages"] += 1
    _attach(run, one, row, entry)


def _attach(run: Run, one: Brought, row: Row, entry: Entry) -> None:
    """The files of a thread that are not here yet: one that was missing comes with a later run."""
    rows = one.files.get(row["id"], [])
    missing = [found for found in rows if str(found["id"]) not in one.known_files]
    run.tally.known["files"] += len(rows) - len(missing)
    stored = talk.stored(run, missing)
    one.is_whole = one.is_whole and len(stored) == len(missing)
    for kept in stored:
        made = attach(
            entry,
            file=kept.file,
            name=kept.name,
            content_type=kept.content_type,
            content_id=kept.content_id,
            is_inline=kept.is_inline,
        )
        bring.keep_record(run.name, "file", kept.foreign_id, made.pk)
        run.tally.new["files"] += 1


def _line(run: Run, one: Brought, change: Change, row: Row) -> None:
    who = gathered.teammate(run, row["created_by_user_id"])
    at, actor = talk.when(row), who.pk if who else None
    if row["action_type"] == words.STATUS_CHANGED:
        after = words.STATUSES.get(row["status"], one.status)
        data = {"before": one.status, "after": after}
        one.status = after
        past.tell(change, "status.changed", at=at, actor_id=actor, data=data)
    elif row["action_type"] == words.USER_CHANGED:
        to = gathered.teammate(run, row["user_id"])
        told = {"to": to.pk if to else None, "name": to.name if to else ""}
        past.tell(change, "assigned", at=at, actor_id=actor, data=told)
    else:
        kind = "trashed" if row["action_type"] == words.THROWN_AWAY else "restored"
        past.tell(change, kind, at=at, actor_id=actor, data={})
