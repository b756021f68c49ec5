"""One question to an issuer of tokens: a form sent by POST, answered in JSON."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from majlis.channels.oauth.providers import is_safe_address
from majlis.channels.problems import ConnectionProblem

TIMEOUT_SECONDS = 15.0
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What the issuer said; `said` is empty when it was no JSON object."""

    status: int
    said: Mapping[str, Any]


def ask(url: str, fields: Mapping[str, str], *, timeout: float = TIMEOUT_SECONDS) -> Answer:
    """Send `fields` to `url` and read the answer. Redirects are not followed: secrets go where they were meant to.

    timeout: for each step and, from the connection on, for all of them, in seconds.
    Raises ConnectionProblem: oauth_address (not a safe one), oauth_later (no answer, for whatever reason).
    """
    if not is_safe_address(url):
        raise ConnectionProblem("oauth_address")
    try:
        return _post(url, urlencode(fields).encode(), timeout)
    except (OSError, http.client.HTTPException, UnicodeError) as problem:
        reason = getattr(problem, "verify_message", "") or str(problem) or type(problem).__name__
        raise ConnectionProblem("oauth_later", detail=reason[:200]) from problem


def _post(url: str, body: bytes, timeout: float) -> Answer:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    connection.sock = socket.create_connection((host, port), timeout=timeout)
    # A server that says a byte now and then would outlast every single wait.
    ending = threading.Timer(timeout, _end, [connection])
    ending.daemon = True
    ending.start()
    try:
        if parts.scheme == "https":
            # Read anew each time: asked seldom, and the authorities of the system may change.
            secured = ssl.create_default_context().wrap_socket(
                connection.sock, server_hostname=host, do_handshake_on_connect=False
            )
            connection.sock = secured
            secured.do_handshake()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "Majlis",
        }
        connection.request("POST", target, body=body, headers=headers)
        with connection.getresponse() as response:
            return Answer(response.status, _object(response.read(MOST_BYTES)))
    finally:
        ending.cancel()
        connection.close()


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _end(connection: http.client.HTTPConnection) -> None:
    """Break the connection off, under whatever is being said on it."""
    try:
        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
    except (OSError, TypeError):
        return
