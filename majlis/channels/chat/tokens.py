"""What a visitor's browser proves itself by, and the addresses of files that only it gets."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.utils.crypto import salted_hmac

_SALT: Final = "majlis.chat.file"
_FIRST: Final = "majlis.chat.first"
_VOUCHED: Final = "majlis.chat.vouched"
LINKS_LIVE_SECONDS: Final = 2 * 24 * 60 * 60


def new() -> str:
    """A token nobody can guess: 192 bits."""
    return secrets.token_urlsafe(24)


def first(widget_id: int, key: UUID) -> str:
    """The token of who first says something under `key` at a widget: the same however often it is asked for."""
    return _made(_FIRST, f"{widget_id} {key}")


def vouched(widget_id: int, signed: str, secret: str) -> str:
    """The token of who first comes with a signed identity (its digest) and a secret of their browser's own."""
    return _made(_VOUCHED, f"{widget_id} {signed} {secret}")


def digest(token: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(f"majlis visitor {token}".encode()).hexdigest()


def new_key() -> str:
    """A widget's public name: 96 bits, letters and digits of a path."""
    return secrets.token_urlsafe(12)


def _made(salt: str, words: str) -> str:
    made = salted_hmac(salt, words, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def link(**what: Any) -> str:
    """A part of an address that names something a visitor may fetch, for two days."""
    return signing.dumps(what, salt=_SALT, compress=False)


def linked(part: str) -> dict[str, Any] | None:
    """What such a part names; None for one that is not ours or too old."""
    try:
        found = signing.loads(part, salt=_SALT, max_age=LINKS_LIVE_SECONDS)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None
