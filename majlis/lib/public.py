"""Names that may be connected to though somebody else chose them: those that lead to public addresses alone."""

from __future__ import annotations

import socket
from ipaddress import ip_address


class NotPublicError(OSError):
    """The name leads into our own network, at least in part."""


def public_address(host: str, port: int) -> str:
    """One numeric address of `host`, all of which are public; it is the one to connect to.

    Raises NotPublicError, and OSError when the name leads nowhere.
    """
    found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not found or not all(ip_address(number.split("%")[0]).is_global for number in found):
        raise NotPublicError("not a public address")
    return min(found)
