"""The made-up shop before its first mail: mailboxes, departments, teams, people who cannot sign in, topics.

All of it is written straight into its tables, without a line each in the audit, which says in one that the shop was made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.contrib.auth.hashers import make_password

from majlis.conversations.models import Topic
from majlis.demo import cast
from majlis.lib.arabic import sort_key
from majlis.people.demo import DOMAIN
from majlis.people.models import Department, Mailbox, MailboxAccess, Signature, Team, Teammate, TeamMember

_Named = TypeVar("_Named", Department, Team)
_SIGNATURES = {"ar": "<p>{name}<br>متجر واحة</p>", "en": "<p>{name}<br>Waha</p>"}


@dataclass(slots=True)
class Stage:
    """What stands there, by the keys of `cast`; `made` are the ids of what did not stand there before."""

    boxes: dict[str, Mailbox] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    team: dict[str, Teammate] = field(default_factory=dict)
    made: dict[str, list[int]] = field(default_factory=dict)

    def keep(self, name: str, pk: int) -> None:
        """Note that this row was made here."""
        self.made.setdefault(name, []).append(pk)


def set_up(*, language: str, time_zone: str, now: datetime) -> Stage:
    """Make everything, its names in `language`, as if it had stood there for a hundred days.

    A topic, team or department of that name which the company has already is used and stays its own.
    """
    stage = Stage()
    since = now - timedelta(days=100)
    _teams(stage, language)
    _boxes(stage, language, since)
    _people(stage, language, time_zone, since)
    for key, names in cast.TOPICS.items():
        topic = Topic.objects.filter(name__iexact=names[language]).first()
        if topic is None:
            topic = Topic.objects.create(name=names[language], created_at=since)
            stage.keep("topics", topic.pk)
        stage.topics[key] = topic
    return stage


def _teams(stage: Stage, language: str) -> None:
    departments = {}
    for key, names in cast.DEPARTMENTS.items():
        department, is_new = _named(Department, names[language])
        departments[key] = department
        if is_new:
            stage.keep("departments", department.pk)
    for key, (department_key, names) in cast.TEAMS.items():
        team, is_new = _named(Team, names[language])
        if is_new:
            Team.objects.filter(pk=team.pk).update(department=departments[department_key])
            stage.keep("teams", team.pk)
        stage.teams[key] = team


def _named(model: type[_Named], name: str) -> tuple[_Named, bool]:
    found = model.objects.filter(name__iexact=name).first()
    return (found, False) if found else (model.objects.create(name=name), True)


def _boxes(stage: Stage, language: str, since: datetime) -> None:
    for key, names in cast.BOXES.items():
        # One in which the team has put something of its own stayed behind when the shop was taken away.
        shape = {"name": names[language], "team": stage.teams[key], "created_at": since}
        box, _ = Mailbox.objects.update_or_create(address=f"{key}@{DOMAIN}", defaults=shape)
        Signature.objects.update_or_create(mailbox=box, defaults={"html": _SIGNATURES[language]})
        stage.boxes[key] = box
        stage.keep("mailboxes", box.pk)


def _people(stage: Stage, language: str, time_zone: str, since: datetime) -> None:
    for one in cast.TEAM:
        shape = {
            "name": one.name,
            "name_latin": one.name_latin,
            "name_key": sort_key(one.name),
            "role": one.role,
            "language": one.language,
            "time_zone": time_zone,
            "is_active": True,
            "password": make_password(None),
            "created_at": since,
        }
        teammate, _ = Teammate.objects.update_or_create(email=f"{one.local}@{DOMAIN}", defaults=shape)
        TeamMember.objects.get_or_create(team=stage.teams[one.team], teammate=teammate)
        seen = [MailboxAccess(teammate=teammate, mailbox=stage.boxes[key]) for key in one.boxes]
        MailboxAccess.objects.bulk_create(seen, ignore_conflicts=True)
        stage.team[one.local] = teammate
        stage.keep("teammates", teammate.pk)
