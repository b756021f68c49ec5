"""A teammate's reply leaves once, says what it answers, and is refused where it must be."""

from __future__ import annotations

import threading
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from majlis.channels import outbox
from majlis.channels.actions.deliver import run_due
from majlis.channels.models import Delivery, State
from majlis.channels.outbox import Upload, next_due_at, send_reply
from majlis.conversations.models import Entry, EntryKind, Participant, Status
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox
from tests import cast
from tests.channels import mailing
from tests.channels.mailing import body, read
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)


def test_lesson_1_a_reply_says_what_it_answers_and_brings_its_own_signed_id(host: MailHost, layla: str):
    badr = cast.badr()
    mailing.connect(cast.support(), host)
    talk = mailing.conversation(
        sender=mailing.customer(layla), message_id="<b@customers.test>", references=("<a@customers.test>",)
    )
    entry = mailing.reply(badr, talk)
    mailing.write_again(talk, "شكرًا", message_id="<c@customers.test>")
    second = mailing.reply(badr, talk, "على الرحب والسعة.")
    mailing.let_time_pass()
    assert run_due() == 2

    first_mail, second_mail = (read(raw) for raw in host.wait_for(layla, 2))
    assert first_mail["Message-ID"] == entry.message_id
    assert entry.message_id.startswith("<mj-")
    assert entry.message_id.endswith("@majlis.test>")
    assert first_mail["In-Reply-To"] == "<b@customers.test>"
    assert first_mail["References"].split() == ["<a@customers.test>", "<b@customers.test>"]
    assert second_mail["Message-ID"] == second.message_id
    assert second_mail["In-Reply-To"] == "<c@customers.test>"
    assert second_mail["References"].split() == [
        "<a@customers.test>",
        "<b@customers.test>",
        entry.message_id,
        "<c@customers.test>",
    ]


def test_the_customer_reads_who_wrote_and_what_was_asked(host: MailHost, layla: str):
    badr = cast.badr()
    mailing.connect(cast.support(), host)
    talk = mailing.conversation("أين طلبي؟", sender=mailing.customer(layla), subject="سؤال عن الطلب")
    mailing.reply(badr, talk, "طلبك في الطريق.")
    mailing.let_time_pass()
    run_due()
    mail = read(host.wait_for(layla, 1)[0])
    assert str(mail["From"]) == f"بدر — متجر سدرة <{cast.SUPPORT}>"
    assert str(mail["To"]) == f"ليلى <{layla}>"
    assert mail["Subject"] == "Re: سؤال عن الطلب"
    assert body(mail, "plain").startswith("طلبك في الطريق.\n\nفي ")
    assert f"كتب ليلى <{layla}>:\n> أين طلبي؟" in body(mail, "plain")
    assert '<div dir="rtl" lang="ar" style=' in body(mail, "html")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.why) == (State.SENT, "")
    assert Event.objects.filter(kind="delivery.sent", conversation_id=talk.pk).count() == 1


@pytest.mark.parametrize("text", ["الفاتورة", ""])
def test_lesson_9_an_attachment_arrives_under_its_arabic_name(host: MailHost, layla: str, text: str):
    badr = cast.badr()
    mailing.connect(cast.support(), host)
    talk = mailing.conversation(sender=mailing.customer(layla))
    content = bytes(range(256)) * 500
    send_reply(
        badr,
        talk.pk,
        text=text,
        seen_seq=talk.seq,
        submission_key=uuid4(),
        uploads=[Upload("فاتورة رقم ٤٨٢١٣.pdf", "application/pdf", content)],
    )
    mailing.let_time_pass()
    run_due()
    (part,) = read(host.wait_for(layla, 1)[0]).iter_attachments()
    assert isinstance(part, EmailMessage)
    assert part.get_filename() == "فاتورة رقم ٤٨٢١٣.pdf"
    assert part.get_content() == content


def test_others_who_take_part_get_a_copy_and_our_own_mailboxes_do_not():
    badr = cast.badr()
    talk = mailing.conversation()
    Participant.objects.create(conversation=talk, address="friend@customers.test", name="هدى")
    Participant.objects.create(conversation=talk, address=cast.sales().address)
    entry = mailing.reply(badr, talk)
    assert entry.to == [cast.LAYLA]
    assert entry.cc == ["friend@customers.test"]


def test_a_reply_waits_for_the_time_to_undo():
    badr = cast.badr()
    before = timezone.now()
    mailing.reply(badr, mailing.conversation())
    due_at = next_due_at()
    assert due_at is not None
    assert before + outbox.UNDO <= due_at <= timezone.now() + outbox.UNDO
    assert run_due() == 0
    assert Delivery.objects.get().state == State.QUEUED


def test_lesson_6_the_same_submission_twice_is_one_reply_and_one_delivery():
    badr = cast.badr()
    talk = mailing.conversation()
    key = uuid4()
    first = send_reply(badr, talk.pk, text="مرة", seen_seq=talk.seq, submission_key=key)
    again = send_reply(badr, talk.pk, text="مرة", seen_seq=talk.seq, submission_key=key)
    assert again.entry == first.entry
    assert again.change is None
    assert Entry.objects.filter(kind=EntryKind.REPLY).count() == 1
    assert Delivery.objects.count() == 1


def test_lesson_6_the_same_submission_at_the_same_moment_is_one_reply():
    badr = cast.badr()
    talk = mailing.conversation()
    key = uuid4()
    start = threading.Barrier(5)
    made: list[int] = []
    failed: list[BaseException] = []

    def post() -> None:
        try:
            start.wait(10)
            made.append(send_reply(badr, talk.pk, text="مرة", seen_seq=talk.seq, submission_key=key).entry.pk)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed
    assert len(made) == 5
    assert len(set(made)) == 1
    assert Delivery.objects.count() == 1


def test_replying_can_close_the_conversation():
    talk = mailing.conversation()
    send_reply(cast.badr(), talk.pk, text="تم.", seen_seq=talk.seq, submission_key=uuid4(), should_close=True)
    talk.refresh_from_db()
    assert talk.status == Status.CLOSED


def refused(code: str, **changes: object) -> None:
    """Posting is refused with `code`, and nothing is left behind."""
    talk = mailing.conversation()
    values = {"teammate": cast.badr(), "text": "نعم", "seen_seq": talk.seq, **changes}
    teammate = values.pop("teammate")
    with pytest.raises(Refused) as caught:
        send_reply(teammate, talk.pk, submission_key=uuid4(), **values)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert not Delivery.objects.exists()
    assert not Entry.objects.filter(kind=EntryKind.REPLY).exists()


def test_who_may_not_see_a_conversation_cannot_reply_to_it():
    refused("not_found", teammate=cast.noura())


def test_an_empty_reply_is_refused():
    refused("empty", text=" \n ")


def test_a_reply_to_something_older_than_the_newest_is_refused():
    refused("newer_entry", seen_seq=0)


def test_a_reply_to_nobody_is_refused():
    talk = mailing.conversation()
    Participant.objects.all().delete()
    Entry.objects.update(from_address="")
    with pytest.raises(Refused) as caught:
        mailing.reply(cast.badr(), talk)
    assert caught.value.code == "no_recipient"


def test_a_mailbox_with_an_arabic_domain_can_reply():
    box = Mailbox.objects.create(name="الدعم", address="support@مثال.السعودية", created_at=timezone.now())
    entry = mailing.reply(cast.salma(), mailing.conversation(mailbox=box))
    assert entry.message_id.endswith("@xn--mgbh0fb.xn--mgberp4a5d4ar>")
