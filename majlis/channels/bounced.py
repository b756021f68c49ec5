"""Whether mail arrives at an address, as far as is known from what came back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from majlis.channels.models import ReturnedAddress

# A server that takes mail may find out later that nobody is there: reports come within hours, given-up ones after days.
FORGIVEN_AFTER = timedelta(days=3)


def returned(addresses: Iterable[str]) -> QuerySet[ReturnedAddress]:
    """What is held against these addresses, the newest first; a mail that passed and stayed clears it."""
    named = [address.strip().lower() for address in addresses]
    standing = Q(taken_at=None) | Q(taken_at__gt=timezone.now() - FORGIVEN_AFTER)
    return ReturnedAddress.objects.filter(standing, address__in=named).order_by("-last_at")


def may_mail(address: str) -> bool:
    """Claims that automatic mail may go to `address`: none of it came back for good, or one passed since."""
    return not returned([address]).filter(is_permanent=True).exists()
