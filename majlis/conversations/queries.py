"""Reading conversations, always through the person who asks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from majlis.people import queries as people
from majlis.people.models import Teammate

from .models import Attachment, Conversation, Counter, Entry, Shelf, Tag

FOLDERS = ("unassigned", "mine", "all", "snoozed", "closed", "spam", "trash")


def visible_to(teammate: Teammate) -> QuerySet[Conversation]:
    """The conversations this teammate may see: those of their mailboxes."""
    return Conversation.objects.filter(mailbox_id__in=people.mailbox_ids_visible_to(teammate))


def entries_visible_to(teammate: Teammate) -> QuerySet[Entry]:
    """The entries this teammate may see: their conversation's mailbox decides, not the one they came in by."""
    mailbox_ids = people.mailbox_ids_visible_to(teammate)
    return Entry.objects.filter(conversation__mailbox_id__in=mailbox_ids, is_withdrawn=False)


def attachments_visible_to(teammate: Teammate) -> QuerySet[Attachment]:
    """The attachments this teammate may see."""
    return Attachment.objects.filter(
        entry__conversation__mailbox_id__in=people.mailbox_ids_visible_to(teammate),
        entry__is_withdrawn=False,
    )


def linked(teammate: Teammate, conversation: Conversation) -> list[Conversation]:
    """Conversations of other mailboxes that hold one of this one's messages too."""
    keys = Entry.objects.filter(conversation=conversation, message_key__isnull=False).values("message_key")
    return list(
        visible_to(teammate)
        .filter(entries__message_key__in=keys)
        .exclude(pk=conversation.pk)
        .select_related("mailbox")
        .distinct()
        .order_by("pk")[:5]
    )


def tags_of(conversation: Conversation) -> list[Tag]:
    """The conversation's tags, by name."""
    return list(Tag.objects.filter(tagged__conversation=conversation).order_by("name"))


@dataclass(frozen=True, slots=True)
class FolderCounts:
    """How many conversations each folder holds, in all and by mailbox (open ones)."""

    mine: int
    unassigned: int
    all: int
    closed: int
    snoozed: int
    spam: int
    trash: int
    by_mailbox: dict[int, int]


def folder_counts(teammate: Teammate, *, mailbox_ids: list[int] | None = None) -> FolderCounts:
    """The counts of the folders from the counter rows of the visible mailboxes."""
    if mailbox_ids is None:
        mailbox_ids = people.mailbox_ids_visible_to(teammate)
    mine = unassigned = 0
    shelves: dict[str, int] = defaultdict(int)
    by_mailbox: dict[int, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(
            "select mailbox_id, shelf,"
            " sum(number), sum(number) filter (where assignee_id = 0),"
            " sum(number) filter (where assignee_id = %s)"
            " from conversations_counter where mailbox_id = any(%s) group by 1, 2",
            [teammate.pk, mailbox_ids],
        )
        for mailbox_id, shelf, number, of_nobody, own in cursor.fetchall():
            shelves[shelf] += number or 0
            if shelf == Shelf.DESK:
                by_mailbox[mailbox_id] = number or 0
                unassigned += of_nobody or 0
                mine += own or 0
    return FolderCounts(
        mine=mine,
        unassigned=unassigned,
        all=shelves[Shelf.DESK],
        closed=shelves[Shelf.CLOSED],
        snoozed=shelves[Shelf.SNOOZED],
        spam=shelves[Shelf.SPAM],
        trash=shelves[Shelf.TRASH],
        by_mailbox=dict(by_mailbox),
    )


def counters_off() -> list[tuple[int, int, str, int, int]]:
    """Counter rows that differ from the truth: (mailbox, assignee, shelf, counted, true)."""
    truth: dict[tuple[int, int, str], int] = defaultdict(int)
    for conversation in Conversation.objects.order_by().iterator():
        truth[(conversation.mailbox_id, conversation.assignee_id or 0, str(conversation.lies_on.value))] += 1
    counted = {(row.mailbox_id, row.assignee_id, row.shelf): row.number for row in Counter.objects.all()}
    return [
        (*at, counted.get(at, 0), truth.get(at, 0))
        for at in sorted(counted.keys() | truth.keys())
        if counted.get(at, 0) != truth.get(at, 0)
    ]
