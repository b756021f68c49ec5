"""One push to one browser, by way of its maker's push service (RFC 8030): checked, sealed, sent, and what came of it."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils import timezone

from majlis.channels import push_identity
from majlis.channels.push_sealing import AUTH_BYTES, packed, public_key, seal, unpacked
from majlis.lib.errors import Refused
from majlis.lib.public import public_address

TIMEOUT_SECONDS = 10.0
MOST_BYTES = 3072
LONGEST_ENDPOINT = 2000
# How long a push service keeps what it cannot deliver: what is older stands in the bell.
TTL_SECONDS = 12 * 60 * 60

Urgency = Literal["low", "normal", "high"]


@dataclass(frozen=True, slots=True)
class Target:
    """A browser's subscription: where to send, and its public point and secret in base64url."""

    endpoint: str
    key: str
    auth: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the push service said; `status` 0: nothing, for the reason in `why`."""

    status: int
    retry_after: float | None = None
    why: str = ""

    @property
    def is_taken(self) -> bool:
        """Claims that the service has it now."""
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Claims that this subscription will never work again."""
        return self.status in (404, 410)

    @property
    def is_for_later(self) -> bool:
        """Claims that the service asked to come again, and said when."""
        return self.retry_after is not None and (self.status == 429 or self.status >= 500)


def checked(endpoint: str, key: str, auth: str) -> Target:
    """What a browser handed in, if it may be pushed to. Asks no network; where the name leads is checked when sending.

    Raises Refused: no_push_address (not https, not public, not allowed by MAJLIS_PUSH_ALLOW), no_push_keys.
    """
    parts = _split(endpoint)
    if (
        parts is None
        or not (_is_allowed(endpoint) or parts.scheme == "https")
        or _is_private(parts, endpoint)
    ):
        raise Refused("no_push_address")
    try:
        point, secret = unpacked(key), unpacked(auth)
        public_key(point)
    except ValueError as problem:
        raise Refused("no_push_keys") from problem
    if len(secret) != AUTH_BYTES:
        raise Refused("no_push_keys")
    return Target(endpoint, packed(point), packed(secret))


def send(
    target: Target,
    text: bytes,
    *,
    topic: str = "",
    urgency: Urgency = "normal",
    timeout: float = TIMEOUT_SECONDS,
) -> Answer:
    """Hand `text` (at most MOST_BYTES) to the push service. Everything that goes wrong there is an Answer.

    topic: at most 32 letters of base64url; what waits under the same one is replaced. timeout: for each step and,
    from the connection on, for all of them, in seconds.
    """
    if len(text) > MOST_BYTES:
        raise ValueError(f"a push has at most {MOST_BYTES} bytes")
    try:
        checked(target.endpoint, target.key, target.auth)
        body = seal(text, key=unpacked(target.key), auth=unpacked(target.auth))
        headers = {
            "Authorization": push_identity.authorization(target.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL_SECONDS),
            "Urgency": urgency,
            "User-Agent": "Majlis",
            **({"Topic": topic} if topic else {}),
        }
        return _post(target.endpoint, body, headers, timeout)
    except Refused as refused:
        return Answer(0, why=refused.code)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return Answer(0, why=f"{type(problem).__name__}: {problem}"[:200])


def _split(endpoint: str) -> SplitResult | None:
    """Its parts, if it is an address a push could go to at all."""
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        return None
    try:
        parts = urlsplit(endpoint)
        _ = parts.port
    except ValueError:
        return None
    has_place = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    return parts if has_place and not parts.password and " " not in endpoint else None


def _is_allowed(endpoint: str) -> bool:
    # Not by its parts: the beginning ends with a slash, so it covers the whole host.
    return endpoint.startswith(settings.CONFIG.push_allow)


def _is_private(parts: SplitResult, endpoint: str) -> bool:
    """Claims that the address itself names a place inside; names are looked up when something is sent."""
    if _is_allowed(endpoint):
        return False
    try:
        return not ip_address(parts.hostname or "").is_global
    except ValueError:
        return parts.hostname == "localhost"


def _post(endpoint: str, body: bytes, headers: dict[str, str], timeout: float) -> Answer:
    parts = urlsplit(endpoint)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    # The address that was checked is the one connected to: a name may lead elsewhere the next moment.
    place = host if _is_allowed(endpoint) else public_address(host, port)
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    connection.sock = socket.create_connection((place, port), timeout=timeout)
    # A service that says a byte now and then would outlast every single wait.
    ending = threading.Timer(timeout, _end, [connection])
    ending.daemon = True
    ending.start()
    try:
        if parts.scheme == "https":
            connection.sock = secured = _tls().wrap_socket(
                connection.sock, server_hostname=host, do_handshake_on_connect=False
            )
            secured.do_handshake()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers=headers)
        # What stands in the answer is nobody's concern: it is not read.
        with connection.getresponse() as response:
            return Answer(response.status, _seconds(response.getheader("Retry-After")))
    finally:
        ending.cancel()
        connection.close()


def _end(connection: http.client.HTTPConnection) -> None:
    """Break the connection off, under whatever is being said on it."""
    try:
        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
    except (OSError, TypeError):
        return


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _seconds(said: str | None) -> float | None:
    """A Retry-After in seconds from now, written as a number or as a date (RFC 9110 §10.2.3)."""
    if not said:
        return None
    if said.strip().isdecimal():
        return float(said[:9])
    try:
        return max(0.0, (parsedate_to_datetime(said) - timezone.now()).total_seconds())
    except (ValueError, TypeError):
        return None
