"""Mailboxes as people know them: a name, an address, and who may see them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from django.db import IntegrityError, transaction
from django.utils import timezone

from majlis.journal.actions import nudge, record
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions import aliases, signatures
from majlis.people.models import Mailbox, MailboxAccess, Team, Teammate


class Kept(Enum):
    """Says that something stays as it is, where nothing at all is an answer too."""

    AS_IT_IS = 0


KEPT = Kept.AS_IT_IS


def create(
    by: Teammate,
    *,
    name: str,
    address: str,
    teammate_ids: Iterable[int] = (),
    team_id: int | Kept | None = KEPT,
    signature: str = "",
) -> Mailbox:
    """A new mailbox, seen by owners, admins and the teammates named; the first team's unless said otherwise.

    `signature` is HTML. Raises Refused: `not_allowed`, `address_taken`.
    """
    _check(by)
    address = address.strip().lower()
    if aliases.is_taken(address):
        raise Refused("address_taken", address=address)
    try:
        with transaction.atomic():
            mailbox = Mailbox.objects.create(
                name=name.strip(),
                address=address,
                team=queries.first_team() if isinstance(team_id, Kept) else _team(team_id),
                created_at=timezone.now(),
            )
            signatures.of_mailbox(mailbox, signature)
            _give(mailbox, teammate_ids)
            record("mailbox.made", mailbox_id=mailbox.pk, actor_id=by.pk, data={"name": mailbox.name})
    except IntegrityError as error:
        raise Refused("address_taken", address=address) from error
    return mailbox


def change(
    by: Teammate,
    mailbox: Mailbox,
    *,
    name: str,
    address: str,
    teammate_ids: Iterable[int],
    team_id: int | Kept | None = KEPT,
    signature: str | None = None,
) -> Mailbox:
    """Name, address and who sees it, as they shall be from now on; team and signature where they are said.

    Raises Refused: `not_allowed`, `address_taken`.
    """
    _check(by)
    name, address = name.strip(), address.strip().lower()
    if aliases.is_taken(address, but=mailbox):
        raise Refused("address_taken", address=address)
    try:
        with transaction.atomic():
            team = mailbox.team if isinstance(team_id, Kept) else _team(team_id)
            what = [
                field
                for field, differs in (
                    ("name", name != mailbox.name),
                    ("address", address != mailbox.address),
                    ("teammates", _give(mailbox, teammate_ids)),
                    ("team", team != mailbox.team),
                    ("signature", signature is not None and signatures.of_mailbox(mailbox, signature)),
                )
                if differs
            ]
            mailbox.name, mailbox.address, mailbox.team = name, address, team
            mailbox.save(update_fields=["name", "address", "team"])
            if what:
                record(
                    "mailbox.changed",
                    mailbox_id=mailbox.pk,
                    actor_id=by.pk,
                    data={"name": mailbox.name, "what": what},
                )
    except IntegrityError as error:
        raise Refused("address_taken", address=address) from error
    return mailbox


def _team(team_id: int | None) -> Team | None:
    """The team, locked against being removed meanwhile; None for none, or one that is gone."""
    return Team.objects.select_for_update().filter(pk=team_id).first() if team_id is not None else None


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")


def _give(mailbox: Mailbox, teammate_ids: Iterable[int]) -> bool:
    """Let exactly these teammates see it; says whether anything changed. Each who is concerned is told."""
    wanted = set(Teammate.objects.filter(pk__in=list(teammate_ids)).values_list("pk", flat=True))
    before = set(mailbox.accesses.values_list("teammate_id", flat=True))
    MailboxAccess.objects.filter(mailbox=mailbox).exclude(teammate_id__in=wanted).delete()
    MailboxAccess.objects.bulk_create(
        [MailboxAccess(mailbox=mailbox, teammate_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )
    for pk in sorted(before ^ wanted):
        nudge({"k": "access", "t": pk})
    return before != wanted
