"""A small piece of work that a browser does while somebody types, and that costs a flood dearly. Pure.

Hashcash (A. Back, 2002) with SHA-256: a number is sought with which the digest of "STAMP:NUMBER" begins with so many
zero bits. It takes 2 ** BITS tries on the average, and one to check.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

BITS: Final = 16
_NUMBER = re.compile(r"[0-9]{1,12}")


def is_done(stamp: str, number: str, *, bits: int = BITS) -> bool:
    """Claims that the work was done for this very stamp."""
    if not _NUMBER.fullmatch(number):
        return False
    digest = hashlib.sha256(f"{stamp}:{number}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def done(stamp: str, *, bits: int = BITS) -> str:
    """Do the work: the number that was sought."""
    number = 0
    while not is_done(stamp, str(number), bits=bits):
        number += 1
    return str(number)
