"""Remote images of mail, fetched by the desk so that the sender learns nothing of the reader."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from .images import kind_of
from .public import public_address

PREFIX = "/images/"
TIMEOUT_SECONDS = 6.0
MOST_BYTES = 10 * 1024 * 1024
MOST_REDIRECTS = 3


class NoImageError(Exception):
    """Nothing that may be shown is to be had at this address."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image's bytes and the type those bytes show."""

    content_type: str
    content: bytes


def proxied(address: str, key: bytes) -> str | None:
    """Our own address for a remote image, signed with `key`; None for what is not http(s)."""
    if address.startswith("//"):
        address = "https:" + address
    if urlsplit(address).scheme not in ("http", "https"):
        return None
    packed = base64.urlsafe_b64encode(address.encode("utf-8", "replace")).decode().rstrip("=")
    return f"{PREFIX}{_signature(packed, key)}/{packed}"


def unpacked(path: str, key: bytes) -> str:
    """The remote address behind one of our own. Raises NoImageError when the signature is not ours."""
    signature, _, packed = path.removeprefix(PREFIX).partition("/")
    if not hmac.compare_digest(signature, _signature(packed, key)):
        raise NoImageError("not signed")
    return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-8", "replace")


def _signature(packed: str, key: bytes) -> str:
    return hmac.new(key, b"image:" + packed.encode(), hashlib.sha256).hexdigest()[:32]


def fetch(address: str) -> Image:
    """Fetch one image over http(s). Raises NoImageError for anything else that comes, or for no answer.

    Only public addresses are asked: a mail must not reach into the network the desk stands in.
    The address that was checked is the one connected to.
    """
    for _ in range(MOST_REDIRECTS + 1):
        try:
            answer, moved_to = _ask(address)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise NoImageError(str(problem)) from problem
        if moved_to is None:
            kind = kind_of(answer[:16])
            if kind is None:
                raise NoImageError("not an image")
            return Image(kind, answer)
        address = urljoin(address, moved_to)
    raise NoImageError("too many redirects")


def _ask(address: str) -> tuple[bytes, str | None]:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NoImageError("not a web address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = public_address(parts.hostname, port)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT_SECONDS)
    plain = socket.create_connection((host, port), timeout=TIMEOUT_SECONDS)
    connection.sock = (
        ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
        if parts.scheme == "https"
        else plain
    )
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"Accept": "image/*", "User-Agent": "Majlis"})
        response = connection.getresponse()
        if response.status in (301, 302, 303, 307, 308):
            return b"", response.getheader("Location") or ""
        if response.status != 200:
            raise NoImageError(f"answered {response.status}")
        content = response.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise NoImageError("too large")
        return content, None
    finally:
        connection.close()
