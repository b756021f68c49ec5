"""People brought along from another desk: what they became here, and that it is known the next time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from majlis.journal.actions import record
from majlis.lib.arabic import sort_key
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.models import (
    Customer,
    CustomerAddress,
    CustomerNote,
    ImportedRecord,
    MailboxAccess,
    Role,
    Teammate,
)

from .customer_addresses import add_address
from .customers import LONGEST_NAME, LONGEST_VALUE, MOST_ATTRIBUTES, TEXTS, company_named
from .recognise import recognise
from .teammates import checked_role, join_first_team


def keep_record(source: str, kind: str, foreign_id: object, our_id: int | None, digest: str = "") -> None:
    """Write down what a row of another desk became; a second time, what it is by now."""
    row = ImportedRecord(
        source=source, kind=kind, foreign_id=str(foreign_id), our_id=our_id, digest=digest, at=timezone.now()
    )
    ImportedRecord.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["source", "kind", "foreign_id"],
        update_fields=["our_id", "digest", "at"],
    )


def records(
    source: str, kind: str, foreign_ids: Iterable[object] | None = None
) -> dict[str, tuple[int | None, str]]:
    """What is known of rows of another desk (all of a kind, or these): {foreign id: (our id, digest)}."""
    found = ImportedRecord.objects.filter(source=source, kind=kind)
    if foreign_ids is not None:
        found = found.filter(foreign_id__in=[str(one) for one in foreign_ids])
    return {one: (our, digest) for one, our, digest in found.values_list("foreign_id", "our_id", "digest")}


@transaction.atomic
def bring_teammate(
    by: Teammate, *, name: str, email: str, role: str, is_active: bool, created_at: datetime
) -> tuple[Teammate, bool]:
    """Somebody who worked elsewhere: who has this address here, or a new teammate who cannot sign in before an
    invitation; and whether they are new. Nobody is written to, and who is here keeps role and state.

    Raises Refused(`not_allowed`).
    """
    email = email.strip().lower()
    found = Teammate.objects.filter(email__iexact=email).first()
    if found is not None:
        return found, False
    installation = queries.installation()
    teammate = Teammate(
        name=name.strip() or email,
        name_key=sort_key(name.strip() or email),
        email=email,
        role=checked_role(by, role),
        language=installation.language if installation else "ar",
        time_zone=installation.time_zone if installation else "Asia/Riyadh",
        is_active=is_active,
        created_at=created_at,
    )
    teammate.set_unusable_password()
    teammate.save()
    join_first_team(teammate)
    record("teammate.changed", actor_id=by.pk, data={"teammate": teammate.pk, "what": ["role"]})
    return teammate, True


def let_see(teammate: Teammate, mailbox_ids: Sequence[int]) -> None:
    """Let a teammate see these mailboxes too; owners and admins see all anyway."""
    if teammate.role not in (Role.OWNER, Role.ADMIN):
        MailboxAccess.objects.bulk_create(
            [MailboxAccess(teammate=teammate, mailbox_id=pk) for pk in mailbox_ids], ignore_conflicts=True
        )


@transaction.atomic
def bring_customer(
    addresses: Sequence[str],
    *,
    name: str,
    texts: Mapping[str, str],
    attributes: Mapping[str, str],
    note: str,
    created_at: datetime,
) -> tuple[Customer, list[str]]:
    """A customer of elsewhere: whoever has one of these addresses here, or a new one; what is known here stays.

    `texts` are those of `customers.TEXTS` and "company". Returns them, and the addresses that belong to others here.
    """
    known = CustomerAddress.objects.filter(address__in=addresses).order_by("pk").first()
    first = known.address if known else (addresses[0] if addresses else "")
    customer_id = recognise(first, name=name).pk
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer_id)
    if known is None:
        customer.created_at = created_at
    for field, text in texts.items():
        if field == "company":
            customer.company = customer.company or company_named(text)
        elif not getattr(customer, field):
            setattr(customer, field, " ".join(text.split())[: TEXTS[field]])
    customer.attributes = _more(customer.attributes, attributes)
    customer.save()
    if note.strip() and not customer.notes.filter(text=note.strip()).exists():
        CustomerNote.objects.create(customer=customer, text=note.strip(), created_at=created_at)
    others = []
    for address in addresses:
        try:
            add_address(customer.pk, address)
        except Refused as refused:
            if refused.code != "address_known":
                others.append(address)
    return customer, others


def _more(kept: Mapping[str, object], brought: Mapping[str, str]) -> dict[str, object]:
    """Attributes with those brought along that are not there yet, as many and as long as there may be."""
    more = dict(kept)
    for name, value in brought.items():
        name, value = " ".join(name.split())[:LONGEST_NAME], " ".join(value.split())[:LONGEST_VALUE]
        if name and value and name not in more and len(more) < MOST_ATTRIBUTES:
            more[name] = value
    return more
