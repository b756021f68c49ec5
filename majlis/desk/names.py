"""What people are called on the pages."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_customer(*known: str) -> str:
    """The first that is not empty of what is known of somebody who wrote (names, then addresses); words else."""
    return next(filter(None, known), "") or _("Unknown sender")
