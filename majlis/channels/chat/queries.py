"""What a visitor may see: their own conversations, and of those what was said between them and us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Max, Prefetch, Q, QuerySet

from majlis.channels.chat.models import ChatThread, Visitor, Widget
from majlis.channels.chat.visitors import siblings
from majlis.conversations.models import Attachment, Conversation, Entry, EntryKind, ReadMark, Status
from majlis.lib.errors import Refused

ACKNOWLEDGEMENT = "acknowledgement"
MOST_LISTED = 20
MOST_ENTRIES = 300

# Unread: answers a person gave that the visitor's browser has not shown.
_UNREAD = (
    "select t.conversation_id, count(e.id) from channels_chatthread t"
    " join conversations_entry e on e.conversation_id = t.conversation_id and e.seq > t.read_seq"
    "  and e.kind = 'reply' and not e.is_withdrawn"
    " where t.conversation_id = any(%s::bigint[]) group by 1"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in a visitor's list."""

    conversation: Conversation
    unread: int


def widget_of(key: str) -> Widget:
    """The widget of this key, with its brand. Raises Refused("no_such_widget") for none, or one that is off."""
    found = (
        Widget.objects.select_related("brand__logo", "mailbox", "rule")
        .filter(key=key.replace("\x00", "")[:24], is_on=True)
        .first()
    )
    if found is None:
        raise Refused("no_such_widget")
    return found


def threads_of(visitor: Visitor) -> QuerySet[ChatThread]:
    """The chats of this person: never another's, none that a teammate put into another conversation."""
    return ChatThread.objects.filter(
        visitor__in=siblings(visitor), conversation__merged_into=None, conversation__deleted_at=None
    )


def thread_of(visitor: Visitor, conversation_id: int) -> ChatThread:
    """One of them. Raises Refused("not_found") for any other, whoever it belongs to."""
    found = (
        threads_of(visitor)
        .select_related("conversation", "visitor")
        .filter(conversation_id=conversation_id)
        .first()
    )
    if found is None:
        raise Refused("not_found")
    return found


def listed(visitor: Visitor) -> list[Listed]:
    """The newest of them, with how many answers are unread."""
    found = [
        thread.conversation
        for thread in threads_of(visitor)
        .select_related("conversation")
        .order_by("-conversation__last_activity_at")[:MOST_LISTED]
    ]
    unread = _unread([one.pk for one in found])
    return [Listed(one, unread.get(one.pk, 0)) for one in found]


def unread_of(visitor: Visitor) -> int:
    """How many answers a visitor has not seen, in all their chats."""
    return sum(_unread(list(threads_of(visitor).values_list("pk", flat=True)[:MOST_LISTED])).values())


def is_in_talk(visitor: Visitor) -> bool:
    """Claims that a conversation of theirs goes on: nobody is locked out of one by a rule."""
    return threads_of(visitor).exclude(conversation__status=Status.CLOSED).exists()


def entries(conversation: Conversation, *, since: int = 0) -> list[Entry]:
    """What a visitor sees of a conversation, made or changed after `since`, in its order; the newest 300.

    What they and we said, whichever way it went; no notes, no copies passed on, nothing others wrote. Withdrawn ones
    are among them when they changed after `since`.
    """
    said = Q(kind=EntryKind.REPLY) | Q(kind=EntryKind.AUTO, automatic=ACKNOWLEDGEMENT)
    theirs = Q(customer=conversation.customer_id) | Q(details__has_key="key")
    said |= Q(kind=EntryKind.MESSAGE) & theirs
    found = Entry.objects.filter(said, conversation=conversation, changed_seq__gt=since)
    if not since:
        found = found.filter(is_withdrawn=False)
    files = Attachment.objects.select_related("file").order_by("pk")
    newest = found.select_related("teammate").prefetch_related(Prefetch("attachments", files))
    return list(reversed(newest.order_by("-seq")[:MOST_ENTRIES]))


def read_by_team(conversation_id: int) -> int:
    """How far anybody of the team has read."""
    found = ReadMark.objects.filter(conversation=conversation_id).aggregate(Max("seq"))["seq__max"]
    return int(found or 0)


def _unread(ids: Sequence[int]) -> dict[int, int]:
    if not ids:
        return {}
    values: list[Any] = [list(ids)]
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, values)
        return dict(cursor.fetchall())
