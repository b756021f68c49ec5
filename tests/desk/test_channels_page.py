"""The pages of the advice on channels: asked, answered with reasons, with the team's own figures, and what they open."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from majlis.channels.advising import Answers, advise
from majlis.channels.advising_rules import RULES, Channel
from majlis.channels.models import ChannelAdvice
from majlis.desk import advising
from majlis.desk.advice_words import ANSWERS, ASKED, REASONS
from majlis.journal.models import Event
from majlis.people.models import Teammate
from tests import cast
from tests.channels.test_advising_figures import begun

pytestmark = pytest.mark.django_db
PAGE = "/settings/channels/"
SHOP = {
    "sells_to": "people",
    "urgency": "minutes",
    "length": "short",
    "same_facts": "no",
    "closes_by_talking": "yes",
    "stage": "growing",
    "team_size": "few",
    "experience": "mixed",
    "growth": "steady",
    "presale": "some",
}
SAAS = SHOP | {"sells_to": "companies", "urgency": "day", "length": "long", "closes_by_talking": "no"}


def at_desk(teammate: Teammate, language: str = "en") -> Client:
    Teammate.objects.filter(pk=teammate.pk).update(language=language)
    client = Client()
    client.force_login(teammate)
    return client


def section(page: str, name: str) -> str:
    """The words of one section."""
    found = re.search(rf'<section class="setrow" id="{name}".*?</section>', page, re.DOTALL)
    assert found is not None, name
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found[0])).replace("\u00a0", " ")


def test_one_channel_is_recommended_with_its_reasons_and_kept_with_who_asked():
    client = at_desk(cast.salma())
    assert "Ready for chat?" not in client.get(PAGE).text

    page = client.post(PAGE, SAAS, follow=True).text

    said = section(page, "advice")
    assert "Start with email" in said
    assert "Companies want to find again what was said" in said
    assert "Why no chat yet?" in said
    assert 'href="/settings/mailboxes/">Set up email' in page
    kept = ChannelAdvice.objects.get()
    assert (kept.channel, kept.asked_by, kept.is_ready) == ("email", cast.salma(), None)
    assert kept.readiness["first_response"] == ["unknown", None, 0]
    event = Event.objects.get(kind="channels.advised")
    assert (event.actor_id, event.data) == (cast.salma().pk, {"channel": "email", "is_ready": None})
    audit = re.sub(r"<[^>]*>", "", client.get("/settings/audit/").text)
    assert "سلمى asked which channel to begin with: Email" in audit


def test_what_was_answered_stands_there_again_and_earlier_advice_below():
    client = at_desk(cast.salma())
    client.post(PAGE, SHOP)
    page = client.post(PAGE, SAAS, follow=True).text

    assert re.search(r'<input[^>]*name="length"[^>]*value="long"[^>]*checked', page)
    assert "Live chat" in section(page, "earlier")


def test_a_question_left_out_is_asked_again_and_nothing_is_kept():
    client = at_desk(cast.salma())

    page = client.post(PAGE, SHOP | {"urgency": ""})

    assert page.status_code == 200
    assert page.text.count("Choose one.") == 1
    assert re.search(r'<input[^>]*name="length"[^>]*value="short"[^>]*checked', page.text)
    assert not ChannelAdvice.objects.exists()


def test_everything_at_once_is_talked_out_of_and_let():
    client = at_desk(cast.salma())

    page = client.post(PAGE, SAAS | {"wants_all": "on"}, follow=True).text

    said = section(page, "advice")
    assert "Start with email" in said
    assert "a few people have to keep them all" in said
    assert "One first is better" in said


def test_each_channel_with_a_page_of_its_own_is_offered_to_who_wants_all(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(advising.SET_UP_PAGES, Channel.CHAT, "settings_topics")
    client = at_desk(cast.salma())

    one = client.post(PAGE, SAAS, follow=True).text
    all_of_them = client.post(PAGE, SAAS | {"wants_all": "on"}, follow=True).text

    assert "Set up chat" not in one
    assert 'href="/settings/topics/">Set up chat' in all_of_them


def test_the_teams_own_figures_stand_with_their_number_and_open_what_is_behind_them():
    client = at_desk(cast.salma())
    now = timezone.now()
    for n in range(20):
        begun(now - timedelta(days=5), answered=timedelta(minutes=30 + n), status="closed")
    waiting = begun(now - timedelta(days=1), first={"text": "س" * 400}, subject="متى تفتحون؟")
    client.post(PAGE, SAAS)

    page = client.get(PAGE).text

    said = section(page, "all")
    assert "Nine of ten within 48 mins" in said
    assert "Half waited 40 mins or less" in said
    assert "Of 21 conversations. 1 of them waits still." in said
    assert "Not enough data" in section(page, "staffed")
    assert "95%" in section(page, "short")
    assert "About a third" in section(page, "presale")
    assert "Not enough data" in section(page, "hours")
    behind = client.get(f"{PAGE}behind/first-response/").text
    assert f'href="/conversations/{waiting.pk}"' in behind
    assert "waiting for 24 hrs" in behind.replace("\u00a0", " ")
    assert "400 characters" in client.get(f"{PAGE}behind/long/").text
    assert "No conversation counts here" in client.get(f"{PAGE}behind/staffed/").text
    assert client.get(f"{PAGE}behind/elsewhere/").status_code == 404


def test_only_admins_ask_and_read():
    client = at_desk(cast.badr())

    for address in (PAGE, f"{PAGE}behind/short/"):
        assert client.get(address).status_code == 403
    assert client.post(PAGE, SHOP).status_code == 403
    assert client.get("/setup/channels/")["Location"] == "/"
    assert client.post("/setup/channels/", SHOP)["Location"] == "/"
    assert not ChannelAdvice.objects.exists()


def test_in_the_first_run_it_can_be_left_for_later_or_leads_on_to_the_mailbox():
    client = at_desk(cast.salma())

    asked = client.get("/setup/channels/").text
    assert 'href="/setup/mailbox/">Later' in asked
    assert client.get("/setup/done/")["Location"] == "/"
    assert client.post("/setup/channels/", SHOP)["Location"] == "/setup/channels/"
    said = client.get("/setup/channels/").text

    assert "Start with live chat" in said
    assert "It needs a mailbox first" in said
    assert 'href="/setup/mailbox/">On to the mailbox' in said
    assert 'name="urgency"' in client.get("/setup/channels/?again=1").text


@pytest.mark.parametrize(
    ("answers", "after"),
    [(SHOP, "/settings/topics/"), (SAAS, "/"), (SAAS | {"wants_all": "on"}, PAGE)],
)
def test_after_the_mailbox_comes_the_set_up_of_what_was_advised(
    answers: dict[str, str], after: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(advising.SET_UP_PAGES, Channel.CHAT, "settings_topics")
    client = at_desk(cast.salma())
    client.post("/setup/channels/", answers)

    assert client.get("/setup/done/")["Location"] == after


def test_a_form_that_is_advised_is_set_up_where_forms_are():
    client = at_desk(cast.salma())
    same_facts = SAAS | {"same_facts": "yes", "length": "short", "presale": ""}

    page = client.post(PAGE, same_facts, follow=True).text

    assert "Start with a contact form" in page
    assert 'href="/settings/forms/">Set up a form' in page
    assert client.get("/setup/done/")["Location"] == "/settings/forms/"


def test_a_mailbox_is_asked_for_only_while_there_is_none():
    client = at_desk(cast.salma())
    before = client.post(PAGE, SHOP, follow=True).text
    cast.support()

    assert "It needs a mailbox first" in before
    assert "It needs a mailbox first" not in client.get(PAGE).text
    assert 'href="/setup/mailbox/">On to the mailbox' in client.get("/setup/channels/").text


def test_a_channel_without_a_page_leads_to_work(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(advising.SET_UP_PAGES, Channel.CHAT, raising=False)
    client = at_desk(cast.salma())
    client.post("/setup/channels/", SHOP)

    assert client.get("/setup/done/")["Location"] == "/"


def test_every_question_answer_and_reason_has_its_words():
    from majlis.channels.advising_rules import QUESTIONS

    assert {name: tuple(known) for name, known in ANSWERS.items()} == dict(QUESTIONS)
    assert set(ASKED) == set(QUESTIONS)
    assert {code for *_, code in RULES} <= set(REASONS)
    everything = advise(Answers(**SHOP, wants_all=True))
    shown = advising.shown(everything, wants_all=True)
    assert shown["one_first"]
