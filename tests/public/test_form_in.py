"""A form that somebody fills in begins a conversation."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from majlis.channels.forms.fields import Field, Kind
from majlis.channels.forms.promising import answer_sentence
from majlis.channels.outbox import send_reply
from majlis.conversations.models import Conversation, Entry
from majlis.coverage import actions
from majlis.coverage.hours import Span
from majlis.lib.errors import Refused
from tests import cast
from tests.public.filling import form, options, send, text

pytestmark = pytest.mark.django_db


def test_what_was_filled_in_begins_a_conversation_with_its_fields_and_its_page() -> None:
    asked = form(
        Field("order", Kind.ORDER, label_ar="رقم الطلب"),
        Field("why", Kind.CHOICE, label_ar="السبب", options=options(["تأخير", "إرجاع"])),
    )
    done = send(asked, order="#48213", why="1", _page="https://shop.test/contact?utm=1#x")
    assert done.status_code == 200, text(done)
    talk = Conversation.objects.get()
    assert (talk.channel, talk.subject, talk.status) == ("form", "راسلنا · إرجاع · 48213", "open")
    assert talk.customer.addresses.get().address == cast.LAYLA
    entry = Entry.objects.get()
    assert entry.text == "أين طلبي؟\n\nرقم الطلب: #48213\nالسبب: إرجاع"
    assert (entry.details or {})["form"] == {
        "id": asked.pk,
        "name": "تواصل",
        "page": "https://shop.test/contact",
        "fields": [["رقم الطلب", "#48213"], ["السبب", "إرجاع"]],
        "message": len("أين طلبي؟"),
        "is_quiet": False,
    }


def test_an_answer_goes_to_the_address_that_was_typed_and_nowhere_without_one() -> None:
    send(form())
    talk = Conversation.objects.get()
    sent = send_reply(
        cast.badr(), talk.pk, text="في الطريق.", seen_seq=talk.seq, submission_key=uuid4(), uploads=[]
    )
    assert sent.entry.to == [cast.LAYLA]
    send(form(needs_address=False), email="", name="")
    silent = Conversation.objects.latest("pk")
    with pytest.raises(Refused, match="no_recipient"):
        send_reply(
            cast.badr(), silent.pk, text="لمن؟", seen_seq=silent.seq, submission_key=uuid4(), uploads=[]
        )


def test_it_is_found_by_what_stands_in_a_field_and_by_its_channel() -> None:
    send(form(Field("order", Kind.ORDER, "رقم الطلب")), order="WH-90210")
    number = Conversation.objects.get().pk
    badr = Client()
    badr.force_login(cast.badr())
    for words in ("90210", "channel:form", "قناة:نموذج"):
        assert f'id="row-{number}"' in text(badr.get("/search", {"q": words})), words
    assert f'id="row-{number}"' not in text(badr.get("/search", {"q": "channel:email"}))


def test_the_last_page_says_truthfully_when_somebody_reads_it() -> None:
    asked = form()
    assert "سيقرؤها أحدنا" in text(send(asked)), "nothing is promised where nobody said when they are there"
    always = tuple((Span(0, 24 * 60),) for _day in range(7))
    actions.keep(cast.salma(), None, is_on=True, time_zone="Asia/Riyadh", country="", week=always)
    said = text(send(asked, email="b@customers.test"))
    assert answer_sentence(asked.mailbox, "ar") in said
    assert "نحن هنا الآن" in said


def test_the_page_works_in_both_languages() -> None:
    asked = form()
    assert 'dir="rtl"' in text(Client().get(f"/form/{asked.key}"))
    english = text(Client().get(f"/form/{asked.key}?language=en"))
    assert 'dir="ltr"' in english
    assert "Write to us" in english
