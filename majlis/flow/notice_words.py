"""What a notification says, in the reader's language: the same words in the bell, in a push and in a letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from majlis.conversations.actions.receive import snippet
from majlis.conversations.models import Conversation, Entry, EntryKind, Status
from majlis.journal.kinds import SHOWN
from majlis.journal.models import Event
from majlis.people.models import Notification, NotificationKind, Teammate
from majlis.people.queries import VISIBLE_IDS

_RIGHTS = (
    f"select t.id, {VISIBLE_IDS} from people_teammate t"  # noqa: S608
    " where t.is_active and t.id = any(%s::bigint[])"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A notification in words: who did what, about what, and the address that lands on it.

    `text` is the subject and, on a line of its own, the first words; `path` is the address within the desk.
    """

    title: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """A notification with what it tells of, where that stands today; `actor` is the teammate who did it."""

    notification: Notification
    event: Event
    conversation: Conversation
    entry: Entry | None
    actor: Teammate | None

    @property
    def tag(self) -> str:
        """What browsers replace an older notification by."""
        return f"c{self.conversation.pk}"

    @property
    def number(self) -> int | None:
        """The conversation it stands in."""
        return self.conversation.pk

    def said(self, language: str) -> Said:
        """It in words."""
        return said(
            self.notification,
            event=self.event,
            conversation=self.conversation,
            entry=self.entry,
            actor=self.actor,
            language=language,
        )


def said(
    notification: Notification,
    *,
    event: Event,
    conversation: Conversation,
    entry: Entry | None,
    actor: Teammate | None,
    language: str,
) -> Said:
    """What is said of it to somebody who reads `language`."""
    with translation.override(language):
        title = _title(notification, event, entry, _who(entry, actor, language))
        subject = " ".join(conversation.subject.split()) or _("No subject")
    words = snippet(entry.text) if entry is not None else ""
    return Said(title, "\n".join(filter(None, (subject, words))), _path(event, conversation, entry))


def gather(notifications: Iterable[Notification]) -> list[Gathered]:
    """What these tell of conversations, in their order, in as many statements for one as for many.

    Left out is what its teammate may not see any more, and what is gone or was taken back.
    """
    asked = [one for one in notifications if one.conversation_id is not None]
    if not asked:
        return []
    seen = _rights({one.teammate_id for one in asked})
    events = Event.objects.in_bulk({one.event_id for one in asked})
    entries = _entries({one.entry_id for one in asked if one.entry_id})
    standing = {one.event_id: _number(one, events, entries) for one in asked}
    conversations = Conversation.objects.select_related("mailbox", "customer").in_bulk(set(standing.values()))
    actors = Teammate.objects.in_bulk({event.actor_id for event in events.values() if event.actor_id})
    found = []
    for one in asked:
        event, entry = events.get(one.event_id), entries.get(one.entry_id or 0)
        conversation = conversations.get(standing[one.event_id])
        if event is None or conversation is None or (one.entry_id and entry is None):
            continue
        if conversation.mailbox_id in seen.get(one.teammate_id, ()):
            found.append(Gathered(one, event, conversation, entry, actors.get(event.actor_id or 0)))
    return found


def _rights(teammate_ids: set[int]) -> dict[int, Sequence[int]]:
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, [sorted(teammate_ids)])
        return dict(cursor.fetchall())


def _entries(ids: set[int]) -> dict[int, Entry]:
    found = (
        Entry.objects.filter(is_withdrawn=False)
        .select_related("customer")
        .defer("html", "quoted", "quoted_above")
    )
    return found.in_bulk(ids)


def _number(one: Notification, events: dict[int, Event], entries: dict[int, Entry]) -> int:
    """The conversation it stands in today: entries and events move when conversations are merged or split."""
    if (entry := entries.get(one.entry_id or 0)) is not None:
        return entry.conversation_id
    event = events.get(one.event_id)
    return (event.conversation_id if event is not None else None) or one.conversation_id or 0


def _who(entry: Entry | None, actor: Teammate | None, language: str) -> str:
    """Who did it, isolated from the sentence's direction; empty for the desk itself."""
    if actor is not None:
        name = actor.name_for(language)
    elif entry is not None and entry.teammate_id is None:
        known = (entry.from_name, entry.customer.name if entry.customer else "", entry.from_address)
        name = next(filter(None, known), "") or _("Unknown sender")
    else:
        return ""
    return f"\u2068{name}\u2069"


def _title(notification: Notification, event: Event, entry: Entry | None, who: str) -> str:
    kind = notification.kind
    if kind == NotificationKind.ASSIGNED:
        told = _("%(who)s assigned a conversation to you") if who else _("A conversation is yours now")
    elif kind == NotificationKind.MENTIONED:
        told = _("%(who)s mentioned you")
    elif kind == NotificationKind.ANSWERED:
        told = _("%(who)s answered")
    elif event.kind == "automatic.stopped":
        told = _("Automatic mail to %(address)s has stopped")
    elif kind == NotificationKind.FAILED:
        told = (
            _("A reply of yours waits for a decision")
            if event.kind == "delivery.held"
            else _("A reply of yours did not arrive")
        )
    elif kind == NotificationKind.NEW:
        told = _("New message from %(who)s")
    else:
        return _followed(event, entry, who)
    return told % {"who": who, "address": f"\u2066{event.data.get('address', '')}\u2069"}


def _followed(event: Event, entry: Entry | None, who: str) -> str:
    """What happened in a conversation the reader follows."""
    if event.kind == "status.changed":
        after = str(event.data.get("after", ""))
        label = Status(after).label if after in Status.values else after
        return _("You follow it: %(who)s set the status to %(status)s") % {"who": who, "status": label}
    told = {
        EntryKind.REPLY.value: _("You follow it: a reply by %(who)s"),
        EntryKind.NOTE.value: _("You follow it: a note by %(who)s"),
    }
    kind = str(entry.kind) if entry is not None else ""
    return told.get(kind, _("You follow it: a message from %(who)s")) % {"who": who}


def _path(event: Event, conversation: Conversation, entry: Entry | None) -> str:
    if event.kind == "automatic.stopped" and event.mailbox_id is not None:
        return reverse("settings_mailbox_automatic", args=[event.mailbox_id])
    address = reverse("conversation", args=[conversation.pk])
    if entry is not None:
        return f"{address}#entry-{entry.pk}"
    return f"{address}#event-{event.seq}" if event.kind in SHOWN else address
