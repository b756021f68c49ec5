"""Signing in to a mail server with an access token: XOAUTH2 (Google and Microsoft) and OAUTHBEARER (RFC 7628)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

# What is asked for first stands first: Google and Microsoft document XOAUTH2 alone.
MECHANISMS = ("XOAUTH2", "OAUTHBEARER")


@dataclass(frozen=True, slots=True)
class Bearer:
    """Where a way in finds its token: `take("")` gives one that is good now, `take(refused)` another than that.

    It is called right before a connection is opened, never inside a transaction: it may ask the token's issuer.
    Raises ConnectionProblem. Two of one `name` are the same, so that messages of one mailbox share a connection.
    """

    take: Callable[[str], str] = field(repr=False, compare=False)
    name: str


def build_xoauth2(user: str, token: str) -> bytes:
    """The first word of AUTH XOAUTH2, not yet in base64.

    Source: https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
    """
    return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()


def build_oauthbearer(user: str, token: str, *, host: str, port: int) -> bytes:
    """The first word of AUTH OAUTHBEARER (RFC 7628 §3.1), not yet in base64; "," and "=" of `user` are escaped."""
    name = user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 §4
    return f"n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01".encode()


@dataclass(slots=True)
class Dialogue:
    """The words of one sign-in, as a SASL mechanism gives them: the first, then the one that ends a refusal.

    A server that refuses says why in a challenge of its own and waits for a word before it says no: an empty one
    for XOAUTH2, ^A for OAUTHBEARER (RFC 7628 §3.2.3). `refusal` is what it said, as JSON text.
    """

    mechanism: str
    first: bytes = field(repr=False)
    refusal: str = ""
    _is_begun: bool = False

    def answer(self, challenge: bytes) -> bytes:
        """The word for a decoded challenge of the server."""
        if not self._is_begun:
            self._is_begun = True
            return self.first
        self.refusal = challenge.decode(errors="replace")
        return b"" if self.mechanism == "XOAUTH2" else b"\x01"


def dialogue(offered: Collection[str], user: str, token: str, *, host: str, port: int) -> Dialogue | None:
    """The sign-in by the best mechanism of those that the server offers; None when it offers neither."""
    names = {name.upper() for name in offered}
    for mechanism in MECHANISMS:
        if mechanism in names:
            first = (
                build_xoauth2(user, token)
                if mechanism == "XOAUTH2"
                else build_oauthbearer(user, token, host=host, port=port)
            )
            return Dialogue(mechanism, first)
    return None


def decoded(challenge: bytes) -> bytes:
    """A challenge in base64 as it came over the wire; what is none is taken as it is."""
    try:
        return base64.b64decode(challenge, validate=True)
    except (binascii.Error, ValueError):
        return challenge


def said(refusal: str) -> str:
    """What of a refusal in JSON a person can use: its status, and never a token."""
    try:
        found = json.loads(refusal)
    except ValueError:
        return ""
    return str(found.get("status", ""))[:80] if isinstance(found, dict) else ""
