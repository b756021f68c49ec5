"""A visitor leaves: what they did not see follows them by mail, their answer comes back, and proves who they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from majlis.channels import outbox
from majlis.channels.actions.deliver import run_due
from majlis.channels.chat import mailing as mailing_of_chats
from majlis.channels.chat.models import ChatThread
from majlis.channels.models import AutomaticMail, Delivery, RawMessage, Route
from majlis.channels.outbox import send_reply
from majlis.conversations.actions.changing import Change, changing
from majlis.conversations.actions.close import close
from majlis.conversations.models import Conversation, Entry
from majlis.files.actions import store
from majlis.flow import arrival, leaving
from majlis.people.models import Customer, CustomerAddress
from tests import cast
from tests.channels import mailing
from tests.channels.chat import shop
from tests.channels.mailing import body, read
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)


def answer(number: int, text: str, **more: object) -> Entry:
    """Badr answers in the chat."""
    seen = Conversation.objects.get(pk=number).seq
    return send_reply(cast.badr(), number, text=text, seen_seq=seen, submission_key=uuid4(), **more).entry  # type: ignore[arg-type]


def later(**span: float) -> int:
    """Look at what is due so much later; how many mails of chats wait to leave."""
    leaving.mail_due(now=timezone.now() + timedelta(**span))
    return Delivery.objects.filter(entry__kind="auto").count()


def left(address: str) -> tuple[shop.Visitor, int]:
    """A visitor who wrote, left an address and was answered."""
    visitor = shop.Visitor(shop.widget())
    number = visitor.say("هل يصل الطقم إلى جدة؟")["conversation"]["id"]
    assert visitor.ask("address", conversation=number, address=address) == {"ok": True}
    answer(number, "نعم، يصل الأربعاء.")
    return visitor, number


def test_unseen_answers_go_by_one_mail_after_a_quiet_minute(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    _visitor, number = left(layla)
    assert later(seconds=30) == 0
    answer(number, "وإلى دبي خلال أربعة أيام.")
    assert later(seconds=59) == 0, "somebody is still writing"
    assert later(minutes=2) == 1
    mailing.let_time_pass()
    run_due()
    mail = read(host.wait_for(layla, 1)[0])
    assert str(mail["From"]) == f"بدر — متجر سدرة <{cast.SUPPORT}>"
    text = body(mail, "plain")
    assert text.index("نعم، يصل الأربعاء.") < text.index("وإلى دبي خلال أربعة أيام.")
    assert "هل يصل الطقم إلى جدة؟" in text, "what was asked stands below"
    assert "Auto-Submitted" not in mail
    assert later(minutes=3) == 1, "the same is not sent again"


def test_what_was_seen_in_the_chat_is_not_mailed(host: MailHost, layla: str):
    visitor, number = left(layla)
    visitor.ask("read", conversation=number, seq=99)
    assert later(minutes=2) == 0


def test_without_an_address_it_waits_in_the_chat():
    visitor = shop.Visitor(shop.widget())
    number = visitor.say("هل يصل؟")["conversation"]["id"]
    answer(number, "نعم")
    assert later(minutes=2) == 0
    visitor.ask("address", conversation=number, address=cast.LAYLA)
    assert later(minutes=2) == 1


def test_the_answer_to_that_mail_is_in_the_same_conversation_and_on_the_page(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    visitor, number = left(layla)
    later(minutes=2)
    mailing.let_time_pass()
    run_due()
    mail = read(host.wait_for(layla, 1)[0])
    assert Customer.objects.filter(addresses__address=layla).count() == 0, "a typed address identifies nobody"

    by_mail(layla, "شكرًا، وكم السعر؟", answers=str(mail["Message-ID"]))

    assert Conversation.objects.count() == 1
    told = visitor.ask("since", conversation=number, since=0)
    assert [(one["who"], one["via"]) for one in told["entries"]] == [
        ("me", "chat"),
        ("team", "chat"),
        ("me", "mail"),
    ]
    conversation = Conversation.objects.get()
    assert CustomerAddress.objects.get(address=layla).customer_id == conversation.customer_id
    assert ChatThread.objects.get().proven_at is not None
    assert visitor.say("عدت إلى الصفحة", conversation=number)["conversation"]["id"] == number
    assert shop.newest().customer_id == conversation.customer_id


def test_who_wrote_by_mail_is_answered_by_mail_and_reads_it_in_the_chat_too(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    visitor, number = left(layla)
    later(minutes=2)
    mailing.let_time_pass()
    run_due()
    mail = read(host.wait_for(layla, 1)[0])
    by_mail(layla, "وكم السعر؟", answers=str(mail["Message-ID"]))
    posted = answer(number, "٣٤٩ ريالًا.")
    assert posted.to == [layla]
    assert Delivery.objects.filter(entry=posted).count() == 1
    assert "٣٤٩ ريالًا." in str(visitor.ask("since", conversation=number, since=0))
    visitor.say("شكرًا", conversation=number)
    assert not Delivery.objects.filter(entry=answer(number, "عفوًا")).exists(), "in the chat again"


def test_a_stranger_who_types_anothers_address_is_not_taken_for_them(host: MailHost, layla: str):
    known = mailing.customer(layla)
    mailing.conversation("سرّ ليلى", sender=known)
    thief, number = left(layla)
    assert Conversation.objects.get(pk=number).customer_id != known.pk
    assert "سرّ ليلى" not in str(thief.ask("open"))
    assert [one["id"] for one in thief.ask("open")["conversations"]] == [number]


def test_even_when_the_mail_is_answered_the_page_shows_this_conversation_alone(host: MailHost, layla: str):
    known = mailing.customer(layla)
    mailing.connect(cast.support(), host)
    mailing.conversation("سرّ ليلى", sender=known)
    visitor, number = left(layla)
    later(minutes=2)
    mailing.let_time_pass()
    run_due()
    mail = read(host.wait_for(layla, 1)[0])
    by_mail(layla, "أنا هي", answers=str(mail["Message-ID"]))
    assert Conversation.objects.get(pk=number).customer_id == known.pk
    told = visitor.ask("open")
    assert [one["id"] for one in told["conversations"]] == [number]
    assert "سرّ ليلى" not in str(told)


def test_a_closed_chat_goes_to_the_customer_by_mail_once(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    visitor, number = left(layla)
    visitor.ask("read", conversation=number, seq=99)
    with changing(number) as change:
        close(change, teammate=cast.badr())
    assert later(minutes=2) == 1
    mailing.let_time_pass()
    run_due()
    mail = read(host.wait_for(layla, 1)[0])
    text = body(mail, "plain")
    assert "هل يصل الطقم إلى جدة؟" in text
    assert "نعم، يصل الأربعاء." in text
    assert later(hours=2) == 1
    by_mail(layla, "سؤال آخر", answers=str(mail["Message-ID"]))
    assert Conversation.objects.get().status == "in_progress", "answering goes on with it at any time"


def test_a_chat_that_falls_silent_ends_and_goes_by_mail(host: MailHost, layla: str):
    visitor, number = left(layla)
    visitor.ask("read", conversation=number, seq=99)
    assert later(minutes=20) == 0
    assert later(minutes=45) == 1
    assert later(minutes=90) == 1


def test_who_ends_a_chat_gets_it_at_once(host: MailHost, layla: str):
    visitor, number = left(layla)
    visitor.ask("read", conversation=number, seq=99)
    visitor.ask("end", conversation=number)
    assert later(seconds=5) == 1


def test_an_identified_visitor_needs_to_type_nothing(host: MailHost, layla: str):
    widget = shop.widget()
    visitor = shop.Visitor(widget)
    visitor.ask("open", identity=shop.signed(widget, email=layla))
    number = visitor.say("هل يصل؟")["conversation"]["id"]
    assert visitor.ask("address", conversation=number, address="other@y.example")["error"] == "address_known"
    answer(number, "نعم")
    assert later(minutes=2) == 1
    assert Delivery.objects.get(entry__kind="auto").entry.to == [layla]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a@", "x" * 330, f"{cast.SUPPORT}", "a@b.example\r\nBcc: c@d.example"]
)
def test_what_is_no_address_of_a_customer_is_refused(typed: str):
    visitor = shop.Visitor(shop.widget())
    number = visitor.say("هل يصل؟")["conversation"]["id"]
    assert visitor.ask("address", conversation=number, address=typed)["error"] == "not_an_address"


def test_files_of_an_answer_go_along(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    visitor = shop.Visitor(shop.widget())
    number = visitor.say("الفاتورة؟")["conversation"]["id"]
    visitor.ask("address", conversation=number, address=layla)
    answer(number, "هذه هي", uploads=[outbox.Upload("فاتورة.pdf", "application/pdf", b"%PDF-1.4 x")])
    later(minutes=2)
    mailing.let_time_pass()
    run_due()
    mail = read(host.wait_for(layla, 1)[0])
    assert [part.get_filename() for part in mail.iter_attachments()] == ["فاتورة.pdf"]


def test_mail_of_chats_passes_the_gate(layla: str):
    left(layla)
    later(minutes=2)
    assert AutomaticMail.objects.get().kind == AutomaticMail.Kind.CHAT


def by_mail(sender: str, text: str, *, answers: str) -> None:
    """The customer answers a mail, and it is taken in."""
    content = (
        f"From: ليلى <{sender}>\r\nTo: {cast.SUPPORT}\r\nSubject: Re: chat\r\nMessage-ID: <{uuid4().hex}@c.test>\r\n"
        f"In-Reply-To: {answers}\r\nReferences: {answers}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()
    raw = RawMessage.objects.create(
        mailbox=cast.support(),
        file=store(content),
        route=Route.LMTP,
        received_at=timezone.now(),
        envelope_from=sender,
    )
    arrival.take_in(raw.pk)


def test_a_chat_that_cannot_be_mailed_holds_up_none_behind_it(monkeypatch: pytest.MonkeyPatch):
    first = shop.Visitor(shop.widget())
    numbers = []
    for visitor, address in (
        (first, "one@customers.test"),
        (shop.Visitor(first.widget), "two@customers.test"),
    ):
        numbers.append(visitor.say("هل يصل؟")["conversation"]["id"])
        visitor.ask("address", conversation=numbers[-1], address=address)
        answer(numbers[-1], "نعم")
    send = mailing_of_chats.send_unseen

    def breaks(change: Change, *given: Any, **named: Any) -> Entry | None:
        if change.conversation.pk == numbers[0]:
            raise ValueError("broken")
        return send(change, *given, **named)

    monkeypatch.setattr(mailing_of_chats, "send_unseen", breaks)
    assert later(minutes=2) == 1
    assert later(minutes=3) == 1
    monkeypatch.undo()
    later(minutes=70)
    mailed = Delivery.objects.filter(entry__conversation=numbers[0], entry__kind="auto")
    assert mailed.count() == 1, "it is tried again"


def test_a_customer_we_know_is_not_made_another_by_a_third_ones_mail(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    _visitor, number = left(layla)
    known = Conversation.objects.get(pk=number).customer
    CustomerAddress.objects.create(customer=known, address=cast.OMAR, created_at=timezone.now())
    later(minutes=2)
    mailing.let_time_pass()
    run_due()
    mail = read(host.wait_for(layla, 1)[0])
    by_mail(layla, "أنا غيره", answers=str(mail["Message-ID"]))
    assert Conversation.objects.get(pk=number).customer == known
    assert Customer.objects.get(pk=known.pk).merged_into is None
