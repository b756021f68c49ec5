"""Owners and admins read who did what to the desk: newest first, each act a sentence."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from majlis.desk.settings_pages.acts import sentence
from majlis.journal.actions import record
from majlis.journal.kinds import ADMINISTRATIVE, KINDS
from majlis.people.actions import invite, mailboxes, teammates, teams
from majlis.people.models import Teammate
from tests import cast

pytestmark = pytest.mark.django_db
AUDIT = "/settings/audit/"


def at_desk(teammate: Teammate, language: str = "en") -> Client:
    client = Client()
    client.force_login(teammate)
    client.post("/accounts/language/", {"language": language})
    return client


def acts(page: str) -> list[str]:
    """The sentences of the page, without marks."""
    found = re.findall(r'<li class="audit__row".*?<span class="grow">(.*?)</span>', page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", one) for one in found]


def test_acts_stand_newest_first_and_say_who_did_what_to_whom():
    salma, badr = cast.salma(), cast.badr()
    client = at_desk(salma)
    invite.invite(salma, name="عمر", email="omar@majlis.test", role="agent", mailbox_ids=[])
    teammates.change(salma, badr, role="manager", mailbox_ids=[])
    mailboxes.create(salma, name="الإرجاع", address="returns@majlis.test")
    teams.create(salma, name="المساء")
    teammates.reset_link(salma, badr)

    assert acts(client.get(AUDIT).text) == [
        "سلمى made a link for a new password for بدر",
        "سلمى made the team المساء",
        "سلمى added the mailbox الإرجاع",
        "سلمى changed what بدر may do: role, mailboxes",
        "سلمى invited عمر as Agent",
    ]


def test_every_administrative_kind_has_a_sentence_in_both_languages():
    salma, badr = cast.salma(), cast.badr()
    data = {
        "teammate": badr.pk,
        "name": "<b>100%s</b>",
        "role": "agent",
        "what": ["name"],
        "company": "x",
        "called": "service",
        "number": 3,
        "purpose": "reset",
        "address": "x@y.test",
    }
    for kind in (kind for some in ADMINISTRATIVE.values() for kind in some):
        assert kind in KINDS
        event = record(kind, actor_id=salma.pk, data=data)
        said = {}
        for language in ("ar", "en"):
            with translation.override(language):
                said[language] = str(sentence(event, {salma.pk: "سلمى", badr.pk: "بدر"}))
        assert said["ar"] != said["en"], kind
        assert kind not in said["en"], kind
        assert "<b>" not in said["en"]


def test_it_is_narrowed_by_person_whether_they_did_it_or_it_was_done_to_them_and_by_kind():
    salma, badr, noura = cast.salma(), cast.badr(), cast.noura()
    client = at_desk(salma)
    teammates.deactivate(salma, noura)
    teammates.change(salma, badr, role="manager", mailbox_ids=[])
    teams.create(salma, name="المساء")

    assert acts(client.get(f"{AUDIT}?person={noura.pk}").text) == ["سلمى closed the account of نورة"]
    assert acts(client.get(f"{AUDIT}?kind=teams").text) == ["سلمى made the team المساء"]
    assert len(acts(client.get(f"{AUDIT}?person={salma.pk}&kind=people").text)) == 2
    assert "Nothing of this kind" in client.get(f"{AUDIT}?person={badr.pk}&kind=teams").text
    assert len(acts(client.get(f"{AUDIT}?person=x&kind=nonsense&before=-1").text)) == 3


def test_older_ones_follow_page_by_page_and_none_is_lost():
    salma = cast.salma()
    client = at_desk(salma)
    for n in range(120):
        record("team.made", actor_id=salma.pk, data={"team": n, "name": f"<{n}>"})
    seen: list[str] = []
    address: str | None = AUDIT
    while address:
        page = client.get(address).text
        seen += acts(page)
        found = re.search(r'class="audit__more"><a class="btn" href="([^"]+)"', page)
        address = AUDIT + found[1].replace("&amp;", "&") if found else None
    assert seen == [f"سلمى made the team &lt;{n}&gt;" for n in reversed(range(120))]


def test_conversations_acts_do_not_stand_here_and_only_admins_come_in():
    salma, badr = cast.salma(), cast.badr()
    cast.arrive(cast.letter("مرحبا"))
    assert acts(at_desk(salma).get(AUDIT).text) == []
    assert "Nothing was changed yet" in at_desk(salma).get(AUDIT).text
    assert at_desk(badr).get(AUDIT).status_code == 403
    assert Client().get(AUDIT).status_code == 302


def test_the_page_asks_the_same_at_few_and_at_many_acts():
    salma = cast.salma()
    client = at_desk(salma)

    def asked() -> int:
        client.get(AUDIT)
        with CaptureQueriesContext(connection) as questions:
            client.get(AUDIT)
        return len(questions)

    record("team.made", actor_id=salma.pk, data={"team": 1, "name": "a"})
    few = asked()
    for n in range(80):
        record("teammate.changed", actor_id=salma.pk, data={"teammate": salma.pk, "what": ["role"], "n": n})
    assert asked() == few
