"""The first run: the company, its habits and its owner."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from majlis.journal.actions import record
from majlis.lib.arabic import sort_key
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions import links
from majlis.people.actions.brands import name_house
from majlis.people.actions.teammates import join_first_team
from majlis.people.models import Installation, OneTimeLink, Role, Team, Teammate


def first_run_token() -> str | None:
    """The token of the first-run link, older ones void; None once there is an owner. Valid for a week."""
    return None if queries.has_owner() else links.issue(links.Purpose.FIRST_RUN)


def choose_language(language: str) -> Installation:
    """The installation's language, which teammates and customers meet first."""
    installation, _ = Installation.objects.update_or_create(
        pk=1, defaults={"language": language}, create_defaults={"language": language, "company": ""}
    )
    return installation


@transaction.atomic
def describe(*, company: str, team: str, region: str, time_zone: str) -> Installation:
    """The company's name, its first team, and where it is; said again, it is corrected."""
    shape = {"company": company.strip(), "region": region, "time_zone": time_zone}
    installation, _ = Installation.objects.update_or_create(pk=1, defaults=shape, create_defaults=shape)
    first = queries.first_team()
    if first is None:
        Team.objects.create(name=team.strip())
    else:
        first.name = team.strip()
        first.save(update_fields=["name"])
    name_house(installation.company, installation.language)
    return installation


@transaction.atomic
def make_owner(link: OneTimeLink, *, name: str, email: str, password: str) -> Teammate:
    """The first teammate, who owns the installation; the link is used up.

    Raises Refused: `link_used`, `has_owner`, `no_company` (the steps before were left out).
    """
    links.use(link)
    installation = Installation.objects.select_for_update().filter(pk=1).first()
    if installation is None or not installation.company:
        raise Refused("no_company")
    if queries.has_owner():
        raise Refused("has_owner")
    now = timezone.now()
    owner = Teammate(
        name=name.strip(),
        name_key=sort_key(name),
        email=email.strip().lower(),
        role=Role.OWNER,
        language=installation.language,
        time_zone=installation.time_zone,
        created_at=now,
    )
    owner.set_password(password)
    owner.save()
    join_first_team(owner)
    installation.ready_at = now
    installation.save(update_fields=["ready_at"])
    record("installation.made", actor_id=owner.pk, data={"company": installation.company})
    return owner


def say_mailboxes_to_sign_in(*, are_there: bool) -> None:
    """Keep on the one row that every page reads whether a mailbox waits for somebody to sign in again."""
    Installation.objects.filter(pk=1).exclude(has_mailboxes_to_sign_in=are_there).update(
        has_mailboxes_to_sign_in=are_there
    )
