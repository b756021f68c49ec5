"""Who is blocked, asked of every mail that comes in."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from majlis.people.models import Block

_FOUND = (
    "select exists (select from people_block where address = any(%s::text[]) and address <> ''),"
    " exists (select from people_block where domain = any(%s::text[]) and domain <> '')"
)


def blocked_by(addresses: Collection[str]) -> str:
    """`address` or `domain` when one of these (lower case) is blocked, else nothing; a domain covers those below it."""
    asked = [address for address in addresses if address]
    if not asked:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [asked, sorted({name for one in asked for name in _domains(one)})])
        by_address, by_domain = cursor.fetchone() or (False, False)
    return "address" if by_address else "domain" if by_domain else ""


def blocks() -> list[Block]:
    """All of them, the newest first, with who blocked them."""
    return list(Block.objects.select_related("teammate").order_by("-created_at", "-pk"))


def _domains(address: str) -> list[str]:
    labels = address.rpartition("@")[2].split(".")
    return [".".join(labels[place:]) for place in range(len(labels) - 1)]
