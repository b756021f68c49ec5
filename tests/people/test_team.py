"""Invitations, roles and mailboxes: who may change whom, and what is felt at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions import invite, links, mailboxes, teammates
from majlis.people.models import Mailbox, Role, Teammate
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What open pages are told."""
    told: list[dict[str, object]] = []
    for room in ("actions.teammates", "actions.mailboxes", "sessions"):
        monkeypatch.setattr(f"majlis.people.{room}.nudge", told.append)
    return told


def admin() -> Teammate:
    return cast.teammate("huda@majlis.test", name="هدى", role=Role.ADMIN)


def seen(teammate: Teammate) -> set[str]:
    return set(queries.mailboxes_visible_to(teammate).values_list("address", flat=True))


def test_an_invited_teammate_joins_by_the_link_and_sees_the_mailboxes_given():
    salma, support = cast.salma(), cast.support()
    cast.sales()

    omar, token = invite.invite(
        salma, name="عمر", email="Omar@Majlis.test", role=Role.AGENT, mailbox_ids=[support.pk]
    )
    assert not omar.has_usable_password()
    link = links.find(token, links.Purpose.INVITATION)
    assert link is not None
    joined = invite.accept(link, name="عمر الفاروق", password=cast.PASSWORD, language="en")

    assert joined.check_password(cast.PASSWORD)
    assert (joined.name, joined.language, joined.email) == ("عمر الفاروق", "en", "omar@majlis.test")
    assert seen(joined) == {cast.SUPPORT}
    assert links.find(token, links.Purpose.INVITATION) is None
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "teammate.invited",
        "teammate.joined",
    ]


def test_an_address_is_invited_once_whatever_its_letter_case():
    salma, badr = cast.salma(), cast.badr()

    with pytest.raises(Refused, match="address_taken"):
        invite.invite(salma, name="بدر", email=badr.email.upper(), role=Role.AGENT, mailbox_ids=[])


def test_agents_and_managers_invite_nobody():
    manager = cast.teammate("maha@majlis.test", name="مها", role=Role.MANAGER)

    for by in (cast.badr(), manager):
        with pytest.raises(Refused, match="not_allowed"):
            invite.invite(by, name="س", email="x@majlis.test", role=Role.AGENT, mailbox_ids=[])
    assert not Teammate.objects.filter(email="x@majlis.test").exists()


def test_an_admin_neither_makes_nor_touches_an_owner():
    salma, huda = cast.salma(), admin()

    refused: list[Callable[[], object]] = [
        lambda: invite.invite(huda, name="س", email="x@majlis.test", role=Role.OWNER, mailbox_ids=[]),
        lambda: teammates.change(huda, salma, role=Role.AGENT, mailbox_ids=[]),
        lambda: teammates.deactivate(huda, salma),
        lambda: teammates.reset_link(huda, salma),
        lambda: teammates.change(huda, huda, role=Role.OWNER, mailbox_ids=[]),
    ]
    for attempt in refused:
        with pytest.raises(Refused, match="not_allowed"):
            attempt()
    salma.refresh_from_db()
    assert salma.role == Role.OWNER
    assert salma.is_active


def test_the_last_owner_stays_an_owner():
    salma = cast.salma()

    with pytest.raises(Refused, match="last_owner"):
        teammates.deactivate(salma, salma)
    with pytest.raises(Refused, match="last_owner"):
        teammates.change(salma, salma, role=Role.ADMIN, mailbox_ids=[])

    second = cast.teammate("reem@majlis.test", name="ريم", role=Role.OWNER)
    teammates.deactivate(second, salma)
    with pytest.raises(Refused, match="last_owner"):  # an owner who is not active is none
        teammates.deactivate(second, second)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_at_once_leave_one_owner():
    salma, reem = cast.salma(), cast.teammate("reem@majlis.test", name="ريم", role=Role.OWNER)
    together = threading.Barrier(2, timeout=10)
    ended: list[str] = []

    def demote(by: Teammate, other: Teammate) -> None:
        try:
            together.wait()
            teammates.change(by, other, role=Role.AGENT, mailbox_ids=[])
            ended.append("done")
        except Refused as refused:
            ended.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((salma, reem), (reem, salma))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert "done" in ended
    assert len(ended) == 2
    assert set(ended) <= {"done", "last_owner", "not_allowed"}
    assert Teammate.objects.filter(role=Role.OWNER).count() == 1


def test_a_deactivated_owner_cannot_act_any_more():
    salma, second = cast.salma(), cast.teammate("reem@majlis.test", name="ريم", role=Role.OWNER)
    teammates.deactivate(second, salma)
    salma.refresh_from_db()

    with pytest.raises(Refused, match="not_allowed"):
        teammates.reactivate(salma, salma)


def test_access_to_mailboxes_is_decided_by_role_and_gift():
    cast.support(), cast.sales()

    assert seen(cast.salma()) == {cast.SUPPORT, cast.SALES}
    assert seen(admin()) == {cast.SUPPORT, cast.SALES}
    assert seen(cast.badr()) == {cast.SUPPORT}
    assert seen(cast.noura()) == {cast.SALES}
    assert not queries.may_see(cast.noura(), cast.support().pk)
    badr = teammates.deactivate(cast.salma(), cast.badr())
    assert seen(badr) == set()


def test_losing_a_mailbox_is_told_to_open_pages_and_written_down(nudges: list[dict[str, object]]):
    salma, badr = cast.salma(), cast.badr()

    teammates.change(salma, badr, role=Role.AGENT, mailbox_ids=[cast.sales().pk])

    assert seen(badr) == {cast.SALES}
    assert nudges == [{"k": "access", "t": badr.pk}]
    event = Event.objects.get()
    assert (event.kind, event.actor_id, event.data) == (
        "teammate.changed",
        salma.pk,
        {"teammate": badr.pk, "what": ["mailboxes"]},
    )


def test_saving_the_same_role_and_mailboxes_tells_nobody(nudges: list[dict[str, object]]):
    salma, badr = cast.salma(), cast.badr()

    teammates.change(salma, badr, role=Role.AGENT, mailbox_ids=[cast.support().pk])

    assert nudges == []
    assert not Event.objects.exists()


def test_a_mailbox_taken_away_on_the_mailboxs_page_is_told_too(nudges: list[dict[str, object]]):
    salma, badr, noura, support = cast.salma(), cast.badr(), cast.noura(), cast.support()

    mailboxes.change(salma, support, name="الدعم", address=cast.SUPPORT, teammate_ids=[noura.pk])

    assert seen(badr) == set()
    assert seen(noura) == {cast.SUPPORT, cast.SALES}
    assert sorted(nudges, key=str) == sorted(
        [{"k": "access", "t": badr.pk}, {"k": "access", "t": noura.pk}], key=str
    )


def test_a_deactivated_teammate_comes_back_with_what_was_theirs(nudges: list[dict[str, object]]):
    salma, badr = cast.salma(), cast.badr()

    teammates.deactivate(salma, badr)
    assert nudges == [{"k": "access", "t": badr.pk}]
    badr = teammates.reactivate(salma, badr)

    assert badr.is_active
    assert seen(badr) == {cast.SUPPORT}


def test_deactivating_voids_the_links_handed_out():
    salma, badr = cast.salma(), cast.badr()
    token = teammates.reset_link(salma, badr)

    teammates.deactivate(salma, badr)

    assert links.find(token, links.Purpose.RESET) is None
    with pytest.raises(Refused, match="not_active"):
        teammates.reset_link(salma, badr)


def test_a_reset_link_sets_the_password_once():
    salma, badr = cast.salma(), cast.badr()
    link = links.find(teammates.reset_link(salma, badr), links.Purpose.RESET)
    assert link is not None

    teammates.reset_password(link, password="a-new-lantern-77")

    badr.refresh_from_db()
    assert badr.check_password("a-new-lantern-77")
    with pytest.raises(Refused, match="link_used"):
        teammates.reset_password(link, password="another-lantern-78")


def test_a_mailbox_address_belongs_to_one_mailbox():
    salma = cast.salma()
    cast.support()

    with pytest.raises(Refused, match="address_taken"):
        mailboxes.create(salma, name="آخر", address=cast.SUPPORT.upper())
    with pytest.raises(Refused, match="address_taken"):
        mailboxes.change(salma, cast.sales(), name="آخر", address=cast.SUPPORT, teammate_ids=[])
    with pytest.raises(Refused, match="not_allowed"):
        mailboxes.create(cast.badr(), name="آخر", address="other@majlis.test")
    assert Mailbox.objects.count() == 2
