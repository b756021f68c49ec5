"""Reading conversations, always through the person who asks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from majlis.people import queries as people
from majlis.people.models import Teammate

from .models import Attachment, Conversation, Counter, Entry, Status, Tag

FOLDERS = ("unassigned", "mine", "all", "closed")


def visible_to(teammate: Teammate) -> QuerySet[Conversation]:
    """The conversations this teammate may see: those of their mailboxes."""
    return Conversation.objects.filter(mailbox_id__in=people.mailbox_ids_visible_to(teammate))


def entries_visible_to(teammate: Teammate) -> QuerySet[Entry]:
    """The entries this teammate may see."""
    return Entry.objects.filter(mailbox_id__in=people.mailbox_ids_visible_to(teammate), is_withdrawn=False)


def attachments_visible_to(teammate: Teammate) -> QuerySet[Attachment]:
    """The attachments this teammate may see."""
    return Attachment.objects.filter(
        entry__mailbox_id__in=people.mailbox_ids_visible_to(teammate), entry__is_withdrawn=False
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
    by_mailbox: dict[int, int]


def folder_counts(teammate: Teammate, *, mailbox_ids: list[int] | None = None) -> FolderCounts:
    """The counts of the folders from the counter rows of the visible mailboxes."""
    if mailbox_ids is None:
        mailbox_ids = people.mailbox_ids_visible_to(teammate)
    mine = unassigned = open_ = closed = 0
    by_mailbox: dict[int, int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(
            "select mailbox_id, is_closed,"
            " sum(number), sum(number) filter (where assignee_id = 0),"
            " sum(number) filter (where assignee_id = %s)"
            " from conversations_counter where mailbox_id = any(%s) group by 1, 2",
            [teammate.pk, mailbox_ids],
        )
        for mailbox_id, is_closed, number, of_nobody, own in cursor.fetchall():
            if is_closed:
                closed += number or 0
                continue
            open_ += number or 0
            by_mailbox[mailbox_id] = number or 0
            unassigned += of_nobody or 0
            mine += own or 0
    return FolderCounts(
        mine=mine, unassigned=unassigned, all=open_, closed=closed, by_mailbox=dict(by_mailbox)
    )


def counters_off() -> list[tuple[int, int, bool, int, int]]:
    """Counter rows that differ from the truth: (mailbox, assignee, closed, counted, true)."""
    truth: dict[tuple[int, int, bool], int] = defaultdict(int)
    for mailbox_id, assignee_id, status in (
        Conversation.objects.order_by().values_list("mailbox_id", "assignee_id", "status").iterator()
    ):
        truth[(mailbox_id, assignee_id or 0, status == Status.CLOSED)] += 1
    counted = {(row.mailbox_id, row.assignee_id, row.is_closed): row.number for row in Counter.objects.all()}
    return [
        (*at, counted.get(at, 0), truth.get(at, 0))
        for at in sorted(counted.keys() | truth.keys())
        if counted.get(at, 0) != truth.get(at, 0)
    ]


def others_of_customer(teammate: Teammate, conversation: Conversation) -> list[Conversation]:
    """The customer's other conversations that this teammate may see, newest first, ten at most."""
    return list(
        visible_to(teammate)
        .filter(Q(customer_id=conversation.customer_id))
        .exclude(pk=conversation.pk)
        .order_by("-pk")[:10]
    )
