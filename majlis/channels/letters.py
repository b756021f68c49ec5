"""The desk's own letters: whether they have a way out, and what became of those that left."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from majlis.channels.models import Delivery, MailConnection
from majlis.channels.oauth.models import OAuthGrant
from majlis.people.models import Mailbox


def has_way_out() -> bool:
    """Claims that the desk's own mail can leave."""
    return settings.CONFIG.smtp is not None or MailConnection.objects.exclude(smtp_host="").exists()


def may_leave(mailbox: Mailbox) -> bool:
    """Claims that mail of this mailbox has a way out: its own server, or the company's."""
    has_own = MailConnection.objects.filter(mailbox=mailbox).exclude(smtp_host="").exists()
    return has_own or settings.CONFIG.smtp is not None


def has_open_way_out() -> bool:
    """Claims that a letter can leave now: its way, as `queries.way_out` finds it, waits for nobody to sign in."""
    if settings.CONFIG.smtp is not None:
        return True
    first = MailConnection.objects.exclude(smtp_host="").order_by("mailbox_id").first()
    return first is not None and not OAuthGrant.objects.filter(connection=first).exclude(problem="").exists()


def sent_as(message_ids: Iterable[str]) -> dict[str, Delivery]:
    """The deliveries of letters, by their Message-IDs; empty ids are of no letter."""
    wanted = [message_id for message_id in message_ids if message_id]
    return {found.message_id: found for found in Delivery.objects.filter(message_id__in=wanted)}
