"""Writing to customers first: each gets a conversation of their own, and whoever may not be written to is named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from majlis.channels.bounced import returned
from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.threading import make_message_id
from majlis.channels.outbox import queue, signing_key
from majlis.conversations.actions.begin import (
    LONGEST_SUBJECT,
    MOST_A_DAY,
    beginning,
    hold,
    left_today,
    say_first,
    unwritable,
)
from majlis.conversations.actions.begin_draft import forget_beginning
from majlis.conversations.models import Entry
from majlis.journal import actions as journal
from majlis.lib.arabic import is_arabic
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.actions.recognise import recognise
from majlis.people.models import Customer, CustomerAddress, Mailbox, Teammate


@dataclass(frozen=True, slots=True)
class Begun:
    """What became of it: the first entries, and (who, code) of everybody who was left out."""

    entries: list[Entry]
    left_out: list[tuple[str, str]]


def begin(
    teammate: Teammate,
    mailbox_id: int,
    addresses: Sequence[str],
    *,
    subject: str,
    text: str,
    html: str = "",
    reason: str,
    goes_on: bool = False,
    despite: Collection[str] = (),
    draft: UUID | None = None,
) -> Begun:
    """Write to each of these addresses first, in a conversation of its own; the mail leaves after the time to undo.

    Nobody twice within 30 days, nobody who said no, 50 a day, and nothing unasked to an address that mail came back
    from for good: `despite` holds those of which the writer was told. When somebody is left out nothing is sent, unless
    it `goes_on` with the rest. `html` is clean. What was kept under `draft` while it was written is forgotten.

    Raises Refused: not_found (the mailbox), no_recipient, bad_address (data: address), no_subject, subject_too_long,
    empty, no_reason, day_is_full (data: most, left) and left_out (data: people, returned, rest).
    """
    subject, reason = " ".join(subject.split()), " ".join(reason.split())
    mailbox = people.mailboxes_visible_to(teammate).filter(pk=mailbox_id).first()
    if mailbox is None:
        raise Refused("no_mailbox")
    wanted = _addresses(addresses)
    _check(subject, text, reason)
    with transaction.atomic():
        hold(teammate)
        known = _known(wanted)
        why = unwritable({customer.pk: customer for customer in known.values()})
        left_out = [
            (_name(known[one], one), why[known[one].pk]) for one in wanted if _is_out(known, why, one)
        ]
        rest = [one for one in wanted if not _is_out(known, why, one)]
        ours = people.own_addresses()
        if own := [one for one in rest if one in ours]:
            left_out += [(one, "own_address") for one in own]
            rest = [one for one in rest if one not in own]
        rest = _once_each(rest, known, left_out)
        held_against = {one.address for one in returned(rest).filter(is_permanent=True)}
        asking = [one for one in rest if one in held_against]
        back = [one for one in asking if one not in despite]
        rest = [one for one in rest if one not in back]
        if len(rest) > (left := left_today(teammate)):
            raise Refused("day_is_full", most=MOST_A_DAY, left=left)
        # Of what came back since the writer chose whom to write to all the same, nobody was told.
        is_new = bool(back and despite)
        if is_new or ((left_out or back) and not (goes_on and rest)):
            others = [one for one in rest if one not in asking]
            raise Refused("left_out", people=left_out, returned=asking, rest=len(others))
        entries = [
            _say(teammate, mailbox, one, subject=subject, text=text, html=html, reason=reason) for one in rest
        ]
        if draft is not None:
            forget_beginning(teammate, draft)
        journal.wake("deliver")
    return Begun(entries, [*left_out, *((one, "comes_back") for one in back)])


def _say(
    teammate: Teammate, mailbox: Mailbox, address: str, *, subject: str, text: str, html: str, reason: str
) -> Entry:
    customer = recognise(address, name="", language="ar" if is_arabic(subject + text) else "")
    with beginning(
        mailbox,
        customer,
        teammate=teammate,
        address=address,
        name=customer.name,
        subject=subject,
        reason=reason,
    ) as (change, entry_id):
        domain = ascii_domain(mailbox.address).rpartition("@")[2]
        named = make_message_id(change.conversation.pk, entry_id, domain=domain, key=signing_key())
        entry = say_first(
            change, entry_id, teammate=teammate, to=address, text=text, html=html, message_id=named
        )
        queue(change, entry)
    return entry


def _check(subject: str, text: str, reason: str) -> None:
    if not subject:
        raise Refused("no_subject")
    if len(subject) > LONGEST_SUBJECT:
        raise Refused("subject_too_long", longest=LONGEST_SUBJECT)
    if not text.strip():
        raise Refused("empty")
    if not reason:
        raise Refused("no_reason")


def _addresses(typed: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(address.strip().lower() for address in typed if address.strip()))
    if not wanted:
        raise Refused("no_recipient_chosen")
    for address in wanted:
        try:
            validate_email(address)
        except ValidationError as problem:
            raise Refused("bad_address", address=address) from problem
    return wanted


def _known(addresses: Sequence[str]) -> dict[str, Customer]:
    rows = CustomerAddress.objects.filter(address__in=addresses).select_related("customer")
    return {row.address: row.customer for row in rows}


def _is_out(known: dict[str, Customer], why: dict[int, str], address: str) -> bool:
    return address in known and known[address].pk in why


def _once_each(
    addresses: list[str], known: dict[str, Customer], left_out: list[tuple[str, str]]
) -> list[str]:
    """A customer with two of the addresses gets it at the first."""
    seen: set[int] = set()
    rest = []
    for address in addresses:
        customer = known.get(address)
        if customer is not None and customer.pk in seen:
            left_out.append((address, "same_customer"))
            continue
        if customer is not None:
            seen.add(customer.pk)
        rest.append(address)
    return rest


def _name(customer: Customer, address: str) -> str:
    return f"{customer.name} ({address})" if customer.name else address
