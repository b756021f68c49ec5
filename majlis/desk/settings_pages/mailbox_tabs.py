"""The pages of one mailbox, side by side above each of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from majlis.people.models import Mailbox

_PAGES: list[tuple[str, str | Promise]] = [
    ("settings_mailbox", gettext_lazy("Mailbox and servers")),
    ("settings_mailbox_sign_in", gettext_lazy("Signing in")),
    ("settings_mailbox_folders", pgettext_lazy("mail", "Folders")),
    ("settings_mailbox_ledger", gettext_lazy("What came in")),
    ("settings_mailbox_addresses", gettext_lazy("Addresses")),
    ("settings_mailbox_sending", pgettext_lazy("mailbox", "Sending")),
    ("settings_mailbox_automatic", pgettext_lazy("settings", "Automatic")),
    ("settings_mailbox_for", gettext_lazy("Who it is for")),
    ("settings_mailbox_http", gettext_lazy("By HTTP")),
]


def tabs(request: HttpRequest, mailbox: Mailbox) -> list[dict[str, Any]]:
    """Label, address and whether it is the present page, of each page of `mailbox`."""
    pages = [(reverse(name, args=[mailbox.pk]), label) for name, label in _PAGES]
    return [{"url": url, "label": label, "current": request.path == url} for url, label in pages]
