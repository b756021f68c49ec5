"""A message that comes back is pinned to the reply it tells of."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from majlis.channels import outbox
from majlis.channels.actions.bounce import pin
from majlis.channels.actions.deliver import run_due
from majlis.channels.actions.returned import taken
from majlis.channels.bounced import FORGIVEN_AFTER, may_mail, returned
from majlis.channels.email.mail import Bounce
from majlis.channels.email.parsing import parse
from majlis.channels.models import Delivery, ReturnedAddress, State
from majlis.channels.outbox import queue_letter
from majlis.channels.problems import unpack
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
    assert report.bounce.envelope_id == entry.message_id.strip("<>").partition("@")[0], (
        "asked for by RFC 3461"
    )
    assert pin(report.bounce, box)
    delivery = Delivery.objects.get()
    assert delivery.state == State.FAILED
    assert nobody in delivery.why
    assert "550" in delivery.why
    event = Event.objects.get(kind="bounced")
    assert (event.conversation_id, event.data["entry"]) == (talk.pk, entry.pk)
    changed = Entry.objects.get(pk=entry.pk)
    assert changed.changed_seq == event.seq
    returned = ReturnedAddress.objects.get()
    assert (returned.address, returned.is_permanent, returned.delivery) == (nobody, True, delivery)
    assert not may_mail(nobody)


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


def test_a_report_without_the_message_is_known_by_its_envelope():
    entry = sent_reply()
    named = entry.message_id.strip("<>").partition("@")[0]
    assert pin(bounce(None, envelope_id=named), cast.support())
    assert Delivery.objects.get().state == State.FAILED
    letter = queue_letter("gone@majlis.test", "hi", "there")
    assert pin(bounce(None, envelope_id=letter.message_id.strip("<>").partition("@")[0]), cast.support())
    assert not pin(bounce(None, envelope_id=named.replace("mj-", "mj-1")), cast.support()), "a forged one"
    assert not pin(bounce(None, envelope_id="%"), cast.support())


def test_a_delay_is_shown_as_one():
    entry = sent_reply()
    delay = bounce(entry.message_id, is_permanent=False, status="4.4.1", diagnostic="will retry for 4 days")
    assert pin(delay, cast.support())
    assert unpack(Delivery.objects.get().why)[0] == "delayed"
    assert may_mail(cast.LAYLA)


def test_what_came_back_is_held_against_the_address_until_mail_passes_or_they_write():
    entry = sent_reply()
    assert may_mail(cast.LAYLA)
    pin(bounce(entry.message_id), cast.support())
    assert not may_mail(cast.LAYLA.upper())
    (found,) = returned([cast.LAYLA])
    assert (found.count, found.kind, found.words) == (1, "unknown_address", "550 5.1.1 no such person")
    taken([cast.LAYLA])
    assert not may_mail(cast.LAYLA), "taken by a server on the way: the report may still come"
    ReturnedAddress.objects.update(taken_at=timezone.now() - FORGIVEN_AFTER)
    assert may_mail(cast.LAYLA)
    ReturnedAddress.objects.update(taken_at=None)
    cast.arrive(cast.letter("أنا هنا"))
    assert may_mail(cast.LAYLA)


def test_an_automatic_answer_from_there_proves_nothing():
    entry = sent_reply()
    pin(bounce(entry.message_id), cast.support())
    cast.arrive(cast.letter("I am away", headers={"Auto-Submitted": "auto-replied"}))
    assert not may_mail(cast.LAYLA)


def test_a_full_mailbox_is_remembered_and_stops_no_automatic_mail():
    entry = sent_reply()
    pin(bounce(entry.message_id, status="5.2.2", diagnostic="552 5.2.2 over quota"), cast.support())
    assert may_mail(cast.LAYLA)
    assert returned([cast.LAYLA]).get().kind == "mailbox_full"


def test_a_report_that_names_somebody_else_holds_nothing_against_them():
    entry = sent_reply()
    pin(bounce(entry.message_id, failed=(cast.OMAR,)), cast.support())
    assert may_mail(cast.OMAR)


def test_a_policy_of_their_server_is_not_held_against_the_address():
    entry = sent_reply()
    pin(bounce(entry.message_id, status="5.7.1", diagnostic="550 5.7.1 blocked, spam"), cast.support())
    assert may_mail(cast.LAYLA)
    assert not returned([cast.LAYLA]).exists()
