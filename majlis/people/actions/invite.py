"""Asking somebody to join, and their joining."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from majlis.journal.actions import record
from majlis.lib.arabic import sort_key
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions import links
from majlis.people.actions.teammates import checked_role, give_mailboxes, join_first_team
from majlis.people.models import OneTimeLink, Teammate


def invite(
    by: Teammate, *, name: str, email: str, role: str, mailbox_ids: Iterable[int], language: str = ""
) -> tuple[Teammate, str]:
    """Add a teammate who cannot sign in yet, and the token of the link that lets them (valid for 7 days).

    The link is mailed in `language`, which is the installation's unless one is chosen (flow.invitations).

    Raises Refused: `not_allowed` (only owners make owners, only admins invite), `address_taken`.
    """
    role = checked_role(by, role)
    email = email.strip().lower()
    installation = queries.installation()
    try:
        with transaction.atomic():
            teammate = Teammate(
                name=name.strip(),
                name_key=sort_key(name),
                email=email,
                role=role,
                language=language or (installation.language if installation else "ar"),
                time_zone=installation.time_zone if installation else "Asia/Riyadh",
                created_at=timezone.now(),
            )
            teammate.set_unusable_password()
            teammate.save()
            join_first_team(teammate)
            given = give_mailboxes(teammate, mailbox_ids)
            token = links.issue(links.Purpose.INVITATION, teammate=teammate)
            record(
                "teammate.invited",
                actor_id=by.pk,
                data={"teammate": teammate.pk, "role": role, "mailboxes": sorted(given)},
            )
    except IntegrityError as error:
        raise Refused("address_taken", email=email) from error
    return teammate, token


@transaction.atomic
def invite_again(by: Teammate, teammate: Teammate) -> str:
    """A new invitation token for somebody who has not joined yet, mailed too; the older one no longer works.

    Raises Refused: `not_allowed`, `already_joined`, `not_active`.
    """
    checked_role(by, teammate.role)
    if teammate.has_usable_password():
        raise Refused("already_joined")
    if not teammate.is_active:
        raise Refused("not_active")
    token = links.issue(links.Purpose.INVITATION, teammate=teammate)
    data = {"purpose": links.Purpose.INVITATION, "teammate": teammate.pk}
    record("link.issued", actor_id=by.pk, data=data)
    return token


@transaction.atomic
def accept(link: OneTimeLink, *, name: str, password: str, language: str) -> Teammate:
    """Let the invited teammate in: password, name and language set, the link used up.

    Raises Refused: `link_used` (also when the teammate was deactivated meanwhile).
    """
    links.use(link)
    teammate = Teammate.objects.select_for_update().filter(links=link).get()
    if not teammate.is_active:
        raise Refused("link_used")
    teammate.name, teammate.name_key, teammate.language = name.strip(), sort_key(name), language
    teammate.set_password(password)
    teammate.save(update_fields=["name", "name_key", "language", "password"])
    record("teammate.joined", actor_id=teammate.pk, data={"teammate": teammate.pk})
    return teammate
