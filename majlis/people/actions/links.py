"""Links that open one door once: only the digest of their secret is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

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
