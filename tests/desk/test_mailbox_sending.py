"""The page of a mailbox's sending, and what the desk says of addresses where nothing arrives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from majlis.channels.actions import pacing
from majlis.channels.actions.returned import came_back
from majlis.channels.email.verdicts import read
from majlis.channels.models import Delivery, MailConnection, SendingRules
from majlis.channels.problems import pack
from majlis.conversations.models import Conversation, Entry
from majlis.people.models import Teammate
from tests import cast
from tests.channels import mailing

pytestmark = pytest.mark.django_db
WORDS = "550 5.1.1 no such person"


def at_desk(teammate: Teammate) -> Client:
    """A browser that `teammate` is signed in with; pages in English."""
    Teammate.objects.filter(pk=teammate.pk).update(language="en")
    client = Client()
    client.force_login(teammate, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address() -> str:
    return f"/settings/mailboxes/{cast.support().pk}/sending/"


def test_an_admin_sets_the_limits_and_the_usual_ones_stand_beside():
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="smtp.gmail.com")
    client = at_desk(cast.salma())
    page = client.get(address()).content.decode()
    assert 'placeholder="2000"' in page
    assert 'value="20"' in page
    said = {"per_minute": "", "per_hour": "١٠٠", "per_day": "0", "attachments_mb": "5", "link_days": "7"}
    assert client.post(address(), said).status_code == 302
    rules = SendingRules.objects.get()
    assert (rules.per_minute, rules.per_hour, rules.per_day) == (None, 100, 0)
    assert (rules.attachments_mb, rules.link_days) == (5, 7)


def test_what_cannot_be_is_said_and_nothing_is_kept():
    client = at_desk(cast.salma())
    answer = client.post(address(), {"per_hour": "-1", "attachments_mb": "0", "link_days": "999"})
    assert answer.status_code == 200
    assert answer.content.decode().count("field__err") >= 3
    assert not SendingRules.objects.exists()


def test_nobody_but_admins_comes_in():
    cast.salma()
    for who in (cast.badr(), cast.noura()):
        assert at_desk(who).get(address()).status_code == 403
        assert at_desk(who).post(f"{address()}tries").status_code == 403
    assert Client().get(address()).status_code == 302


def test_a_rest_is_told_and_an_admin_may_end_it():
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="mail.sidra.test", smtp_port=587)
    pacing.rest("mail.sidra.test:587", why="421 4.7.0 too many connections")
    client = at_desk(cast.salma())
    assert "too many connections" in client.get(address()).content.decode()
    assert client.post(f"{address()}tries").status_code == 302
    assert pacing.resting(["mail.sidra.test:587"]) is None


def held_against_layla() -> Conversation:
    talk = mailing.conversation()
    came_back(cast.LAYLA, words=WORDS, verdict=read(WORDS), delivery=None)
    return talk


def test_what_came_back_stands_at_the_address_and_above_the_reply():
    talk = held_against_layla()
    page = at_desk(cast.badr()).get(f"/conversations/{talk.pk}").content.decode()
    assert "composer__returned" in page
    assert "ctx__returned" in page
    assert "The address does not exist." in page
    assert WORDS in page


def test_nothing_goes_there_unasked_and_all_the_same_when_told_to():
    talk = held_against_layla()
    client = at_desk(cast.badr())
    fields = {"text": "نعم", "seen": str(talk.seq), "key": str(uuid4())}
    answer = client.post(f"/conversations/{talk.pk}/replies", fields)
    assert answer.status_code == 409
    assert answer["X-Majlis-Refused"] == "comes_back"
    assert cast.LAYLA in answer.content.decode()
    assert not Delivery.objects.exists()
    assert client.post(f"/conversations/{talk.pk}/replies", {**fields, "despite": "1"}).status_code in (
        200,
        302,
    )
    assert Delivery.objects.count() == 1


def test_what_is_passed_on_goes_there_only_when_told_to():
    talk = held_against_layla()
    client = at_desk(cast.badr())
    url = f"/entries/{talk.entries.get().pk}/forwards"
    fields = {"text": "للعلم", "seen": str(talk.seq), "to": cast.OMAR, "bcc": cast.LAYLA, "key": str(uuid4())}
    answer = client.post(url, fields)
    assert (answer.status_code, answer["X-Majlis-Refused"]) == (409, "comes_back")
    assert cast.LAYLA in answer.content.decode()
    assert not Delivery.objects.exists()
    assert client.post(url, {**fields, "despite": "1"}).status_code == 200
    assert Delivery.objects.count() == 1


def test_whoever_writes_first_is_asked_about_each_address_that_mail_came_back_from():
    held_against_layla()
    client = at_desk(cast.badr())
    fields = {"mailbox": cast.support().pk, "subject": "موعد", "text": "أهلًا", "reason": "تأخير"}

    def write(*to: str, **more: str) -> Any:
        return client.post("/beginnings", {**fields, "to": ", ".join(to), **more})

    alone = write(cast.LAYLA)
    assert (alone.status_code, alone["X-Majlis-Refused"]) == (422, "left_out")
    said = alone.content.decode()
    assert "The address does not exist." in said
    assert f'name="despite" value="{cast.LAYLA}"' in said
    assert 'name="go_on"' not in said
    assert "Nobody is left" not in said
    assert 'name="go_on"' in write(cast.LAYLA, cast.OMAR).content.decode()
    assert not Delivery.objects.exists()

    assert write(cast.LAYLA, cast.OMAR, go_on="1").status_code == 204
    assert Entry.objects.get(kind="reply").to == [cast.OMAR]
    came_back("hind@customers.test", words=WORDS, verdict=read(WORDS), delivery=None)
    both = write(cast.LAYLA, "hind@customers.test", despite=cast.LAYLA)
    assert both.status_code == 422, "of the other nobody was told"
    assert f'value="hind@customers.test, {cast.LAYLA}"' in both.content.decode()
    assert (
        write(cast.LAYLA, "hind@customers.test", despite=f"{cast.LAYLA}, hind@customers.test").status_code
        == 204
    )
    assert Delivery.objects.count() == 3


def test_an_entry_says_when_it_leaves_and_why_it_waits():
    talk = mailing.conversation()
    entry = mailing.reply(cast.badr(), talk)
    Delivery.objects.update(due_at=timezone.now() + timedelta(hours=1), why=pack("limit_hour", n=2))
    page = at_desk(cast.badr()).get(f"/conversations/{entry.conversation_id}").content.decode()
    assert "Leaves at about" in page
    assert "This mailbox may send 2 messages an hour." in page
    assert "data-undo-button" in page, "nobody has it in hand yet"
    others = at_desk(cast.salma()).get(f"/conversations/{entry.conversation_id}").content.decode()
    assert "data-undo-button" not in others
    Delivery.objects.update(claimed_at=timezone.now())
    page = at_desk(cast.badr()).get(f"/conversations/{entry.conversation_id}").content.decode()
    assert "data-undo-button" not in page


def test_a_refusal_is_said_in_plain_words_beside_the_servers_own():
    talk = mailing.conversation()
    mailing.reply(cast.badr(), talk)
    Delivery.objects.update(state="failed", why="554 5.7.1 blocked using zen.spamhaus.org")
    page = at_desk(cast.badr()).get(f"/conversations/{talk.pk}").content.decode()
    assert "Their server takes us for spam." in page
    assert "zen.spamhaus.org" in page
