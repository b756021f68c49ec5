"""What tells the made-up shop from the company's own: a domain that no name server knows (RFC 2606)."""

from __future__ import annotations

from typing import Final

DOMAIN: Final = "demo.majlis.invalid"


def is_made_up(address: str) -> bool:
    """Claims that nobody can be reached at this address, because it was made up here."""
    domain = address.rpartition("@")[2].strip().lower()
    return domain == DOMAIN or domain.endswith("." + DOMAIN)
