"""Taking the shop away: exactly what was made, and what happened in it; nothing of the team's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, ProtectedError, QuerySet
from django.db.models.deletion import RestrictedError

from majlis.channels.models import RawMessage, ReturnedAddress
from majlis.conversations.actions.assign import assign_to
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.recount import recount
from majlis.conversations.models import (
    Attachment,
    Conversation,
    ConversationTag,
    DraftFile,
    Entry,
    Tag,
    Topic,
)
from majlis.demo import belongings
from majlis.demo.making import Made, hold
from majlis.files.models import File
from majlis.files.sweeping import remove_unowned
from majlis.journal import actions as journal
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people.demo import DOMAIN
from majlis.people.models import (
    Company,
    Customer,
    Demo,
    Department,
    Mailbox,
    Notification,
    Team,
    Teammate,
    TeamMember,
)


def remove(*, by: Teammate | None = None) -> Made:
    """Take the shop away in one transaction, then its files. Raises Refused: `demo_missing`, `demo_busy`.

    What the team put into it of its own stays, with whatever it needs to stand on: mail of real customers in one of
    its mailboxes, a tag that is used elsewhere, a colleague who has written somewhere else.
    """
    with transaction.atomic():
        hold()
        demo = Demo.objects.filter(made_at__isnull=False).first()
        if demo is None:
            raise Refused("demo_missing")
        boxes = demo.made.get("mailboxes", [])
        doomed = list(belongings.conversations(demo).values_list("pk", flat=True))
        files = _files(doomed, demo.made)
        _hand_back(demo, doomed)
        _conversations(doomed, demo.made.get("raws", []))
        ReturnedAddress.objects.filter(address__endswith=f"@{DOMAIN}").delete()
        number = _customers()
        _rest(demo)
        Event.objects.filter(mailbox_id__in=boxes).exclude(
            mailbox_id__in=list(Mailbox.objects.values_list("pk", flat=True))
        ).delete()
        if Mailbox.objects.filter(pk__in=boxes).exists():
            recount()
        Demo.objects.filter(pk=demo.pk).update(asked="", problem="", made_at=None, made={}, done=0, whole=0)
        told = {"conversations": len(doomed), "customers": number}
        journal.record("demo.removed", actor_id=by.pk if by else None, data=told)
    # Nobody owns them now; should this process die here, the hourly sweep takes them.
    remove_unowned(older_than=timedelta(0), among=files)
    return Made(len(doomed), number)


def _files(doomed: list[int], made: Mapping[str, list[int]]) -> set[int]:
    """The stored bytes that are held by what will go, and those that nobody held from the start."""
    held: set[int | None] = set()
    for rows in (
        Entry.objects.filter(conversation__in=doomed).values_list("raw_id", flat=True),
        Attachment.objects.filter(entry__conversation__in=doomed).values_list("file_id", flat=True),
        DraftFile.objects.filter(draft__conversation__in=doomed).values_list("file_id", flat=True),
        RawMessage.objects.filter(entry__conversation__in=doomed).values_list("file_id", flat=True),
        RawMessage.objects.filter(pk__in=made.get("raws", [])).values_list("file_id", flat=True),
    ):
        held.update(rows)
    first, last = made.get("files", (0, 0))
    held.update(File.objects.filter(pk__gt=first, pk__lte=last).values_list("pk", flat=True))
    return {pk for pk in held if pk is not None}


def _hand_back(demo: Demo, doomed: list[int]) -> None:
    """What the team gave to a made-up colleague is nobody's again."""
    given = Conversation.objects.filter(assignee__in=belongings.teammates(demo)).exclude(pk__in=doomed)
    for number in list(given.order_by("pk").values_list("pk", flat=True)):
        with changing(number, is_merged=True) as change:
            assign_to(change, None, by=None)


def _conversations(doomed: list[int], raws: list[int]) -> None:
    RawMessage.objects.filter(entry__conversation__in=doomed).delete()
    RawMessage.objects.filter(pk__in=raws).delete()
    Event.objects.filter(conversation_id__in=doomed).delete()
    Notification.objects.filter(conversation_id__in=doomed).delete()
    Conversation.objects.filter(pk__in=doomed).delete()


def _customers() -> int:
    """The made-up customers who are part of nothing any more; how many they were."""
    entries = Entry.objects.filter(customer=OuterRef("pk"))
    held = Conversation.objects.filter(customer=OuterRef("pk"))
    gone = list(
        belongings.customers().exclude(Exists(entries)).exclude(Exists(held)).values_list("pk", flat=True)
    )
    merged = list(
        Customer.objects.filter(merged_into__in=gone, addresses=None)
        .exclude(Exists(entries))
        .exclude(Exists(held))
        .values_list("pk", flat=True)
    )
    Customer.objects.filter(pk__in=[*gone, *merged]).delete()
    return len(gone)


def _rest(demo: Demo) -> None:
    """Mailboxes, people, teams and names, those that are still in use left out."""
    _unused(belongings.mailboxes(demo).filter(~Exists(Conversation.objects.filter(mailbox=OuterRef("pk")))))
    for teammate in belongings.teammates(demo):
        if not _unused([teammate]):
            Teammate.objects.filter(pk=teammate.pk).update(is_active=False)
    made = demo.made
    members = TeamMember.objects.filter(team=OuterRef("pk"))
    answering = Mailbox.objects.filter(team=OuterRef("pk"))
    working = Conversation.objects.filter(team=OuterRef("pk"))
    _unused(
        Team.objects.filter(pk__in=made.get("teams", []))
        .exclude(Exists(members))
        .exclude(Exists(answering))
        .exclude(Exists(working))
    )
    _unused(Department.objects.filter(pk__in=made.get("departments", []), teams=None))
    _unused(Company.objects.filter(pk__in=made.get("companies", []), customers=None))
    tagged = ConversationTag.objects.filter(tag=OuterRef("pk"))
    _unused(Tag.objects.filter(pk__in=made.get("tags", [])).exclude(Exists(tagged)))
    _unused(Topic.objects.filter(pk__in=made.get("topics", []), conversations=None))


def _unused(rows: QuerySet[Model] | Iterable[Model]) -> bool:
    """Delete those that nothing else rests on; False when one has to stay."""
    is_whole = True
    for row in rows:
        try:
            with transaction.atomic():
                row.delete()
        except (ProtectedError, RestrictedError):
            is_whole = False
    return is_whole
