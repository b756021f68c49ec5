"""Links that open one door once: only the digest of their secret is kept.

The secret of an invitation is made from the installation's key, so that it can be shown and mailed again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from majlis.lib.errors import Refused
from majlis.people.models import OneTimeLink, Teammate

WEEK_HOURS = 7 * 24
Purpose = OneTimeLink.Purpose


@transaction.atomic
def issue(purpose: str, *, teammate: Teammate | None = None, hours: int = WEEK_HOURS) -> str:
    """A new token for `purpose`; older unused links of the same purpose and teammate no longer work."""
    now = timezone.now()
    OneTimeLink.objects.filter(
        purpose=purpose, teammate=teammate, used_at__isnull=True, expires_at__gt=now
    ).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    if purpose == Purpose.INVITATION and teammate is not None:
        token = _derived(teammate, now)
    OneTimeLink.objects.create(
        purpose=purpose,
        digest=digest(token),
        teammate=teammate,
        created_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    return token


def find(token: str, *purposes: str) -> OneTimeLink | None:
    """The link of `token` if it serves one of `purposes`, was not used and has not expired."""
    return (
        OneTimeLink.objects.select_related("teammate")
        .filter(
            digest=digest(token),
            purpose__in=purposes,
            used_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .first()
    )


def invitation_of(teammate: Teammate) -> OneTimeLink | None:
    """The invitation of `teammate` that still works."""
    mine = OneTimeLink.objects.filter(purpose=Purpose.INVITATION, teammate=teammate, used_at=None)
    return mine.filter(expires_at__gt=timezone.now()).order_by("-pk").first()


def invitation_token(link: OneTimeLink) -> str | None:
    """The token of an invitation once more; None when it was made under another key."""
    if link.teammate is None:
        return None
    token = _derived(link.teammate, link.created_at)
    return token if hmac.compare_digest(digest(token), link.digest) else None


def was_mailed(link: OneTimeLink, message_id: str) -> None:
    """Keep by which letter `link` went out."""
    link.message_id = message_id
    link.save(update_fields=["message_id"])


def use(link: OneTimeLink) -> None:
    """Mark `link` as used, in the transaction of what it was used for.

    The update is conditional: of two browsers that press the button at once, one gets Refused("link_used").
    """
    now = timezone.now()
    is_first = OneTimeLink.objects.filter(pk=link.pk, used_at__isnull=True, expires_at__gt=now).update(
        used_at=now
    )
    if not is_first:
        raise Refused("link_used")
    link.used_at = now


def digest(token: str) -> str:
    """What is kept of a token: SHA-256, in hex. The token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _derived(teammate: Teammate, at: datetime) -> str:
    words = f"invitation {teammate.pk} {at.astimezone(UTC).isoformat()}"
    key = settings.CONFIG.derived_key("signing")
    return urlsafe_b64encode(hmac.digest(key, words.encode(), "sha256")).decode().rstrip("=")
