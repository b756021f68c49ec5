"""Teams and departments: who answers together, and for which mailboxes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people.actions import mailboxes, teams
from majlis.people.models import Department, Mailbox, Signature, Team, Teammate, TeamMember
from tests import cast

pytestmark = pytest.mark.django_db


def at_desk(teammate: Teammate) -> Client:
    client = Client()
    client.force_login(teammate)
    client.post("/accounts/language/", {"language": "en"})
    return client


def members(team: Team) -> set[str]:
    return set(TeamMember.objects.filter(team=team).values_list("teammate__email", flat=True))


def test_a_team_has_members_and_may_belong_to_a_department():
    salma, badr = cast.salma(), cast.badr()

    team = teams.create(salma, name=" الإرجاع ", department="خدمة العملاء", member_ids=[badr.pk, salma.pk])

    assert team.name == "الإرجاع"
    assert team.department == Department.objects.get(name="خدمة العملاء")
    assert members(team) == {badr.email, salma.email}
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["department.made", "team.made"]


def test_somebody_belongs_to_several_teams():
    salma, badr = cast.salma(), cast.badr()
    first = teams.create(salma, name="أ", member_ids=[badr.pk])
    second = teams.create(salma, name="ب", member_ids=[badr.pk])

    assert members(first) == members(second) == {badr.email}


def test_a_change_says_what_changed_and_none_says_nothing():
    salma, badr = cast.salma(), cast.badr()
    team = teams.create(salma, name="Returns", department="Service", member_ids=[])
    Event.objects.all().delete()

    teams.change(salma, team, name="Returns", department="service", member_ids=[])
    assert not Event.objects.exists()
    teams.change(salma, team, name="Refunds", department="", member_ids=[badr.pk])

    event = Event.objects.get()
    assert (event.kind, event.data["what"]) == ("team.changed", ["name", "department", "members"])
    team.refresh_from_db()
    assert (team.name, team.department) == ("Refunds", None)


def test_a_team_goes_only_when_no_mailbox_belongs_to_it():
    salma = cast.salma()
    team = teams.create(salma, name="Returns", member_ids=[salma.pk])
    support = cast.support()
    Mailbox.objects.filter(pk=support.pk).update(team=team)

    with pytest.raises(Refused, match="team_has_mailboxes") as refused:
        teams.remove(salma, team)
    assert refused.value.data["names"] == [support.name]
    mailboxes.change(
        salma,
        Mailbox.objects.get(pk=support.pk),
        name=support.name,
        address=support.address,
        teammate_ids=[],
        team_id=None,
    )
    teams.remove(salma, team)

    assert not Team.objects.filter(name="Returns").exists()
    assert Teammate.objects.filter(pk=salma.pk).exists()


def test_two_teams_do_not_share_a_name_whatever_its_case():
    salma = cast.salma()
    teams.create(salma, name="Returns")
    other = teams.create(salma, name="Refunds")

    with pytest.raises(Refused, match="name_taken"):
        teams.create(salma, name="returns")
    with pytest.raises(Refused, match="name_taken"):
        teams.change(salma, other, name="RETURNS", department="", member_ids=[])
    other.refresh_from_db()
    assert other.name == "Refunds"


def test_only_owners_and_admins_make_teams():
    team = teams.create(cast.salma(), name="Returns")
    badr = cast.badr()
    for act in (
        lambda: teams.create(badr, name="x"),
        lambda: teams.change(badr, team, name="x", department="", member_ids=[]),
        lambda: teams.remove(badr, team),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            act()
    noura = at_desk(cast.noura())
    for address in ("/settings/teams/", "/settings/teams/new/", f"/settings/teams/{team.pk}/"):
        assert noura.get(address).status_code == 403
    assert noura.post(f"/settings/teams/{team.pk}/removal").status_code == 403
    assert noura.post("/settings/departments/1/", {"name": "x"}).status_code == 403


def test_the_pages_make_fill_rename_and_remove():
    salma, badr, support = cast.salma(), cast.badr(), cast.support()
    client = at_desk(salma)

    client.post(
        "/settings/teams/new/", {"name": "Returns", "department": "Service", "members": [str(badr.pk)]}
    )
    team = Team.objects.get(name="Returns")
    page = client.get("/settings/teams/").text
    assert "Returns" in page
    assert "Service" in page
    assert badr.name in page

    department = Department.objects.get()
    client.post(f"/settings/departments/{department.pk}/", {"name": "Care"})
    department.refresh_from_db()
    assert department.name == "Care"

    Mailbox.objects.filter(pk=support.pk).update(team=team)
    answer = client.post(f"/settings/teams/{team.pk}/removal", follow=True)
    assert "Mailboxes belong to this team" in answer.text
    Mailbox.objects.filter(pk=support.pk).update(team=None)
    client.post(f"/settings/teams/{team.pk}/removal")
    assert not Team.objects.filter(pk=team.pk).exists()

    client.post(f"/settings/departments/{department.pk}/", {"name": "Care", "remove": "1"})
    assert not Department.objects.exists()


def test_a_mailbox_is_given_to_a_team_and_a_signature_in_its_settings():
    salma, support = cast.salma(), cast.support()
    team = teams.create(salma, name="Returns")
    client = at_desk(salma)
    fields = {
        "name": support.name,
        "address": support.address,
        "in_port": "993",
        "in_security": "tls",
        "in_folder": "INBOX",
        "scope": "new",
        "smtp_port": "587",
        "smtp_security": "starttls",
        "team": str(team.pk),
        "signature": "مع التحية\n{name}\n\n<b>متجر سدرة</b>",
    }

    answer = client.post(f"/settings/mailboxes/{support.pk}/", fields)

    assert answer.status_code == 302
    assert Mailbox.objects.get(pk=support.pk).team == team
    html = Signature.objects.get(mailbox=support).html
    assert "{name}" in html
    assert "&lt;b&gt;" in html
    page = client.get(f"/settings/mailboxes/{support.pk}/").text
    assert "مع التحية\n{name}" in page
    event = Event.objects.filter(kind="mailbox.changed").get()
    assert event.data["what"] == ["team", "signature"]
    client.post(f"/settings/mailboxes/{support.pk}/", fields | {"team": "", "signature": ""})
    assert Mailbox.objects.get(pk=support.pk).team is None
    assert not Signature.objects.exists()


def test_the_list_asks_the_same_at_few_and_at_many():
    salma = cast.salma()
    client = at_desk(salma)

    def asked() -> int:
        client.get("/settings/teams/")
        with CaptureQueriesContext(connection) as questions:
            assert client.get("/settings/teams/").status_code == 200
        return len(questions)

    teams.create(salma, name="a", department="d", member_ids=[salma.pk])
    few = asked()
    for n in range(20):
        mate = cast.teammate(f"m{n}@majlis.test", name=f"m{n}", role="agent")
        teams.create(salma, name=f"team {n}", department=f"d{n}", member_ids=[salma.pk, mate.pk])
    assert asked() == few
