"""What belongs to a conversation in FreeScout, and who and what of it is known here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from majlis.channels.email import headers
from majlis.conversations.models import Entry, MessageId
from majlis.people.actions import bring
from majlis.people.actions.recognise import recognise
from majlis.people.models import Customer, Teammate

from . import talk, words
from .desk import Run
from .source import Row

_FILES = "id thread_id file_dir file_name mime_type embedded"
_SENT_TO_CUSTOMER = 1  # send_logs.mail_type


@dataclass(slots=True)
class Brought:
    """One conversation on its way: its row there, what belongs to it, and what of it is known here."""

    row: Row
    summary: str = ""
    is_whole: bool = True
    tags: list[str] = field(default_factory=list)
    followers: list[int] = field(default_factory=list)
    files: dict[int, list[Row]] = field(default_factory=dict)
    sent: dict[int, tuple[str, ...]] = field(default_factory=dict)
    known: dict[str, tuple[int | None, str]] = field(default_factory=dict)
    known_files: set[str] = field(default_factory=set)
    known_drafts: dict[str, tuple[int | None, str]] = field(default_factory=dict)
    status: str = "open"
    waiting_since: datetime | None = None


def sums(run: Run, rows: list[Row]) -> dict[int, tuple[int, ...]]:
    """What tells whether anything of a conversation changed, by its id: of threads (first how many messages) and tags."""
    ids = [row["id"] for row in rows]
    found = run.source.sums(
        "threads",
        "conversation_id",
        "coalesce(sum(type < 4 and state = 2), 0), count(*), max(id), coalesce(max(unix_timestamp(updated_at)), 0)",
        ids,
    )
    tagged = {}
    if run.source.has("conversation_tag"):
        tagged = run.source.sums("conversation_tag", "conversation_id", "count(*), sum(tag_id)", ids)
    return {number: (*found.get(number, (0,)), *tagged.get(number, ())) for number in ids}


def state_of(row: Row) -> str:
    return words.digest(row["status"], row["state"], row["user_id"], row["subject"], row["mailbox_id"])


def gather(run: Run, one: Brought) -> None:
    number, source = one.row["id"], run.source
    here = "where thread_id in (select t.id from threads t where t.conversation_id = %s) order by id"
    if source.has("tags") and source.has("conversation_tag"):
        rows = source.rows(
            "tags",
            "id name",
            "where id in (select tag_id from conversation_tag where conversation_id = %s)",
            [number],
        )
        one.tags = [str(row["name"]) for row in rows]
    if source.has("followers"):
        found = source.rows("followers", "conversation_id user_id", "where conversation_id = %s", [number])
        one.followers = [row["user_id"] for row in found]
    if source.has("attachments"):
        for row in source.rows("attachments", _FILES, here, [number]):
            one.files.setdefault(row["thread_id"], []).append(row)
    if source.has("send_logs"):
        for row in source.rows("send_logs", "id thread_id message_id mail_type", here, [number]):
            if row["mail_type"] == _SENT_TO_CUSTOMER and row["message_id"]:
                ids = headers.message_ids([f"<{str(row['message_id']).strip('<>')}>".encode()])
                one.sent[row["thread_id"]] = tuple(dict.fromkeys((*one.sent.get(row["thread_id"], ()), *ids)))
    fields = "conversation_custom_field"
    if source.has(fields) and (values := source.number(fields, "where conversation_id = %s", [number])):
        run.tally.left["values of custom fields"] += values


def threads(run: Run, number: int) -> Iterable[Row]:
    return run.source.stream(
        "threads", talk.THREADS, "where conversation_id = %s order by created_at, id", [number]
    )


def thread_ids(run: Run, number: int) -> list[int]:
    return [row["id"] for row in run.source.rows("threads", "id", "where conversation_id = %s", [number])]


def left_out(row: Row) -> str:
    """Why a thread does not come over, if it does not."""
    if row["type"] == words.LINE:
        told = (words.STATUS_CHANGED, words.USER_CHANGED, words.THROWN_AWAY, words.RESTORED)
        return (
            ""
            if row["action_type"] in told
            else "lines other than of status, assignee, trash (moved, merged …)"
        )
    if row["type"] not in talk.KINDS:
        return "threads of a kind that only modules have"
    return (
        ""
        if row["state"] in (words.DRAFT, words.PUBLISHED)
        else "threads that were hidden or held for review"
    )


def teammate(run: Run, foreign_id: int | None) -> Teammate | None:
    return run.team.get(foreign_id) if foreign_id else None


def customer_and_address(run: Run, row: Row) -> tuple[Customer, str]:
    """Whose conversation it is, and the address they are written to."""
    address = str(row["customer_email"] or "").strip().lower()
    found = customer_of(run, row["customer_id"]) if row["customer_id"] else None
    if found is None:
        found = recognise(address, name="")
    first = found.addresses.order_by("pk").values_list("address", flat=True).first()
    return found, address or first or ""


def customer_of(run: Run, foreign_id: int) -> Customer | None:
    our_id, _ = bring.records(run.name, "customer", [foreign_id]).get(str(foreign_id), (None, ""))
    found = Customer.objects.filter(pk=our_id).first() if our_id else None
    while found is not None and found.merged_into_id is not None:
        found = Customer.objects.get(pk=found.merged_into_id)
    return found


def already_by_mail(run: Run, number: int, mailbox_id: int) -> int | None:
    """The conversation that mail of this one, fetched before, made here."""
    rows = run.source.rows(
        "threads", "id type message_id", "where conversation_id = %s order by id", [number]
    )
    for row in rows:
        if row["type"] == words.CUSTOMER_WROTE and row["message_id"]:
            entry_id = by_mail(mailbox_id, f"<{str(row['message_id']).strip().strip('<>')}>")
            if entry_id is not None:
                return Entry.objects.values_list("conversation_id", flat=True).get(pk=entry_id)
    return None


def by_mail(mailbox_id: int, message_id: str) -> int | None:
    """The entry that a mail of this id made here."""
    if not message_id:
        return None
    own = MessageId.objects.filter(value=message_id, mailbox_id=mailbox_id, is_own=True)
    return own.order_by("entry_id").values_list("entry_id", flat=True).first()
