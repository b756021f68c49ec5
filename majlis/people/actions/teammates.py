"""What teammates may do and see changes here; a loss is felt at once in every open page."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from majlis.journal.actions import nudge, record
from majlis.lib.arabic import sort_key
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions import links
from majlis.people.models import Mailbox, MailboxAccess, OneTimeLink, Role, Teammate, TeamMember
from majlis.people.sessions import revoke

RESET_HOURS = 24


def checked_role(by: Teammate, role: str) -> str:
    """`role` if `by` may give it to somebody, or touch somebody who has it. Raises Refused(`not_allowed`)."""
    is_known = role in Role.values
    if not is_known or not by.is_active or not by.is_admin or (role == Role.OWNER and by.role != Role.OWNER):
        raise Refused("not_allowed", role=role)
    return role


@transaction.atomic
def change(by: Teammate, teammate: Teammate, *, role: str, mailbox_ids: Iterable[int]) -> Teammate:
    """Give `teammate` another role and exactly these mailboxes.

    Raises Refused: `not_allowed`, `last_owner`.
    """
    teammate = _locked(by, teammate)
    checked_role(by, role)
    if teammate.role == Role.OWNER and role != Role.OWNER:
        _keep_an_owner(teammate)
    before = set(teammate.accesses.values_list("mailbox_id", flat=True))
    given = give_mailboxes(teammate, mailbox_ids)
    what = [
        name for name, differs in (("role", role != teammate.role), ("mailboxes", given != before)) if differs
    ]
    if what:
        teammate.role = role
        teammate.save(update_fields=["role"])
        record("teammate.changed", actor_id=by.pk, data={"teammate": teammate.pk, "what": what})
        nudge({"k": "access", "t": teammate.pk})
    return teammate


@transaction.atomic
def deactivate(by: Teammate, teammate: Teammate) -> Teammate:
    """Close the door: every session ends now, unused links stop working; what they wrote stays.

    Raises Refused: `not_allowed`, `last_owner`.
    """
    teammate = _locked(by, teammate)
    if not teammate.is_active:
        return teammate
    if teammate.role == Role.OWNER:
        _keep_an_owner(teammate)
    teammate.is_active = False
    teammate.save(update_fields=["is_active"])
    OneTimeLink.objects.filter(teammate=teammate, used_at=None).delete()
    record("teammate.deactivated", actor_id=by.pk, data={"teammate": teammate.pk})
    revoke(teammate)
    return teammate


@transaction.atomic
def reactivate(by: Teammate, teammate: Teammate) -> Teammate:
    """Open the door again, with the role and mailboxes of before. Raises Refused: `not_allowed`."""
    teammate = _locked(by, teammate)
    if not teammate.is_active:
        teammate.is_active = True
        teammate.save(update_fields=["is_active"])
        record("teammate.reactivated", actor_id=by.pk, data={"teammate": teammate.pk})
    return teammate


@transaction.atomic
def reset_link(by: Teammate, teammate: Teammate) -> str:
    """The token of a link by which `teammate` chooses a new password (24 hours, once).

    Raises Refused: `not_allowed`, `not_active`.
    """
    teammate = _locked(by, teammate)
    if not teammate.is_active:
        raise Refused("not_active")
    token = links.issue(links.Purpose.RESET, teammate=teammate, hours=RESET_HOURS)
    record("link.issued", actor_id=by.pk, data={"purpose": links.Purpose.RESET, "teammate": teammate.pk})
    return token


@transaction.atomic
def reset_password(link: OneTimeLink, *, password: str) -> Teammate:
    """Set a new password by a reset link, which is used up; every session of before ends.

    Raises Refused: `link_used`.
    """
    links.use(link)
    teammate = Teammate.objects.select_for_update().filter(links=link).get()
    if not teammate.is_active:
        raise Refused("link_used")
    teammate.set_password(password)
    teammate.save(update_fields=["password"])
    revoke(teammate)
    return teammate


def set_profile(
    teammate: Teammate,
    *,
    name: str,
    language: str,
    numerals: str,
    theme: str,
    time_zone: str,
    name_latin: str = "",
    calendar: str = "gregorian",
) -> Teammate:
    """How somebody is called and likes to read; theirs alone to change."""
    teammate.name, teammate.name_key, teammate.name_latin = name.strip(), sort_key(name), name_latin.strip()
    teammate.language, teammate.numerals, teammate.calendar = language, numerals, calendar
    teammate.theme, teammate.time_zone = theme, time_zone
    teammate.save(
        update_fields=[
            "name",
            "name_key",
            "name_latin",
            "language",
            "numerals",
            "calendar",
            "theme",
            "time_zone",
        ]
    )
    return teammate


def set_language(teammate: Teammate, language: str) -> None:
    """The language of this teammate's pages from now on."""
    teammate.language = language
    teammate.save(update_fields=["language"])


def join_first_team(teammate: Teammate) -> None:
    """A new teammate answers with the team the first run named, until somebody says otherwise."""
    team = queries.first_team()
    if team is not None:
        TeamMember.objects.get_or_create(team=team, teammate=teammate)


def give_mailboxes(teammate: Teammate, mailbox_ids: Iterable[int]) -> set[int]:
    """Give exactly these mailboxes, unknown ids left out; returns the ids given."""
    wanted = set(Mailbox.objects.filter(pk__in=list(mailbox_ids)).values_list("pk", flat=True))
    MailboxAccess.objects.filter(teammate=teammate).exclude(mailbox_id__in=wanted).delete()
    MailboxAccess.objects.bulk_create(
        [MailboxAccess(teammate=teammate, mailbox_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
    )
    return wanted


def _locked(by: Teammate, teammate: Teammate) -> Teammate:
    """`teammate` as it is now, under its lock; refused when `by` may not touch them.

    All owners are locked with it, in one order: two owners who demote each other at the same moment wait for
    each other instead of both succeeding, or of deadlocking.
    """
    wanted = Q(role=Role.OWNER) | Q(pk=teammate.pk)
    locked = {one.pk: one for one in Teammate.objects.select_for_update().filter(wanted).order_by("pk")}
    now = locked[teammate.pk]
    checked_role(locked.get(by.pk, by), now.role)
    return now


def _keep_an_owner(teammate: Teammate) -> None:
    if not Teammate.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=teammate.pk).exists():
        raise Refused("last_owner")
