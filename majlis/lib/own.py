"""Our own addresses: whatever stands behind a plus belongs to the name before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self


def plain(address: str) -> str:
    """Return `address` in lower case without its detail: name+detail@domain is name@domain (RFC 5233)."""
    name, at, domain = address.lower().rpartition("@")
    return f"{name.partition('+')[0]}{at}{domain}" if name.partition("+")[0] else address.lower()


class Own(frozenset[str]):
    """A set of our own addresses; `in` finds them in any case of letters and with any detail behind a plus."""

    def __new__(cls, addresses: Iterable[str] = ()) -> Self:
        return super().__new__(cls, (address.lower() for address in addresses))

    def __contains__(self, address: object) -> bool:
        if not isinstance(address, str):
            return False
        return super().__contains__(address.lower()) or super().__contains__(plain(address))
