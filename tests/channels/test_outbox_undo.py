"""A reply taken back within the time to undo; the update decides the race with the sender."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from majlis.channels import outbox
from majlis.channels.actions.deliver import run_due
from majlis.channels.models import Delivery, State
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


def test_undo_and_sending_at_the_same_moment_agree(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    badr = cast.badr()
    talk = mailing.conversation(sender=mailing.customer(layla))
    outcomes: list[str] = []
    for number in range(12):
        entry = mailing.reply(badr, talk, f"رد {number}")
        mailing.let_time_pass()
        start = threading.Barrier(2)

        def send(start: threading.Barrier = start) -> None:
            try:
                start.wait(10)
                run_due()
            finally:
                connection.close()

        thread = threading.Thread(target=send)
        thread.start()
        start.wait(10)
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
