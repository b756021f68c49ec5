"""Telling a full disk from other trouble, whoever met it: the system or the database."""

from __future__ import annotations

import errno

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_DISK_FULL = "53100"  # PostgreSQL's disk_full


def is_disk_full(error: BaseException) -> bool:
    """Claims that `error`, or what it was raised from, is for want of room on a disk."""
    seen: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in seen:
        if isinstance(one, OSError) and one.errno in _NO_ROOM:
            return True
        if getattr(one, "sqlstate", None) == _DISK_FULL:
            return True
        seen.append(one)
        one = one.__cause__ or one.__context__
    return False
