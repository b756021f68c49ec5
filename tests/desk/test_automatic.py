"""The page of what a mailbox sends by itself, and how that looks in the thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.channels import acknowledging, gate
from majlis.channels.actions.bounce import pin
from majlis.channels.email.mail import Bounce
from majlis.channels.gate import Asked
from majlis.channels.models import (
    Acknowledgement,
    AutomaticMail,
    Delivery,
    MailConnection,
    StoppedAddress,
)
from majlis.conversations.models import Conversation
from majlis.flow.reactions import react_pending
from majlis.journal.models import Event
from majlis.people.models import Mailbox, Teammate
from tests import cast

pytestmark = pytest.mark.django_db


def client_of(who: Teammate) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who)
    return client


@pytest.fixture
def salma() -> Teammate:
    found = cast.salma()
    Teammate.objects.update(language="en")
    found.refresh_from_db()
    return found


@pytest.fixture
def address() -> str:
    return f"/settings/mailboxes/{cast.support().pk}/automatic/"


def test_it_is_off_with_our_words_to_start_from_and_on_when_somebody_says_so(
    salma: Teammate, address: str
) -> None:
    page = client_of(salma)
    shown = page.get(address).content.decode()
    assert "أهلًا {name}" in shown
    assert "Hello {name}" in shown
    assert "Hello Layla," in shown, "the preview"
    assert 'name="is_on" checked' not in shown

    said = {"is_on": "on", "text_ar": "أهلًا {name}", "text_en": ""}
    assert page.post(address, said).status_code == 302
    kept = Acknowledgement.objects.get()
    assert (kept.is_on, kept.text_ar, kept.text_en) == (True, "أهلًا {name}", "")
    assert 'name="is_on" checked' in page.get(address).content.decode()
    assert Event.objects.filter(kind="mailbox.changed", actor_id=salma.pk).exists()
    assert page.get("/settings/audit/").status_code == 200


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"is_on": "on", "text_ar": " ", "text_en": ""}, "Write what is sent"),
        ({"is_on": "on", "text_ar": "رقم {number}", "text_en": ""}, "put in for {number}"),
        ({"is_on": "on", "text_ar": "أهلًا", "text_en": "x" * 4001}, "at most"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_what_was_typed_stays(
    salma: Teammate, address: str, said: dict[str, str], words: str
) -> None:
    answer = client_of(salma).post(address, said)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert said["text_en"] in shown
    assert not Acknowledgement.objects.exists()


def test_it_says_what_was_sent_and_refused_and_an_address_is_let_go_on(salma: Teammate, address: str) -> None:
    page = client_of(salma)
    assert "Nothing was decided yet" in page.get(address).content.decode()
    with transaction.atomic():
        for number in range(21):
            asked = Asked(
                cast.LAYLA,
                AutomaticMail.Kind.NOTICE,
                f"s{number}",
                f"t{number}",
                mailbox_id=cast.support().pk,
                conversation_id=number + 1,
            )
            gate.lets_through(asked, now=timezone.now())
    shown = page.get(address).content.decode()
    assert "It had its most of an hour." in shown
    assert "/conversations/21" in shown
    assert f'value="{cast.LAYLA}"' in shown

    page.post(f"{address}released", {"address": cast.LAYLA})
    assert f'value="{cast.LAYLA}"' not in page.get(address).content.decode()
    assert StoppedAddress.objects.get().let_go_at is not None
    assert page.post(f"{address}released", {"address": cast.LAYLA}).status_code == 302
    assert "let automatic mail to" in page.get("/settings/audit/").content.decode()


def test_it_is_closed_to_everybody_but_admins(salma: Teammate, address: str) -> None:
    for who in (cast.badr(), cast.noura()):
        page = client_of(who)
        assert page.get(address).status_code == 403
        assert page.post(address, {}).status_code == 403
        assert page.post(f"{address}released", {"address": cast.LAYLA}).status_code == 403
    assert Client().get(address).status_code == 302
    assert Client().post(f"{address}released").status_code == 302


def test_it_asks_as_much_for_many_decisions_as_for_few(salma: Teammate, address: str) -> None:
    page = client_of(salma)

    def asked(number: int) -> int:
        now = timezone.now()
        for n in range(number):
            AutomaticMail.objects.create(
                address=f"a{n}@x.test", kind="ack", mailbox=Mailbox.objects.get(), conversation_id=n, at=now
            )
            StoppedAddress.objects.update_or_create(
                address=f"a{n}@x.test", defaults={"why": "loop", "at": now}
            )
        page.get(address)
        with CaptureQueriesContext(connection) as questions:
            assert page.get(address).status_code == 200
        return len(questions)

    assert asked(2) == asked(40)


def test_the_thread_shows_it_as_sent_automatically_and_lists_stay_as_they_are(salma: Teammate) -> None:
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="localhost", smtp_port=9)
    acknowledging.set_up(salma, cast.support(), is_on=True, texts={"ar": "وصلت رسالتك", "en": ""})
    cast.arrive(cast.letter("أين طلبي؟"))
    react_pending()
    here = Conversation.objects.get()
    page = client_of(salma)
    shown = page.get(f"/conversations/{here.pk}").content.decode()
    assert "sent automatically" in shown
    assert "وصلت رسالتك" in shown
    rows = page.get("/inbox/unassigned").content.decode()
    assert "أين طلبي؟" in rows
    assert "وصلت رسالتك" not in rows
    assert here.waiting_since is not None
    assert here.waiting_since < timezone.now() + timedelta(seconds=1)
    found = page.get("/search?q=%D9%88%D8%B5%D9%84%D8%AA").content.decode()
    assert f"/conversations/{here.pk}" not in found


def test_one_that_did_not_arrive_is_no_reply_that_did_not(salma: Teammate) -> None:
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="localhost", smtp_port=9)
    acknowledging.set_up(salma, cast.support(), is_on=True, texts={"ar": "وصلت رسالتك", "en": ""})
    cast.arrive(cast.letter("أين طلبي؟"))
    react_pending()
    delivery = Delivery.objects.get()
    report = Bounce((cast.LAYLA,), delivery.message_id, False, "still trying", "4.4.1")
    for one in (report, replace(report, is_permanent=True, diagnostic="550 5.1.1 nobody", status="5.1.1")):
        Delivery.objects.update(state="sent")
        assert pin(one, cast.support())
    page = client_of(salma)
    address = f"/conversations/{Conversation.objects.get().pk}"
    shown = page.get(address).content.decode()
    for told in ("is delayed on its way", "came back undelivered", "was not sent"):
        assert f"The acknowledgement {told}" in shown
        assert f"eply {told}" not in shown
    Delivery.objects.update(state="held", why="")
    assert "whether the acknowledgement arrived" in page.get(address).content.decode()
