"""How often somebody from outside may ask for something: counted by key in windows, in a table without a log."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from django.db import connection

from majlis.lib.errors import Refused

# One statement counts and asks; a window that has passed begins anew. Two at once wait for each other's row.
_COUNT = (
    "insert into channels_pace as p (key, until, number) values (%s, now() + make_interval(secs => %s), %s)"
    " on conflict (key) do update set"
    "  number = case when p.until <= now() then excluded.number else p.number + excluded.number end,"
    "  until = case when p.until <= now() then excluded.until else p.until end"
    " returning number, ceil(extract(epoch from until - now()))::int"
)


def count(key: str, *, most: int, seconds: int, number: int = 1) -> None:
    """Count `number` more under `key`; `most` are let through in a window of so many seconds.

    Counted even when the caller's transaction does not end well, if it is called outside of one.
    Raises Refused("too_often", seconds=…) with the seconds until the window ends.
    """
    found, left = counted(key, seconds=seconds, number=number)
    if found > most:
        raise Refused("too_often", seconds=left)


def counted(key: str, *, seconds: int, number: int = 1) -> tuple[int, int]:
    """Count `number` more under `key`: how many there are in this window, and the seconds until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, seconds, number])
        found, left = cursor.fetchone() or (0, 0)
    return found, max(1, left)


def forget_old() -> None:
    """Remove the windows that have passed."""
    with connection.cursor() as cursor:
        cursor.execute("delete from channels_pace where until < now()")


def network_of(address: str) -> str:
    """Who is counted together: an IPv4 address, or the /64 that one line has of IPv6; all others together."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "?"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(found)
