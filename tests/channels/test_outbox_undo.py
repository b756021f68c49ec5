"""A reply taken back within the time to undo; the update decides the race with the sender."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from majlis.channels import outbox
from majlis.channels.actions.deliver import run_due
from majlis.channels.models import Delivery, SendingRules, State
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close
from majlis.conversations.models import Conversation, Draft, Status
from majlis.lib.errors import Refused
from tests import cast
from tests.channels import mailing
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)


def test_undo_gives_the_text_back_and_nothing_leaves():
    talk = mailing.conversation()
    entry = mailing.reply(cast.badr(), talk, "مهلًا")
    assert outbox.undo(cast.badr(), entry.pk) == "مهلًا"
    mailing.let_time_pass()
    assert run_due() == 0
    assert Delivery.objects.get().state == State.CANCELLED
    entry.refresh_from_db()
    assert entry.is_withdrawn
    with pytest.raises(Refused):
        outbox.undo(cast.badr(), entry.pk)


def test_nobody_undoes_the_reply_of_another():
    entry = mailing.reply(cast.badr(), mailing.conversation())
    with pytest.raises(Refused) as caught:
        outbox.undo(cast.salma(), entry.pk)
    assert caught.value.code == "not_yours"


def test_what_was_begun_cannot_be_undone_not_even_between_two_attempts():
    mailing.connect_to(cast.support(), port=9)
    entry = mailing.reply(cast.badr(), mailing.conversation())
    mailing.let_time_pass()
    run_due()
    assert Delivery.objects.get().state == State.QUEUED, "nobody answers on that port: it will be tried again"
    with pytest.raises(Refused) as caught:
        outbox.undo(cast.badr(), entry.pk)
    assert caught.value.code == "already_sent"


def sender_at_this_moment() -> threading.Thread:
    """A sender in a thread of its own, let go as this returns."""
    start = threading.Barrier(2)

    def send() -> None:
        try:
            start.wait(10)
            run_due()
        finally:
            connection.close()

    thread = threading.Thread(target=send)
    thread.start()
    start.wait(10)
    return thread


def test_undo_and_sending_at_the_same_moment_agree(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    badr = cast.badr()
    talk = mailing.conversation(sender=mailing.customer(layla))
    outcomes: list[str] = []
    for number in range(12):
        entry = mailing.reply(badr, talk, f"رد {number}")
        mailing.let_time_pass()
        thread = sender_at_this_moment()
        try:
            outbox.undo(badr, entry.pk)
            outcomes.append("undone")
        except Refused as refused:
            outcomes.append(refused.code)
        thread.join(30)
        state = Delivery.objects.get(entry=entry).state
        assert state == {"undone": State.CANCELLED, "already_sent": State.SENT}[outcomes[-1]]
    sent = outcomes.count("already_sent")
    assert len(host.wait_for(layla, sent)) == sent


def at_its_limit() -> Conversation:
    """A conversation whose mailbox has sent all that it may in an hour; replies wait from now on."""
    SendingRules.objects.create(mailbox=cast.support(), per_hour=1)
    mailing.connect_to(cast.support(), port=9)
    talk = mailing.conversation()
    first = mailing.reply(cast.salma(), talk, "الأول")
    Delivery.objects.filter(entry=first).update(
        state=State.SENT, claimed_at=timezone.now(), admitted_at=timezone.now(), attempts=1
    )
    return talk


def test_a_reply_that_waits_for_its_turn_can_be_taken_back_as_long_as_it_waits():
    talk = at_its_limit()
    entry = mailing.reply(cast.badr(), talk, "مهلًا")
    for _ in range(2):  # asked about again, and put back again
        mailing.let_time_pass()
        assert run_due() == 1
        waiting = Delivery.objects.get(entry=entry)
        assert (waiting.state, waiting.attempts, waiting.claimed_at) == (State.QUEUED, 0, None)
    assert outbox.undo(cast.badr(), entry.pk) == "مهلًا"
    assert Draft.objects.get(teammate=cast.badr()).text == "مهلًا"
    mailing.let_time_pass()
    assert run_due() == 0
    assert Delivery.objects.get(entry=entry).state == State.CANCELLED


def test_what_may_have_arrived_is_not_taken_back_although_it_waits_now():
    talk = at_its_limit()
    entry = mailing.reply(cast.badr(), talk)
    Delivery.objects.filter(entry=entry).update(
        state=State.HELD, claimed_at=timezone.now(), attempts=1, why="problem"
    )
    outbox.retry(cast.badr(), entry.pk)
    assert run_due() == 1
    waiting = Delivery.objects.get(entry=entry)
    assert (waiting.state, waiting.attempts) == (State.QUEUED, 0), "it waits for its turn"
    with pytest.raises(Refused) as caught:
        outbox.undo(cast.badr(), entry.pk)
    assert caught.value.code == "already_sent"


def test_undo_and_a_sender_that_puts_it_back_agree():
    badr, talk = cast.badr(), at_its_limit()
    for number in range(8):
        entry = mailing.reply(badr, talk, f"رد {number}")
        mailing.let_time_pass()
        thread = sender_at_this_moment()
        try:
            outbox.undo(badr, entry.pk)
        except Refused:  # a sender had it in hand just then
            thread.join(30)
            outbox.undo(badr, entry.pk)
        thread.join(30)
        assert Delivery.objects.get(entry=entry).state == State.CANCELLED
    assert not Delivery.objects.exclude(transmitting_at=None).exists()


def test_a_conversation_that_was_answered_meanwhile_stands_by_that_answer():
    talk = mailing.conversation()
    early = mailing.reply(cast.badr(), talk, "الأول")
    mailing.reply(cast.salma(), talk, "الثاني")
    with changing(talk.pk) as change:
        close(change, teammate=cast.salma())
    outbox.undo(cast.badr(), early.pk)
    talk.refresh_from_db()
    assert (talk.status, talk.waiting_since, talk.snippet) == (Status.CLOSED, None, "الثاني")


def test_who_wrote_again_meanwhile_has_waited_since_the_first_time():
    talk = mailing.conversation()
    since = talk.entries.get().created_at
    entry = mailing.reply(cast.badr(), talk)
    mailing.write_again(talk, "وبعد؟", message_id="<again@customers.test>")
    outbox.undo(cast.badr(), entry.pk)
    talk.refresh_from_db()
    assert (talk.waiting_since, talk.snippet) == (since, "وبعد؟")
