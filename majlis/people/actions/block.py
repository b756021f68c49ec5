"""Blocking a sender or a whole domain: what they write lands in spam."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils import timezone

from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Block, Teammate
from majlis.people.queries import own_addresses

LONGEST = 200
_DOMAIN = re.compile(r"(?!-)[^\s@/\\.]+(?:\.[^\s@/\\.]+)+")
_ADDRESS = re.compile(r"[^\s@<>]+@" + _DOMAIN.pattern)


def block(by: Teammate, typed: str, *, reason: str = "") -> Block:
    """Block an address, or a domain when `typed` is one (with or without @); the one there is, if it is blocked.

    Raises Refused: `not_an_address`, `own_address` (a mailbox's), `own_domain` (a mailbox is at it), `reason_too_long`.
    """
    typed = typed.strip().lower()
    reason = " ".join(reason.split())
    if len(reason) > LONGEST:
        raise Refused("reason_too_long", longest=LONGEST)
    own = own_addresses()
    address, domain = (typed, "") if _ADDRESS.fullmatch(typed) else ("", typed.removeprefix("@"))
    if not address and not _DOMAIN.fullmatch(domain):
        raise Refused("not_an_address")
    if address in own:
        raise Refused("own_address", name=address)
    if domain and any(
        at == domain or at.endswith(f".{domain}") for at in (one.rpartition("@")[2] for one in own)
    ):
        raise Refused("own_domain", name=domain)
    with transaction.atomic():
        found, is_new = Block.objects.get_or_create(
            address=address,
            domain=domain,
            defaults={"reason": reason, "teammate": by, "created_at": timezone.now()},
        )
        if is_new:
            told = {"address": address, "domain": domain, "reason": reason}
            record("sender.blocked", actor_id=by.pk, data=told)
    return found


def unblock(by: Teammate, found: Block) -> None:
    """Let them write again. Raises Refused("not_allowed") unless an admin or whoever blocked them asks."""
    if not (by.is_admin or found.teammate_id == by.pk):
        raise Refused("not_allowed")
    with transaction.atomic():
        told = {"address": found.address, "domain": found.domain}
        found.delete()
        record("sender.unblocked", actor_id=by.pk, data=told)
