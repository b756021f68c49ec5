"""Teams and departments: made, renamed, filled and removed by admins."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Department, Mailbox, Team, Teammate, TeamMember


def create(by: Teammate, *, name: str, department: str = "", member_ids: Iterable[int] = ()) -> Team:
    """A new team; `department` is named, and made when there is none of that name.

    Raises Refused: `not_allowed`, `name_taken`.
    """
    _check(by)
    try:
        with transaction.atomic():
            team = Team.objects.create(name=name.strip(), department=_department(by, department))
            _fill(team, member_ids)
            record("team.made", actor_id=by.pk, data={"team": team.pk, "name": team.name})
    except IntegrityError as error:
        raise Refused("name_taken", name=name) from error
    return team


def change(by: Teammate, team: Team, *, name: str, department: str, member_ids: Iterable[int]) -> Team:
    """Name, department and members, as they shall be from now on. Raises Refused as `create` does."""
    _check(by)
    try:
        with transaction.atomic():
            team = Team.objects.select_for_update().get(pk=team.pk)
            before = (team.name, team.department_id)
            team.name, team.department = name.strip(), _department(by, department)
            what = [
                field
                for field, differs in (
                    ("name", team.name != before[0]),
                    ("department", team.department_id != before[1]),
                    ("members", _fill(team, member_ids)),
                )
                if differs
            ]
            if what:
                team.save(update_fields=["name", "department"])
                data = {"team": team.pk, "name": team.name, "what": what}
                record("team.changed", actor_id=by.pk, data=data)
    except IntegrityError as error:
        raise Refused("name_taken", name=name) from error
    return team


@transaction.atomic
def remove(by: Teammate, team: Team) -> None:
    """Remove a team that no mailbox belongs to; its members stay teammates.

    The team is locked first, as a mailbox that joins it must lock it too. Raises Refused: `not_allowed`,
    `team_has_mailboxes` (data: names).
    """
    _check(by)
    team = Team.objects.select_for_update().get(pk=team.pk)
    names = list(Mailbox.objects.filter(team=team).order_by("name", "pk").values_list("name", flat=True))
    if names:
        raise Refused("team_has_mailboxes", names=names)
    record("team.removed", actor_id=by.pk, data={"team": team.pk, "name": team.name})
    team.delete()


def rename_department(by: Teammate, department: Department, *, name: str) -> Department:
    """Another name for a department. Raises Refused: `not_allowed`, `name_taken`."""
    _check(by)
    name = name.strip()
    if name == department.name:
        return department
    try:
        with transaction.atomic():
            department.name = name
            department.save(update_fields=["name"])
            data = {"department": department.pk, "name": name}
            record("department.changed", actor_id=by.pk, data=data)
    except IntegrityError as error:
        raise Refused("name_taken", name=name) from error
    return department


@transaction.atomic
def remove_department(by: Teammate, department: Department) -> None:
    """Remove a department; its teams stay, without one. Raises Refused: `not_allowed`."""
    _check(by)
    data = {"department": department.pk, "name": department.name}
    record("department.removed", actor_id=by.pk, data=data)
    department.delete()


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")


def _department(by: Teammate, name: str) -> Department | None:
    name = name.strip()
    if not name:
        return None
    found = Department.objects.filter(name__iexact=name).first()
    if found is not None:
        return found
    made = Department.objects.create(name=name)
    record("department.made", actor_id=by.pk, data={"department": made.pk, "name": name})
    return made


def _fill(team: Team, member_ids: Iterable[int]) -> bool:
    """Exactly these teammates; says whether anything changed."""
    wanted = set(Teammate.objects.filter(pk__in=list(member_ids)).values_list("pk", flat=True))
    before = set(team.memberships.values_list("teammate_id", flat=True))
    team.memberships.exclude(teammate_id__in=wanted).delete()
    TeamMember.objects.bulk_create(
        [TeamMember(team=team, teammate_id=pk) for pk in sorted(wanted - before)], ignore_conflicts=True
    )
    return before != wanted
