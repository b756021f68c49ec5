"""Whether the installation's secret key is the one with which things were encrypted here."""

from __future__ import annotations

from django.conf import settings

from majlis.channels.models import MailConnection
from majlis.channels.secrets import is_readable


def unreadable() -> list[str]:
    """The addresses of mailboxes with a password, or a sign-in, that this key cannot read."""
    kept = MailConnection.objects.order_by("mailbox__address").values_list(
        "mailbox__address", "in_password", "smtp_password", "grant__refresh_token"
    )
    return [
        address
        for address, *tokens in kept
        if not all(is_readable(token or "", settings.CONFIG) for token in tokens)
    ]
