"""How fast mail leaves: limits of a mailbox, servers that ask for a rest, one connection for several messages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from majlis.channels.actions import pacing
from majlis.channels.actions.deliver import run_due
from majlis.channels.models import Delivery, MailConnection, OutgoingServer, SendingRules, State
from majlis.channels.problems import unpack
from majlis.conversations.models import Entry
from majlis.people.models import Mailbox
from tests import cast
from tests.channels import mailing
from tests.channels.mailing import smtp_server
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)
Say = Callable[[bytes], None]
Hear = Callable[[], bytes]


def polite(say: Say, hear: Hear, heard: list[bytes], answers: dict[bytes, bytes] | None = None) -> None:
    """A server that takes all it is handed, unless `answers` has other words for a command."""
    say((answers or {}).get(b"220", b"220 here\r\n"))
    while line := hear():
        heard.append(line)
        verb = line[:4].upper().strip()
        if verb == b"EHLO":
            say((answers or {}).get(verb, b"250 here\r\n"))
        elif verb == b"DATA":
            say(b"354 go on\r\n")
            while hear() != b".\r\n":
                pass
            say((answers or {}).get(b".", b"250 taken\r\n"))
        elif verb == b"QUIT":
            say(b"221 bye\r\n")
            return
        else:
            said = (answers or {}).get(verb, b"250 ok\r\n")
            say(said)
            if said.startswith(b"421"):
                return


def replies(number: int, mailbox: Mailbox | None = None) -> list[Entry]:
    """So many replies of Salma, due."""
    talk = mailing.conversation(mailbox=mailbox, message_id=f"<{mailbox}@c.test>")
    entries = [mailing.reply(cast.salma(), talk, f"رد {n}") for n in range(number)]
    mailing.let_time_pass()
    return entries


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_what_is_over_the_limit_waits_in_order_and_says_when_and_why():
    SendingRules.objects.create(mailbox=cast.support(), per_hour=2)
    heard: list[bytes] = []
    with smtp_server(lambda say, hear: polite(say, hear, heard)) as port:
        mailing.connect_to(cast.support(), port=port)
        replies(5)
        assert run_due() == 5
    assert states() == ["sent", "sent", "queued", "queued", "queued"]
    waiting = list(Delivery.objects.filter(state=State.QUEUED).order_by("pk"))
    hours = [round((one.due_at - timezone.now()) / timedelta(hours=1)) for one in waiting]
    assert hours == [1, 1, 2], "each takes the next free place"
    assert unpack(waiting[0].why) == ("limit_hour", {"n": 2})
    assert [one.attempts for one in waiting] == [0, 0, 0], "nothing was tried"
    assert run_due() == 0, "nobody asks again before the time"


def test_a_reply_leaves_before_what_is_automatic():
    SendingRules.objects.create(mailbox=cast.support(), per_day=1)
    heard: list[bytes] = []
    with smtp_server(lambda say, hear: polite(say, hear, heard), connections=2) as port:
        mailing.connect_to(cast.support(), port=port)
        first, automatic = replies(2)
        Delivery.objects.filter(entry=automatic).update(rank=1)
        run_due()
        (late,) = replies(1)
        run_due()
        assert Delivery.objects.get(entry=late).due_at <= Delivery.objects.get(entry=automatic).due_at
        Delivery.objects.filter(entry=first).update(admitted_at=timezone.now() - timedelta(days=2))
        mailing.let_time_pass()
        run_due()
    assert Delivery.objects.get(entry=late).state == State.SENT
    assert Delivery.objects.get(entry=automatic).state == State.QUEUED


def test_one_mailbox_at_its_limit_does_not_keep_another_waiting():
    SendingRules.objects.create(mailbox=cast.support(), per_day=1)
    heard: list[bytes] = []
    with smtp_server(lambda say, hear: polite(say, hear, heard), connections=3) as port:
        mailing.connect_to(cast.support(), port=port)
        mailing.connect_to(cast.sales(), port=port)
        replies(3)
        (other,) = replies(1, cast.sales())
        run_due()
    assert Delivery.objects.get(entry=other).state == State.SENT


def test_several_senders_at_once_stay_within_the_limit():
    SendingRules.objects.create(mailbox=cast.support(), per_hour=3)
    heard: list[bytes] = []
    servers = [smtp_server(lambda say, hear: polite(say, hear, heard), connections=8)]
    with servers[0] as port:
        mailing.connect_to(cast.support(), port=port)
        replies(8)

        def send() -> None:
            run_due(limit=4)
            connection.close()

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert states().count("sent") == 3
    assert states().count("queued") == 5


def test_a_throttling_server_rests_for_all_that_go_by_it():
    heard: list[bytes] = []
    answers = {b"MAIL": b"421 4.7.0 Too many connections, retry in 600 seconds\r\n"}
    with smtp_server(lambda say, hear: polite(say, hear, heard, answers), connections=3) as port:
        mailing.connect_to(cast.support(), port=port)
        mailing.connect_to(cast.sales(), port=port)
        replies(2)
        replies(1, cast.sales())
        run_due()
    tried = [line for line in heard if line.startswith(b"mail")]
    assert len(tried) == 1, "the others are not tried meanwhile"
    for delivery in Delivery.objects.all():
        assert delivery.state == State.QUEUED
        assert timedelta(minutes=9) < delivery.due_at - timezone.now() <= timedelta(minutes=10)
        assert "Too many connections" in str(unpack(delivery.why)[1])


def test_a_throttled_account_rests_alone_and_a_greylisted_message_too(host: MailHost, layla: str):
    heard: list[bytes] = []
    answers = {b"RCPT": b"452 4.5.3 Too many messages this hour\r\n"}
    with smtp_server(lambda say, hear: polite(say, hear, heard, answers), connections=2) as port:
        mailing.connect_to(cast.support(), port=port)
        replies(2)
        run_due()
    assert set(OutgoingServer.objects.exclude(rests_until=None).values_list("key", flat=True)) == {
        f"mailbox:{cast.support().pk}"
    }
    mailing.connect(cast.sales(), host)
    host.refuse(layla, reply="451 4.7.1 Greylisted, come back in 300 seconds")
    (grey,) = replies(1, cast.sales())
    Entry.objects.filter(pk=grey.pk).update(to=[layla])
    run_due()
    delivery = Delivery.objects.get(entry=grey)
    assert timedelta(minutes=4) < delivery.due_at - timezone.now() <= timedelta(minutes=5)
    assert pacing.resting([pacing.key_of_mailbox(cast.sales().pk)]) is None


def test_rests_grow_and_a_success_ends_them():
    for minutes in (1, 2, 5, 10, 20, 40, 60, 60):
        until = pacing.rest("mail.test:25", why="421 slow")
        assert pacing.rest("mail.test:25", why="421 slow") == until, "heard twice at once, counted once"
        assert round((until - timezone.now()) / timedelta(minutes=1)) == minutes
        OutgoingServer.objects.update(rests_until=timezone.now())
    pacing.went_well(["mail.test:25"], size_limit=1000)
    server = OutgoingServer.objects.get()
    assert (server.strikes, server.rests_until, server.size_limit) == (0, None, 1000)


def test_a_server_out_of_reach_is_asked_once_and_an_admin_may_say_try_now():
    mailing.connect_to(cast.support(), port=9)
    replies(3)
    run_due()
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    pacing.lift(["127.0.0.1:9"], cast.support().pk)
    assert pacing.resting(["127.0.0.1:9"]) is None
    assert not Delivery.objects.filter(due_at__gt=timezone.now()).exists()


def test_messages_that_wait_for_one_server_share_a_connection_of_twenty():
    heard: list[bytes] = []
    with smtp_server(lambda say, hear: polite(say, hear, heard), connections=2) as port:
        mailing.connect_to(cast.support(), port=port)
        replies(21)
        assert run_due(limit=30) == 21
    assert states() == ["sent"] * 21
    assert len([line for line in heard if line.startswith(b"ehlo")]) == 2
    assert len([line for line in heard if line.startswith(b"rset")]) == 19


def test_a_kept_connection_that_died_is_replaced_and_nothing_is_sent_twice():
    heard: list[bytes] = []

    def once(say: Say, hear: Hear) -> None:
        """Takes one message, then closes without a word."""

        def until_reset() -> bytes:
            line = hear()
            return b"" if line.startswith(b"rset") else line

        polite(say, until_reset, heard)

    with smtp_server(once, connections=3) as port:
        mailing.connect_to(cast.support(), port=port)
        replies(3)
        run_due()
    assert states() == ["sent"] * 3
    assert len([line for line in heard if line.startswith(b"DATA")]) == 3


def test_a_refused_message_leaves_the_connection_to_the_next(host: MailHost, layla: str):
    connected: MailConnection = mailing.connect(cast.support(), host)
    refused = f"no-{layla}"
    host.refuse(refused, reply="550 5.1.1 no such person")
    first, second = replies(2)
    Entry.objects.filter(pk=first.pk).update(to=[refused])
    Entry.objects.filter(pk=second.pk).update(to=[layla])
    run_due()
    assert states() == ["failed", "sent"]
    assert len(host.wait_for(layla, 1)) == 1
    assert OutgoingServer.objects.get(key=f"localhost:{connected.smtp_port}").size_limit == 60 * 1024 * 1024
