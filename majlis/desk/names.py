"""What people are called on the pages."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def of_customer(*known: str, is_visitor: bool = False) -> str:
    """The first that is not empty of what is known of somebody who wrote (names, then addresses); words else.

    Who came by chat is a visitor, not a sender.
    """
    found = next(filter(None, known), "")
    return found or (pgettext("somebody who came by chat", "Visitor") if is_visitor else _("Unknown sender"))
