"""Claim, do, settle: what becomes of a delivery when servers refuse, stop, lie or die, and when senders do."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from majlis.channels import outbox
from majlis.channels.actions import claim as claims
from majlis.channels.actions.deliver import recover_orphans, run_due
from majlis.channels.email import sending
from majlis.channels.models import Delivery, State
from majlis.channels.problems import unpack
from majlis.channels.queries import reason
from majlis.conversations.models import Attachment, Entry
from majlis.files.queries import path
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from tests import cast
from tests.channels import mailing
from tests.channels.mailing import read, smtp_server, up_to_the_end
from tests.mailhost import MailHost
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)


def due_reply(layla: str = cast.LAYLA) -> Entry:
    """Badr's reply to Layla, due now."""
    entry = mailing.reply(cast.badr(), mailing.conversation(sender=mailing.customer(layla)))
    mailing.let_time_pass()
    return entry


def the_delivery() -> Delivery:
    return Delivery.objects.get()


def kinds(entry: Entry) -> list[str]:
    """What the journal says of the delivery, in order."""
    rows = Event.objects.filter(conversation_id=entry.conversation_id, kind__startswith="delivery.")
    return list(rows.order_by("seq").values_list("kind", flat=True))


def test_a_server_that_asks_to_come_back_gets_it_later(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    host.refuse(layla, reply="451 4.3.0 come back later")
    entry = due_reply(layla)
    assert run_due() == 1
    delivery = the_delivery()
    assert delivery.state == State.QUEUED
    assert "4.3.0 come back later" in reason(delivery)
    assert timedelta(seconds=50) < delivery.due_at - timezone.now() <= timedelta(minutes=1)
    assert run_due() == 0, "not before it is due"

    other = f"also-{layla}"
    host.add_user(other, "x")
    Entry.objects.filter(pk=entry.pk).update(to=[other])
    mailing.let_time_pass()
    run_due()
    assert read(host.wait_for(other, 1)[0])["Message-ID"] == entry.message_id
    assert the_delivery().state == State.SENT
    assert kinds(entry) == ["delivery.retried", "delivery.sent"]


def test_a_server_that_is_away_gets_it_when_it_is_back(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    due_reply(layla)
    host.stop_smtp()
    try:
        run_due()
    finally:
        host.start_smtp()
    delivery = the_delivery()
    assert delivery.state == State.QUEUED
    assert unpack(delivery.why)[0] == "refused"
    mailing.let_time_pass()
    run_due()
    assert len(host.wait_for(layla, 1)) == 1
    assert the_delivery().state == State.SENT


def test_attempts_end_after_two_days():
    mailing.connect_to(cast.support(), port=9)
    due_reply()
    waited = timedelta()
    for _ in range(100):
        mailing.let_time_pass()
        run_due()
        if the_delivery().state != State.QUEUED:
            break
        waited += the_delivery().due_at - timezone.now()
    assert the_delivery().state == State.FAILED
    assert timedelta(days=2) - timedelta(hours=1) < waited < timedelta(days=2) + timedelta(hours=1)
    assert unpack(the_delivery().why)[0] == "refused"


def test_lesson_8_a_refused_reply_stands_as_failed_with_the_servers_words(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    host.refuse(layla, reply="550 5.1.1 no such person")
    entry = due_reply(layla)
    seq_before = Entry.objects.get(pk=entry.pk).changed_seq
    run_due()
    delivery = the_delivery()
    assert delivery.state == State.FAILED
    assert "5.1.1 no such person" in reason(delivery)
    entry.refresh_from_db()
    assert entry.changed_seq > seq_before, "a page that catches up gets the entry again"
    assert Event.objects.get(kind="delivery.failed").data["why"] == delivery.why
    mailing.let_time_pass()
    assert run_due() == 0


def test_a_failed_reply_is_sent_again_by_hand_under_the_same_id(host: MailHost, layla: str):
    entry = due_reply(layla)
    run_due()
    assert unpack(the_delivery().why)[0] == "no_smtp"
    assert the_delivery().state == State.FAILED
    mailing.connect(cast.support(), host)
    outbox.retry(cast.badr(), entry.pk)
    run_due()
    (raw,) = host.wait_for(layla, 1)
    assert read(raw)["Message-ID"] == entry.message_id
    assert kinds(entry) == ["delivery.failed", "delivery.retried", "delivery.sent"]
    with pytest.raises(Refused) as caught:
        outbox.retry(cast.badr(), entry.pk)
    assert (caught.value.code, caught.value.data) == ("not_failed", {"state": State.SENT})


def test_who_may_not_see_a_reply_cannot_decide_about_it():
    entry = due_reply()
    run_due()
    for decide in (outbox.retry, outbox.undo, lambda who, pk: outbox.settle_by_hand(who, pk, was_sent=True)):
        with pytest.raises(Refused) as caught:
            decide(cast.noura(), entry.pk)
        assert caught.value.code == "not_found"
    assert the_delivery().state == State.FAILED


def held_reply() -> Entry:
    """A reply whose server hung up right after it had the whole message."""
    with smtp_server(lambda say, hear: bool(up_to_the_end(say, hear))) as port:
        mailing.connect_to(cast.support(), port=port)
        entry = due_reply()
        run_due()
    return entry


def test_lesson_6_an_unclear_result_is_held_and_never_sent_again_by_itself():
    entry = held_reply()
    assert the_delivery().state == State.HELD
    assert unpack(the_delivery().why)[0] == "unclear"
    assert kinds(entry) == ["delivery.held"]
    mailing.let_time_pass()
    assert recover_orphans() == 0
    assert run_due() == 0
    assert the_delivery().state == State.HELD


def test_a_person_sends_a_held_reply_again(host: MailHost, layla: str):
    entry = held_reply()
    Entry.objects.filter(pk=entry.pk).update(to=[layla])
    mailing.connect(cast.support(), host)
    outbox.retry(cast.badr(), entry.pk)
    run_due()
    assert read(host.wait_for(layla, 1)[0])["Message-ID"] == entry.message_id
    assert the_delivery().state == State.SENT


@pytest.mark.parametrize(("was_sent", "state"), [(True, State.SENT), (False, State.FAILED)])
def test_a_person_says_what_became_of_a_held_reply(was_sent: bool, state: State):
    entry = held_reply()
    outbox.settle_by_hand(cast.badr(), entry.pk, was_sent=was_sent)
    assert the_delivery().state == state
    event = Event.objects.get(kind="delivery.settled")
    assert (event.data["was_sent"], event.actor_id) == (was_sent, cast.badr().pk)
    with pytest.raises(Refused) as caught:
        outbox.settle_by_hand(cast.badr(), entry.pk, was_sent=True)
    assert caught.value.code == "not_held"


def test_a_refused_copy_is_told_although_the_reply_went_out(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    host.refuse(f"copy-{layla}", reply="550 5.1.1 no such person")
    entry = due_reply(layla)
    Entry.objects.filter(pk=entry.pk).update(cc=[f"copy-{layla}"])
    run_due()
    assert len(host.wait_for(layla, 1)) == 1
    assert the_delivery().state == State.SENT
    assert f"copy-{layla}: 550" in reason(the_delivery())


def test_a_reply_that_cannot_be_put_together_fails_visibly_and_the_next_one_goes(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    talk = mailing.conversation(sender=mailing.customer(layla))
    broken = outbox.send_reply(
        cast.badr(),
        talk.pk,
        text="الفاتورة",
        seen_seq=talk.seq,
        submission_key=uuid4(),
        uploads=[outbox.Upload("a.txt", "text/plain", uuid4().bytes)],
    )
    path(Attachment.objects.get().file).unlink()
    mailing.reply(cast.badr(), talk, "بعدها")
    mailing.let_time_pass()
    assert run_due() == 2
    assert len(host.wait_for(layla, 1)) == 1
    failed = Delivery.objects.get(entry=broken.entry)
    assert (failed.state, unpack(failed.why)[0]) == (State.FAILED, "unbuildable")


def test_a_password_of_another_key_is_said_to_be_unreadable():
    connected = mailing.connect_to(cast.support(), port=9, user="x", password="secret")
    connected.smtp_password = connected.smtp_password[:-4] + "AAAA"
    connected.save()
    due_reply()
    run_due()
    assert (the_delivery().state, unpack(the_delivery().why)[0]) == (State.FAILED, "secret")


def test_lesson_6_two_senders_at_once_send_thirty_replies_once_each(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    badr = cast.badr()
    talk = mailing.conversation(sender=mailing.customer(layla))
    ids = {mailing.reply(badr, talk, f"رد {number}").message_id for number in range(30)}
    mailing.let_time_pass()
    start = threading.Barrier(2)
    done: list[int] = []

    def send_all() -> None:
        try:
            start.wait(10)
            done.append(run_due(limit=40))
        finally:
            connection.close()

    threads = [threading.Thread(target=send_all) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(done) == 30
    assert min(done) > 0, "both took part"
    arrived = [read(raw)["Message-ID"] for raw in host.wait_for(layla, 30)]
    assert len(arrived) == 30
    assert set(arrived) == ids
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.SENT}


SENDER = "import django; django.setup(); from majlis.channels.outbox import run_due; raise SystemExit(run_due() - 1)"


def die(at: str) -> None:
    """A sender in a process of its own, killed while the server lets it wait `at` this point."""
    reached = threading.Event()
    dead = threading.Event()

    def play(say: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        if at != "the greeting":
            say(b"220 here\r\n")
            while not hear().upper().startswith(b"DATA"):
                say(b"250 ok\r\n")
        if at == "the end of the message":
            say(b"354 go on\r\n")
            while hear() != b".\r\n":
                pass
        reached.set()
        dead.wait(20)

    with smtp_server(play) as port:
        mailing.connect_to(cast.support(), port=port)
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "majlis.settings"}
        sender = subprocess.Popen([sys.executable, "-c", SENDER], env=environment)
        try:
            assert reached.wait(20)
            assert the_delivery().state == State.SENDING
            assert recover_orphans() == 0, "it is still alive"
        finally:
            sender.kill()
            sender.wait(10)
            dead.set()
    until(recover_orphans, "the database to see that the sender is gone")


@pytest.mark.parametrize("at", ["the greeting", "the beginning of the message"])
def test_what_a_killed_sender_had_not_transmitted_is_sent_by_another(host: MailHost, layla: str, at: str):
    due_reply(layla)
    die(at)
    assert the_delivery().state == State.QUEUED
    mailing.connect(cast.support(), host)
    assert run_due() == 1
    assert len(host.wait_for(layla, 1)) == 1
    assert the_delivery().state == State.SENT


def test_lesson_6_what_a_killed_sender_may_have_transmitted_is_held():
    due_reply()
    die("the end of the message")
    assert the_delivery().transmitting_at is not None
    assert the_delivery().state == State.HELD
    assert unpack(the_delivery().why)[0] == "worker"
    assert run_due() == 0


def test_a_living_sender_keeps_its_row():
    due_reply()
    found: list[int] = []

    def look() -> None:
        try:
            found.append(recover_orphans())
        finally:
            connection.close()

    with claims.claimed() as claim:
        assert claim is not None
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(10)
    assert found == [0]
    assert the_delivery().state == State.SENDING


def test_a_sender_that_lost_its_row_does_not_send_the_end(host: MailHost, layla: str):
    mailing.connect(cast.support(), host)
    due_reply(layla)
    with claims.claimed() as claim:
        assert claim is not None
        Delivery.objects.update(state=State.QUEUED, claimed_by="")
        with pytest.raises(claims.LostClaim):
            claims.begin_transmitting(claim)


def test_a_result_is_written_although_the_row_was_held_meanwhile(
    host: MailHost, layla: str, monkeypatch: pytest.MonkeyPatch
):
    mailing.connect(cast.support(), host)
    due_reply(layla)
    end = sending._end

    def end_and_lose_the_lock(*arguments: object) -> str:
        words = end(*arguments)  # type: ignore[arg-type]
        connection.close()
        assert recover_orphans() == 1
        assert the_delivery().state == State.HELD
        return words

    monkeypatch.setattr(sending, "_end", end_and_lose_the_lock)
    run_due()
    assert the_delivery().state == State.SENT


def test_a_message_that_kills_its_sender_every_time_is_not_tried_for_ever():
    due_reply()
    Delivery.objects.update(state=State.SENDING, claimed_by="somebody dead", attempts=60)
    assert recover_orphans() == 1
    assert the_delivery().state == State.HELD


def test_the_database_being_away_for_a_moment_does_not_lose_a_result(
    host: MailHost, layla: str, monkeypatch: pytest.MonkeyPatch
):
    mailing.connect(cast.support(), host)
    due_reply(layla)
    end = sending._end

    def end_and_be_cut_off(*arguments: object) -> str:
        words = end(*arguments)  # type: ignore[arg-type]
        cut_off_from_the_database()
        return words

    monkeypatch.setattr(sending, "_end", end_and_be_cut_off)
    run_due()
    assert the_delivery().state == State.SENT


def cut_off_from_the_database() -> None:
    """The server ends this thread's session, as at a restart."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(make_conninfo(**settings.CONFIG.database.parameters()), autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [pid])
