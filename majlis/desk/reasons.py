"""Why a conversation was put away, in the reader's words; what a teammate wrote stays as it was written."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from majlis.conversations.actions import spam
from majlis.conversations.models import ClosedAs


def spam_reason(reason: str) -> str:
    """The words for a reason's code, else the reason itself."""
    return {
        spam.ADVERTISING: pgettext("spam", "Advertising"),
        spam.FRAUD: pgettext("spam", "Fraud or a trap"),
        spam.NONSENSE: pgettext("spam", "Nonsense"),
        spam.BLOCKED_ADDRESS: _("The sender is blocked"),
        spam.BLOCKED_DOMAIN: _("Everybody at this domain is blocked"),
        spam.MAIL_SERVER: _("The mail server marked it"),
    }.get(reason, reason)


def closed_as(kind: str, note: str) -> str:
    """How it was closed: "Not for us: sales@…"; nothing for a plain closing."""
    if kind not in ClosedAs.values:
        return ""
    label = str(ClosedAs(kind).label)
    return f"{label}: \u2068{note}\u2069" if note else label
