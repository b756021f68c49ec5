"""What belongs to the made-up shop, and how much of it there is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from majlis.conversations.models import Conversation, Entry
from majlis.people.demo import DOMAIN
from majlis.people.models import Customer, CustomerAddress, Demo, Mailbox, Teammate

_MADE_UP = Q(address__endswith=f"@{DOMAIN}") | Q(address__endswith=f".{DOMAIN}")


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much a removal will take away."""

    conversations: int
    customers: int
    mailboxes: int
    teammates: int


def customers() -> QuerySet[Customer]:
    """Those who have addresses, all of them made up."""
    own = CustomerAddress.objects.filter(customer=OuterRef("pk"))
    return Customer.objects.filter(Exists(own.filter(_MADE_UP)) & ~Exists(own.exclude(_MADE_UP)))


def conversations(demo: Demo) -> QuerySet[Conversation]:
    """Those of the shop's mailboxes with the shop's customers; not one that also holds what came by another mailbox."""
    boxes = demo.made.get("mailboxes", [])
    elsewhere = Entry.objects.filter(conversation=OuterRef("pk")).exclude(mailbox__in=boxes)
    return Conversation.objects.filter(mailbox__in=boxes, customer__in=customers()).exclude(Exists(elsewhere))


def mailboxes(demo: Demo) -> QuerySet[Mailbox]:
    """The shop's, as long as nobody gave them an address of the company's own."""
    return Mailbox.objects.filter(_MADE_UP, pk__in=demo.made.get("mailboxes", []))


def teammates(demo: Demo) -> QuerySet[Teammate]:
    """The shop's people."""
    return Teammate.objects.filter(pk__in=demo.made.get("teammates", []), email__endswith=f"@{DOMAIN}")


def numbers(demo: Demo) -> Numbers:
    """What is there to be taken away."""
    return Numbers(
        conversations(demo).count(), customers().count(), mailboxes(demo).count(), teammates(demo).count()
    )
