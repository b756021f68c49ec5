"""Conversations brought along from another desk, with their own times. Nobody is told, nothing is answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from majlis.conversations.models import (
    Beginning,
    Conversation,
    ConversationTag,
    Draft,
    Entry,
    EntryKind,
    Follower,
    Tag,
)
from majlis.files.models import File
from majlis.journal.actions import Told
from majlis.journal.models import Event
from majlis.people.models import Customer, Mailbox, Teammate

from . import words
from .changing import Change, changing
from .entering import enter
from .moving import put, retell, units
from .participate import Named, participate
from .receive import snippet
from .tag import LONGEST

_KINDS = {
    EntryKind.MESSAGE: "customer.wrote",
    EntryKind.REPLY: "reply.posted",
    EntryKind.NOTE: "note.added",
}


@dataclass(frozen=True, slots=True)
class Said:
    """Something said long ago. `ids` are further ids that an answer may name; `html` is sanitised."""

    kind: EntryKind
    at: datetime
    text: str
    quoted_above: str = ""
    signature: str = ""
    quoted: str = ""
    html: str = ""
    has_remote_images: bool = False
    teammate: Teammate | None = None
    customer: Customer | None = None
    from_name: str = ""
    from_address: str = ""
    to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)
    bcc: list[str] = field(default_factory=list)
    message_id: str = ""
    ids: tuple[str, ...] = ()
    details: dict[str, object] | None = None
    raw: File | None = None
    message_key: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stood when it was left."""

    status: str
    subject: str
    assignee_id: int | None
    closed_at: datetime | None
    waiting_since: datetime | None
    is_spam: bool
    is_thrown_away: bool


def say(change: Change, said: Said, *, people: Sequence[Named] = (), own: Collection[str] = ()) -> Entry:
    """Add what was said to the conversation held; whoever of `people` is not our `own` takes part."""
    conversation = change.conversation
    seq = change.next_seq()
    entry = Entry(
        conversation=conversation,
        mailbox_id=conversation.mailbox_id,
        seq=seq,
        changed_seq=seq,
        kind=said.kind,
        teammate=said.teammate,
        customer=said.customer,
        from_name=said.from_name,
        from_address=said.from_address,
        to=said.to,
        cc=said.cc,
        bcc=said.bcc,
        subject=conversation.subject if said.kind != EntryKind.NOTE else "",
        text=said.text,
        quoted_above=said.quoted_above,
        signature=said.signature,
        quoted=said.quoted,
        html=said.html,
        has_remote_images=said.has_remote_images,
        message_id=said.message_id,
        message_key=said.message_key,
        is_historic=True,
        raw=said.raw,
        details=said.details,
        written_at=said.at,
        created_at=said.at,
    )
    enter(entry, references=said.ids)
    actor = said.teammate.pk if said.teammate else None
    data = {"entry": entry.pk} | ({"automatic": ""} if said.kind == EntryKind.MESSAGE else {})
    change.told.append(Told(_KINDS[said.kind], seq, actor, said.at, data))
    conversation.last_activity_at = max(conversation.last_activity_at, said.at)
    if said.kind != EntryKind.NOTE:
        conversation.snippet = snippet(said.text)
        participate(conversation, people, own=own)
    return entry


def tell(
    change: Change, kind: str, *, at: datetime, actor_id: int | None, data: Mapping[str, object]
) -> None:
    """A line of the past in the thread: what somebody did to the conversation then."""
    change.told.append(Told(kind, change.next_seq(), actor_id, at, dict(data)))


def rest(change: Change, standing: Standing) -> None:
    """Leave the conversation as it stood. What had been thrown away lies in the trash from today on."""
    here = change.conversation
    here.status, here.subject = standing.status, standing.subject
    here.assignee_id, here.closed_at = standing.assignee_id, standing.closed_at
    here.waiting_since = standing.waiting_since
    here.is_spam = standing.is_spam
    here.spam_reason = (here.spam_reason or "FreeScout") if standing.is_spam else ""
    if not standing.is_thrown_away:
        here.deleted_at = None
    elif here.deleted_at is None:
        here.deleted_at = timezone.now()


def is_untouched(conversation: Conversation) -> bool:
    """Claims that all that stands there is of the past: nobody wrote or answered here yet."""
    return (
        conversation.is_historic
        and not Entry.objects.filter(conversation=conversation, is_historic=False).exists()
    )


def put_in_order(conversation_id: int) -> None:
    """Give everything in a conversation its place by time, where something came late."""
    with changing(conversation_id) as change:
        lines = units(conversation_id)
        in_time = sorted(lines, key=lambda line: line[1])
        if in_time == lines:
            return
        entries: dict[int, int] = {}
        events: dict[int, int] = {}
        for _, _, entry_ids, event_ids in in_time:
            seq = change.next_seq()
            entries |= dict.fromkeys(entry_ids, seq)
            events |= dict.fromkeys(event_ids, seq)
        put(entries, events, into=change.conversation, changed=change.conversation.seq)
        retell(change.conversation)


def settle(conversation_id: int, *, after: int) -> None:
    """Nothing follows from the events of this conversation above seq `after`: they are of the past."""
    lines = Event.objects.filter(conversation_id=conversation_id, seq__gt=after, reacted_at=None)
    lines.update(reacted_at=timezone.now())


def correct(change: Change, entry_id: int, said: Said) -> None:
    """What was said was changed there since."""
    entry = Entry.objects.get(pk=entry_id)
    entry.text, entry.quoted, entry.html = said.text, said.quoted, said.html
    entry.quoted_above, entry.signature = said.quoted_above, said.signature
    entry.has_remote_images, entry.changed_seq = said.has_remote_images, change.next_seq()
    entry.save(
        update_fields=[
            "text",
            "quoted_above",
            "signature",
            "quoted",
            "html",
            "has_remote_images",
            "changed_seq",
        ]
    )
    words.refresh([entry_id])


def put_tags(conversation: Conversation, names: Sequence[str]) -> None:
    """Put tags on, without a line: when that was done nobody knows."""
    for name in dict.fromkeys(" ".join(name.split())[:LONGEST] for name in names):
        if name:
            found = Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
            ConversationTag.objects.get_or_create(conversation=conversation, tag=found)


def put_followers(conversation: Conversation, teammate_ids: Sequence[int]) -> None:
    """Have these teammates follow it."""
    rows = [Follower(conversation=conversation, teammate_id=pk) for pk in teammate_ids]
    Follower.objects.bulk_create(rows, ignore_conflicts=True)


def put_draft(
    conversation: Conversation, teammate: Teammate, *, mode: str, text: str, html: str, at: datetime
) -> Draft | None:
    """Somebody's draft; None when they have one of that mode here already."""
    made, is_new = Draft.objects.get_or_create(
        teammate=teammate,
        conversation=conversation,
        mode=mode,
        defaults={"text": text, "html": html, "updated_at": at},
    )
    return made if is_new else None


def take_draft(draft_id: int) -> None:
    """A draft that was brought along has left meanwhile; one that was worked on here since stays."""
    Draft.objects.filter(pk=draft_id, version=1).delete()


def put_beginning(
    key: UUID, teammate: Teammate, mailbox: Mailbox, *, to: str, subject: str, text: str, at: datetime
) -> Beginning:
    """A conversation that somebody was about to begin."""
    values = {"teammate": teammate, "mailbox": mailbox, "to": to, "subject": subject, "text": text}
    return Beginning.objects.get_or_create(key=key, defaults={**values, "updated_at": at})[0]
