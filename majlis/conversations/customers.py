"""Which customers a teammate may see, found by name, address or company, and narrowed by what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from majlis.lib.arabic import normalise, sort_key
from majlis.people import queries as people
from majlis.people.models import Customer, CustomerAddress, CustomerView, Teammate

from .models import Conversation, Shelf, Status
from .queries import visible_to

PAGE = 30
AWAY = (Shelf.SPAM, Shelf.TRASH, Shelf.MERGED)
Cursor = tuple[bool, str, int]


def customers_visible_to(teammate: Teammate) -> QuerySet[Customer]:
    """The customers `teammate` may see: who wrote to one of their mailboxes, or to none at all (an imported one).

    The one place where this is decided. Somebody merged into another is not there any more.
    """
    if not teammate.is_active:
        return Customer.objects.none()
    found = Customer.objects.filter(merged_into=None)
    if teammate.is_admin:
        return found
    theirs = Conversation.objects.filter(customer_id=OuterRef("pk"))
    seen = theirs.filter(mailbox_id__in=people.mailbox_ids_visible_to(teammate))
    return found.filter(Exists(seen) | ~Exists(theirs))


def conversations_of_customer(
    teammate: Teammate, customer_id: int, *, besides: int | None = None
) -> QuerySet[Conversation]:
    """The conversations with a customer that `teammate` may see, newest first, `besides` one and those put away."""
    found = visible_to(teammate).filter(customer_id=customer_id).exclude(shelf__in=AWAY)
    return found.exclude(pk=besides).order_by("-pk") if besides else found.order_by("-pk")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What customers are looked for by; "" and None mean anything. `attribute` is a name, or name:value."""

    text: str = ""
    language: str = ""
    company: str = ""
    plan: str = ""
    attribute: str = ""
    has_open: bool = False
    since: date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Narrowing:
        """As an address says it: q, language, company, plan, attribute, open, since (ISO 8601 day)."""
        try:
            since = date.fromisoformat(query.get("since", ""))
        except ValueError:
            since = None
        texts = {
            name: " ".join(query.get(key, "").replace("\x00", "").split())[:200]
            for name, key in (
                ("text", "q"), ("language", "language"), ("company", "company"), ("plan", "plan"),
                ("attribute", "attribute"),
            )
        }  # fmt: skip
        return cls(**texts, has_open=query.get("open", "") == "1", since=since)

    def pairs(self) -> list[tuple[str, str]]:
        """What is set, as an address says it."""
        said = [
            ("q", self.text), ("language", self.language), ("company", self.company), ("plan", self.plan),
            ("attribute", self.attribute), ("open", "1" if self.has_open else ""),
            ("since", self.since.isoformat() if self.since else ""),
        ]  # fmt: skip
        return [(name, value) for name, value in said if value]

    def query(self, *, without: str = "") -> str:
        """The address's part after the question mark, one filter left out."""
        return urlencode([pair for pair in self.pairs() if pair[0] != without])


@dataclass(frozen=True, slots=True)
class Row:
    """One customer as the list shows them; `last_at` and `open_count` of the conversations one may see."""

    id: int
    name: str
    address: str
    company: str
    plan: str
    is_unwilling: bool
    last_at: datetime | None
    open_count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer."""

    languages: Sequence[str] = field(default_factory=list)
    plans: Sequence[str] = field(default_factory=list)


def found_by(teammate: Teammate, narrowing: Narrowing) -> QuerySet[Customer]:
    """The customers one may see and looks for."""
    found = customers_visible_to(teammate)
    for word in narrowing.text.split():
        addressed = CustomerAddress.objects.filter(
            customer_id=OuterRef("pk"), address__contains=normalise(word)
        )
        key = sort_key(word)
        matches = Q(Exists(addressed))
        if key:
            matches |= Q(name_key__contains=key) | Q(company__name_key__contains=key)
        found = found.filter(matches)
    if narrowing.language:
        found = found.filter(language=narrowing.language)
    if narrowing.company:
        found = found.filter(company__name_key=sort_key(narrowing.company))
    if narrowing.plan:
        found = found.filter(plan__iexact=narrowing.plan)
    if narrowing.attribute:
        name, _, value = (part.strip() for part in narrowing.attribute.partition(":"))
        found = (
            found.filter(attributes__contains={name: value})
            if value
            else found.filter(attributes__has_key=name)
        )
    if narrowing.has_open:
        found = found.filter(Exists(_open(teammate)))
    if narrowing.since:
        found = found.filter(customer_since_on__gte=narrowing.since)
    return found


def page(
    teammate: Teammate, narrowing: Narrowing, *, after: Cursor | None = None, size: int = PAGE
) -> tuple[list[Row], Cursor | None]:
    """One page by name, those without one at the end, and the cursor of the next page, None at the end."""
    found = found_by(teammate, narrowing).annotate(
        is_nameless=Case(
            When(name_key="", then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    )
    if after is not None:
        is_nameless, key, last = after
        later = Q(name_key__gt=key) | Q(name_key=key, pk__gt=last)
        found = found.filter(
            Q(is_nameless=True, pk__gt=last)
            if is_nameless
            else Q(is_nameless=True) | (Q(is_nameless=False) & later)
        )
    first = CustomerAddress.objects.filter(customer_id=OuterRef("pk")).order_by("pk").values("address")[:1]
    theirs = visible_to(teammate).filter(customer_id=OuterRef("pk")).exclude(shelf__in=AWAY).order_by()
    last_at = theirs.values("customer_id").annotate(at=Max("last_activity_at")).values("at")
    opened = _open(teammate).values("customer_id").annotate(n=Count("pk")).values("n")
    rows = list(
        found.select_related("company")
        .annotate(
            address=Coalesce(Subquery(first), Value(""), output_field=TextField()),
            last_at=Subquery(last_at),
            open_count=Coalesce(Subquery(opened), Value(0)),
        )
        .order_by("is_nameless", "name_key", "pk")[: size + 1]
    )
    shown = rows[:size]
    following = None
    if len(rows) > size:
        following = (not shown[-1].name_key, shown[-1].name_key, shown[-1].pk)
    return [_row(customer) for customer in shown], following


def choices(teammate: Teammate) -> Choices:
    """The languages and plans that the customers one may see have."""
    seen = customers_visible_to(teammate).order_by()
    known = seen.exclude(language="", plan="").values_list("language", "plan").distinct()[:500]
    languages, plans = set(), set()
    for language, plan in known:
        languages.add(language)
        plans.add(plan)
    return Choices(sorted(languages - {""}), sorted(plans - {""}, key=sort_key))


def customer_views(teammate: Teammate) -> list[CustomerView]:
    """The kept searches: everybody's, then one's own."""
    mine = CustomerView.objects.filter(Q(owner=None) | Q(owner=teammate))
    return sorted(mine, key=lambda view: (view.owner_id is not None, sort_key(view.name)))


def _open(teammate: Teammate) -> QuerySet[Conversation]:
    return (
        visible_to(teammate)
        .filter(customer_id=OuterRef("pk"))
        .exclude(status=Status.CLOSED)
        .exclude(shelf__in=AWAY)
        .order_by()
    )


def _row(customer: Any) -> Row:
    return Row(
        id=customer.pk,
        name=customer.name,
        address=customer.address,
        company=customer.company.name if customer.company else "",
        plan=customer.plan,
        is_unwilling=customer.is_unwilling,
        last_at=customer.last_at,
        open_count=customer.open_count,
    )
