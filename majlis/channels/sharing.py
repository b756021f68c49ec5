"""Links to files that were too large to go along: how one is written, and what it leads to."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from majlis.channels.models import SharedFile

_LABEL = b"majlis shared file v1\x00"
_MARK_BYTES = 18


def token(shared: SharedFile) -> str:
    """The reference and its mark: HMAC-SHA256 under a label of its own, over reference and expiry, cut to 144 bits."""
    expires = int(shared.expires_at.timestamp()).to_bytes(8, "big")
    mark = hmac.digest(
        settings.CONFIG.derived_key("signing"), _LABEL + shared.reference.bytes + expires, "sha256"
    )
    return urlsafe_b64encode(shared.reference.bytes + mark[:_MARK_BYTES]).decode().rstrip("=")


def url(shared: SharedFile) -> str:
    """Where the link in the mail leads."""
    return f"{settings.CONFIG.url}/f/{token(shared)}"


def find(written: str) -> SharedFile | None:
    """What a token names, expired or revoked ones too; None for a token that is none of ours."""
    try:
        raw = urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except (NotBase64, ValueError):
        return None
    if len(raw) != 16 + _MARK_BYTES:
        return None
    found = SharedFile.objects.select_related("attachment__file", "attachment__entry__conversation__customer")
    shared = found.filter(reference=UUID(bytes=raw[:16])).first()
    if shared is None or not hmac.compare_digest(token(shared), written):
        return None
    return shared


def works(shared: SharedFile) -> bool:
    """Claims that the file may still be fetched."""
    return shared.revoked_at is None and shared.expires_at > timezone.now()
