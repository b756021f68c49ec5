"""A form that somebody fills in begins a conversation."""

from __future__ import annotations

import pytest
from django.test import Client

from majlis.channels.forms.fields import Field, Kind
from majlis.channels.forms.promising import answer_sentence
from majlis.conversations.models import Conversation, Entry
from majlis.coverage import actions
from majlis.coverage.hours import Span
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
