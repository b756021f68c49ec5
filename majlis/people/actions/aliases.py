"""Further addresses of a mailbox."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox, MailboxAlias, Teammate

MOST = 50


def add(by: Teammate, mailbox: Mailbox, address: str) -> MailboxAlias:
    """Have what is written to `address` arrive in `mailbox`, and be answered from there.

    Raises Refused: not_allowed, bad_address (data: address), address_taken (data: address), too_many_addresses (data: most).
    """
    _check(by)
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise Refused("bad_address", address=address) from problem
    try:
        with transaction.atomic():
            if is_taken(address):
                raise Refused("address_taken", address=address)
            Mailbox.objects.select_for_update().get(pk=mailbox.pk)
            if mailbox.aliases.count() >= MOST:
                raise Refused("too_many_addresses", most=MOST)
            alias = MailboxAlias.objects.create(mailbox=mailbox, address=address)
            _record(by, mailbox)
    except IntegrityError as error:
        raise Refused("address_taken", address=address) from error
    return alias


@transaction.atomic
def change(by: Teammate, alias: MailboxAlias, *, is_answered_from: bool) -> None:
    """Whether what came to this address is answered from it, or from the mailbox's own. Raises Refused: not_allowed."""
    _check(by)
    alias.is_answered_from = is_answered_from
    alias.save(update_fields=["is_answered_from"])
    _record(by, alias.mailbox)


@transaction.atomic
def remove(by: Teammate, alias: MailboxAlias) -> None:
    """The address is the mailbox's no more; what came by it stays. Raises Refused: not_allowed."""
    _check(by)
    alias.delete()
    _record(by, alias.mailbox)


def is_taken(address: str, *, but: Mailbox | None = None) -> bool:
    """Claims that a mailbox, other than `but`, has this address already, as its own or as a further one."""
    named = Mailbox.objects.annotate(lower=Lower("address")).filter(lower=address)
    if but is not None:
        named = named.exclude(pk=but.pk)
    return named.exists() or MailboxAlias.objects.filter(address=address).exists()


def _record(by: Teammate, mailbox: Mailbox) -> None:
    what = ["aliases"]
    record(
        "mailbox.changed", mailbox_id=mailbox.pk, actor_id=by.pk, data={"name": mailbox.name, "what": what}
    )


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")
