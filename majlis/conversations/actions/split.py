"""Part of a conversation becomes one of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from majlis.conversations.models import Conversation, Entry, EntryKind, Status
from majlis.lib.errors import Refused
from majlis.people.models import Customer, Teammate

from . import moving
from .changing import changing
from .open import opening

LONGEST = 300
_WHO = (
    "insert into conversations_participant (conversation_id, address, name, is_customer)"
    " select %s::bigint, address, name, false from conversations_participant"
    " where conversation_id = %s and lower(address) = any(%s::text[]) order by id on conflict do nothing"
)


def split(
    number: int,
    entry_ids: Sequence[int],
    *,
    subject: str,
    teammate: Teammate,
    mailbox_ids: Collection[int],
) -> Conversation:
    """Move these entries of a conversation, with their message ids, into a new one; it has the same assignee.

    Later replies to them land there. Merging it back undoes it.

    Raises Refused: not_found, nothing_chosen, nothing_left (something must stay), no_subject, subject_too_long.
    """
    subject = " ".join(subject.split())
    if not subject:
        raise Refused("no_subject")
    if len(subject) > LONGEST:
        raise Refused("subject_too_long", longest=LONGEST)
    with changing(number) as source:
        here = source.conversation
        if here.mailbox_id not in mailbox_ids:
            raise Refused("not_found")
        said = Entry.objects.filter(conversation=here, is_withdrawn=False).order_by("seq")
        chosen = list(said.filter(pk__in=list(entry_ids)).select_related("customer"))
        if not chosen:
            raise Refused("nothing_chosen")
        if len(chosen) == said.count():
            raise Refused("nothing_left")
        customer, address, name = _customer(here, chosen)
        with opening(
            here.mailbox_id,
            customer,
            subject=subject,
            address=address,
            name=name,
            now=max(entry.created_at for entry in chosen),
            savepoint=False,
        ) as made:
            there = made.conversation
            there.assignee_id = here.assignee_id
            _move(here, chosen, there)
            for one in (there, here):
                moving.retell(one)
            _stand(there)
            if here.waiting_since is not None:
                here.waiting_since = _waits(here)
            there.created_at = timezone.now()
            told = {"number": there.pk, "name": subject, "entries": [entry.pk for entry in chosen]}
            source.record("split", actor_id=teammate.pk, data=told)
            made.record("split.from", actor_id=teammate.pk, data={"number": here.pk, "name": here.subject})
    return there


def _customer(here: Conversation, chosen: Sequence[Entry]) -> tuple[Customer, str, str]:
    """Whose the new one is: who wrote first of what is chosen, else the customer of the old one; the address too."""
    for entry in chosen:
        if entry.kind == EntryKind.MESSAGE and entry.customer is not None:
            return entry.customer, entry.from_address, entry.from_name
    known = here.participants.filter(is_customer=True).order_by("pk").first()
    return here.customer, known.address if known else "", known.name if known else ""


def _move(here: Conversation, chosen: Sequence[Entry], there: Conversation) -> None:
    ids = {entry.pk for entry in chosen}
    lines = [unit for unit in moving.units(here.pk) if ids.intersection(unit[2])]
    entries = {entry: place for place, (_, _, found, _) in enumerate(lines, 1) for entry in found}
    events = {event: place for place, (_, _, _, found) in enumerate(lines, 1) for event in found}
    there.seq = len(lines)
    moving.put(entries, events, into=there)
    addresses = {
        address.lower()
        for entry in chosen
        for address in (entry.from_address, *entry.to, *entry.cc)
        if address
    }
    with connection.cursor() as cursor:
        cursor.execute(_WHO, [there.pk, here.pk, sorted(addresses)])


def _stand(there: Conversation) -> None:
    """Where the new one stands: somebody waits, or we wait for somebody."""
    there.waiting_since = _waits(there)
    if there.waiting_since is None:
        there.status = Status.WAITING
    elif there.assignee_id is not None:
        there.status = Status.IN_PROGRESS


def _waits(conversation: Conversation) -> datetime | None:
    """Since when a customer waits, as far as what stands there tells: since the first message after our last answer."""
    said = Entry.objects.filter(conversation=conversation, is_withdrawn=False)
    answered = said.filter(kind=EntryKind.REPLY).order_by("-seq").values_list("seq", flat=True).first() or 0
    wrote = said.filter(kind=EntryKind.MESSAGE, automatic="", is_historic=False, seq__gt=answered)
    return wrote.order_by("seq").values_list("created_at", flat=True).first()
