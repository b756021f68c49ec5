"""Mailboxes that stand still until somebody signs in again: what every page of the desk tells its admins."""

from __future__ import annotations

from django.http import HttpRequest

from majlis.channels.oauth.models import OAuthGrant
from majlis.people import queries
from majlis.people.models import Mailbox
from majlis.people.sessions import installation_of, teammate_of


def mailboxes_to_sign_in(request: HttpRequest) -> list[Mailbox]:
    """Those of this admin; the database is asked only when the installation's row says that there are any."""
    teammate, found = teammate_of(request), installation_of(request)
    if teammate is None or not teammate.is_admin or found is None or not found.has_mailboxes_to_sign_in:
        return []
    lapsed = OAuthGrant.objects.exclude(problem="").values("connection__mailbox")
    return list(queries.mailboxes_visible_to(teammate).filter(pk__in=lapsed).order_by("name", "pk"))
