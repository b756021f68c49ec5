"""What the team is called: three answers propose it with a reason, and it is read in one place."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.actions.naming import call
from majlis.people.called import Answers, Called, name_of, propose
from tests import cast

pytestmark = pytest.mark.django_db
CALLED = "/settings/called/"


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        (Answers("relation", "team", "support"), Called.SERVICE),
        (Answers("product", "engineers", "service"), Called.TECHNICAL),
        (Answers("product", "team", "support"), Called.SUPPORT),
        (Answers("relation", "engineers", "technical"), Called.TECHNICAL),
        (Answers("product", "team", "?"), Called.SUPPORT),
    ],
)
def test_three_answers_propose_a_name_with_its_reason(answers: Answers, name: Called):
    called, reason = propose(answers)
    assert called == name
    assert reason


def test_the_name_is_changed_in_one_place_and_read_in_both_languages():
    salma = cast.salma()
    call(salma, "service")

    found = queries.installation()
    with translation.override("ar"):
        assert name_of(found) == "خدمة العملاء"
    with translation.override("en"):
        assert name_of(found) == "Customer service"
        assert name_of(None) == "Support"
    call(salma, "service")
    assert Event.objects.filter(kind="installation.called").count() == 1


def test_only_admins_name_it_and_only_by_a_known_name():
    with pytest.raises(Refused, match="not_allowed"):
        call(cast.badr(), "service")
    with pytest.raises(Refused, match="no_such_name"):
        call(cast.salma(), "helpdesk")


def test_the_page_proposes_and_keeps_the_answers_before_anything_is_stored():
    client = Client()
    client.force_login(cast.salma())
    client.post("/accounts/language/", {"language": "en"})
    answers = {"help_with": "relation", "answered_by": "team", "expects": "support"}

    page = client.post(CALLED, answers | {"propose": "1", "called": "support"}).text

    assert "You care for the whole relation" in page
    assert re.findall(r'name="(\w+)" value="(\w+)"[^>]*checked', page) == [
        ("help_with", "relation"),
        ("answered_by", "team"),
        ("expects", "support"),
        ("called", "service"),
    ]
    found = queries.installation()
    assert found is not None
    assert found.called == "support"
    assert "Answer the three questions" in client.post(CALLED, {"propose": "1"}).text
    client.post(CALLED, {"called": "service"})
    found = queries.installation()
    assert found is not None
    assert found.called == "service"


def test_the_settings_are_closed_to_agents():
    client = Client()
    client.force_login(cast.noura())
    assert client.get(CALLED).status_code == 403
