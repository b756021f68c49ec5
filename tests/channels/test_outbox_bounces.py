"""A message that comes back is pinned to the reply it tells of."""

from __future__ import annotations

from uuid import uuid4

import pytest

from majlis.channels import outbox
from majlis.channels.actions.bounce import pin
from majlis.channels.actions.deliver import run_due
from majlis.channels.email.mail import Bounce
from majlis.channels.email.parsing import parse
from majlis.channels.models import Delivery, State
from majlis.channels.outbox import queue_letter
from majlis.conversations.models import Entry
from majlis.journal.models import Event
from tests import cast
from tests.channels import mailing
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)


def bounce(original: str | None, **changes: object) -> Bounce:
    """A report about the message `original`."""
    values: dict[str, object] = {
        "failed": (cast.LAYLA,),
        "original_message_id": original,
        "is_permanent": True,
        "diagnostic": "550 5.1.1 no such person",
        "status": "5.1.1",
        **changes,
    }
    return Bounce(**values)  # type: ignore[arg-type]


def sent_reply() -> Entry:
    """A reply whose server took it."""
    entry = mailing.reply(cast.badr(), mailing.conversation())
    Delivery.objects.update(state=State.SENT)
    return entry


def test_lesson_8_a_real_bounce_turns_the_reply_to_failed_with_the_servers_words(host: MailHost):
    box = cast.mailbox(f"support-{uuid4().hex[:8]}@majlis.test", name="الدعم")
    mailing.connect(box, host)
    nobody = f"nobody-{uuid4().hex[:8]}@majlis.test"
    talk = mailing.conversation(mailbox=box, sender=mailing.customer(nobody))
    entry = mailing.reply(cast.salma(), talk)
    mailing.let_time_pass()
    run_due()
    assert Delivery.objects.get().state == State.SENT, "the server took it and finds out later"

    report = parse(host.wait_for(box.address, 1)[0])
    assert report.bounce is not None
    assert pin(report.bounce, box)
    delivery = Delivery.objects.get()
    assert delivery.state == State.FAILED
    assert nobody in delivery.why
    assert "550" in delivery.why
    event = Event.objects.get(kind="bounced")
    assert (event.conversation_id, event.data["entry"]) == (talk.pk, entry.pk)
    changed = Entry.objects.get(pk=entry.pk)
    assert changed.changed_seq == event.seq


@pytest.mark.parametrize("state", [state for state in State if state != State.CANCELLED])
def test_a_reply_fails_in_whatever_state_it_is(state: State):
    entry = sent_reply()
    Delivery.objects.update(state=state)
    assert pin(bounce(entry.message_id), cast.support())
    assert Delivery.objects.get().state == State.FAILED


def test_a_reply_that_was_taken_back_stays_so():
    entry = mailing.reply(cast.badr(), mailing.conversation())
    outbox.undo(cast.badr(), entry.pk)
    assert not pin(bounce(entry.message_id), cast.support())
    assert Delivery.objects.get().state == State.CANCELLED


def test_an_id_mangled_on_the_way_is_known_by_its_signature():
    entry = sent_reply()
    mangled = entry.message_id.upper().replace("MAJLIS.TEST", "relay.elsewhere.test")
    assert pin(bounce(mangled), cast.support())
    assert Delivery.objects.get().state == State.FAILED


def test_the_same_report_twice_is_told_once():
    entry = sent_reply()
    for _ in range(2):
        assert pin(bounce(entry.message_id), cast.support())
    assert Event.objects.filter(kind="bounced").count() == 1


def test_a_mere_delay_is_told_and_fails_nothing():
    entry = sent_reply()
    delay = bounce(entry.message_id, is_permanent=False, status="4.4.1", diagnostic="will retry for 4 days")
    assert pin(delay, cast.support())
    assert Delivery.objects.get().state == State.SENT
    assert Event.objects.get(kind="bounced").data["is_final"] is False


def test_a_server_that_gave_up_after_days_is_final():
    entry = sent_reply()
    assert pin(bounce(entry.message_id, is_permanent=False, status="4.4.7"), cast.support())
    assert Delivery.objects.get().state == State.FAILED


def test_a_report_about_others_mail_changes_nothing():
    entry = sent_reply()
    forged = entry.message_id.replace("mj-", "mj-1")
    assert not pin(bounce(forged), cast.support())
    assert not pin(bounce("<else@customers.test>"), cast.support())
    assert not pin(bounce(None), cast.support())
    assert not pin(bounce(entry.message_id), cast.sales()), "another mailbox's mail is not its business"
    assert Delivery.objects.get().state == State.SENT


def test_a_letter_that_comes_back_is_failed():
    letter = queue_letter("gone@majlis.test", "hi", "there")
    assert pin(bounce(letter.message_id), cast.support())
    assert Delivery.objects.get().state == State.FAILED
