"""Mail handed over by a mail server is kept before it is acknowledged, or plainly turned away."""

from __future__ import annotations

import smtplib
import socket
import threading

import psycopg
import pytest
from django.db import connection

from majlis.channels.models import RawMessage
from majlis.files.queries import read
from majlis.intake import lmtp
from majlis.people.models import Mailbox
from tests import cast
from tests.mailhost import MailHost
from tests.plugins import database
from tests.polling import until

LETTER = cast.letter("وصلت الطلبية ناقصة").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class Sender:
    """A mail server that speaks LMTP line by line."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.answers = self.socket.makefile("rb")
        assert self.reply().startswith("220")

    def reply(self) -> str:
        line = self.answers.readline().decode()
        while line[3:4] == "-":
            line = self.answers.readline().decode()
        return line.rstrip("\r\n")

    def say(self, line: str | bytes) -> str:
        self.socket.sendall((line.encode() if isinstance(line, str) else line) + b"\r\n")
        return self.reply()

    def begin(self, *recipients: str, sender: str = cast.LAYLA, greeting: str = "LHLO") -> list[str]:
        assert self.say(f"{greeting} mx.test").startswith("250")
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250")
        return [self.say(f"RCPT TO:<{recipient}>") for recipient in recipients]

    def data(self, content: bytes = LETTER, *, replies: int = 1) -> list[str]:
        assert self.say("DATA").startswith("354")
        self.socket.sendall(content + b".\r\n")
        return [self.reply() for _ in range(replies)]

    def close(self) -> None:
        self.answers.close()
        self.socket.close()


@pytest.fixture
def sender(door: lmtp.Listener):
    cast.support()
    cast.sales()
    speaking = Sender(door.port)
    yield speaking
    speaking.close()


def test_lesson_4_a_mail_is_durable_before_ok_is_said(sender: Sender):
    assert sender.begin(cast.SUPPORT) == ["250 2.1.5 OK"]
    assert sender.data() == ["250 2.0.0 Kept"]
    raw = RawMessage.objects.get()
    assert read(raw.file) == LETTER
    assert (raw.mailbox, raw.route, raw.envelope_from) == (cast.support(), "lmtp", cast.LAYLA)
    assert not raw.is_historic
    assert raw.taken_in_at is None


def test_each_recipient_gets_a_reply_and_each_mailbox_a_copy(sender: Sender):
    answers = sender.begin(cast.SUPPORT, "nobody@majlis.test", cast.SALES, "Support+orders@Majlis.test")
    assert [answer[:3] for answer in answers] == ["250", "550", "250", "250"]
    assert answers[1] == "550 5.1.1 There is no mailbox <nobody@majlis.test> here"
    assert sender.data(replies=3) == ["250 2.0.0 Kept"] * 3
    assert set(RawMessage.objects.values_list("mailbox__address", flat=True)) == {cast.SUPPORT, cast.SALES}
    assert RawMessage.objects.count() == 2
    assert RawMessage.objects.values("file").distinct().count() == 1


@pytest.mark.parametrize("address", ["SUPPORT@MAJLIS.TEST", "support+a+b@majlis.test"])
def test_case_and_tags_lead_to_the_mailbox(sender: Sender, address: str):
    assert sender.begin(address) == ["250 2.1.5 OK"]


def test_a_mailbox_whose_own_address_has_a_plus_comes_first(sender: Sender):
    own = cast.mailbox("support+vip@majlis.test", name="VIP")
    sender.begin("support+vip@majlis.test")
    sender.data()
    assert RawMessage.objects.get().mailbox == own


def test_the_null_return_path_is_kept_as_such(sender: Sender):
    sender.begin(cast.SUPPORT, sender="")
    sender.data()
    assert RawMessage.objects.get().envelope_from == ""


def test_a_mail_that_is_too_large_is_refused_by_its_announced_and_by_its_real_size(sender: Sender):
    sender.say("LHLO mx.test")
    assert sender.say("MAIL FROM:<a@b.test> SIZE=100001").startswith("552 ")
    sender.begin(cast.SUPPORT, cast.SALES)
    answers = sender.data(LETTER + b"x" * 998 + (b"\r\n" + b"x" * 998) * 200 + b"\r\n", replies=2)
    assert [answer[:4] for answer in answers] == ["552 ", "552 "]
    sender.begin(cast.SUPPORT)
    assert sender.data() == ["250 2.0.0 Kept"]  # the connection goes on
    assert RawMessage.objects.count() == 1


def test_smtp_is_spoken_at_the_same_door(door: lmtp.Listener):
    cast.support()
    with smtplib.SMTP("127.0.0.1", door.port, local_hostname="mx.test") as session:
        session.ehlo()
        assert session.esmtp_features["size"] == "100000"
        refused = session.sendmail(cast.OMAR, [cast.SUPPORT, "nobody@majlis.test"], LETTER)
        assert set(refused) == {"nobody@majlis.test"}
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            session.sendmail(cast.OMAR, ["nobody@majlis.test"], LETTER)
        session.helo()
        session.sendmail(cast.OMAR, [cast.SUPPORT], LETTER)
    assert RawMessage.objects.count() == 2


def test_every_byte_comes_through(sender: Sender):
    body = b".\x00\xff bytes\r\n..\r\n.dot\r\nbare\nlf\n.\nand\r.\rcr\r\n" + b"long" * 10_000 + b"\r\n"
    stuffed = (LETTER + body).replace(b"\r\n.", b"\r\n..")
    sender.begin(cast.SUPPORT)
    assert sender.data(stuffed) == ["250 2.0.0 Kept"]
    assert read(RawMessage.objects.get().file) == LETTER + body


def test_nothing_but_a_dot_between_two_crlf_ends_a_mail(sender: Sender):
    inside = b"\r\n.\nMAIL FROM:<evil@b.test>\r\n\n.\r\nRCPT TO:<%s>\r\n" % cast.SALES.encode()
    sender.begin(cast.SUPPORT)
    assert sender.data(LETTER + inside) == ["250 2.0.0 Kept"]
    assert sender.say("NOOP").startswith("250")
    assert RawMessage.objects.get().mailbox == cast.support()


def test_commands_may_come_all_at_once(sender: Sender):
    sender.say("LHLO mx.test")
    first = f"MAIL FROM:<a@b.test>\r\nRCPT TO:<{cast.SUPPORT}>\r\nDATA"
    assert sender.say(first).startswith("250")
    assert [sender.reply()[:3], sender.reply()[:3]] == ["250", "354"]
    assert (
        sender.say(LETTER + b".\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<nobody@majlis.test>") == "250 2.0.0 Kept"
    )
    assert [sender.reply()[:3], sender.reply()[:3]] == ["250", "550"]


def test_an_empty_mail_and_one_cut_off(sender: Sender):
    sender.begin(cast.SUPPORT)
    assert sender.data(b"") == ["250 2.0.0 Kept"]
    sender.begin(cast.SUPPORT)
    sender.say("DATA")
    sender.socket.sendall(LETTER)
    sender.socket.shutdown(socket.SHUT_WR)
    assert sender.socket.recv(1) == b""
    assert RawMessage.objects.count() == 1


def test_words_out_of_order_are_refused_and_endless_mistakes_end_it(sender: Sender):
    assert sender.say("MAIL FROM:<a@b.test>").startswith("503")
    assert sender.say("DATA").startswith("503")
    assert sender.say("LHLO mx.test").startswith("250")
    assert sender.say("RCPT TO:<a@b.test>").startswith("503")
    assert sender.say("MAIL a@b.test").startswith("501")
    assert sender.say(b"MAIL FROM:<" + b"a" * 10_000 + b">").startswith("500")
    answers = [sender.say("HELLO?") for _ in range(15)]
    assert answers[:-1] == ["500 5.5.1 This command is not known here"] * 14
    assert sender.reply().startswith("421")


def test_while_the_database_is_away_mail_is_asked_to_come_again(sender: Sender):
    sender.begin(cast.SUPPORT)  # known from a moment ago: the next one fails only when it is to be kept
    sender.say("RSET")
    name = connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(database.database_url("postgres"), autocommit=True) as admin:
        admin.execute(f"alter database {name} allow_connections false")
        try:
            admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
            assert sender.begin(cast.SUPPORT, cast.SALES)[1].startswith("451 4.3.0")
            assert sender.data()[0].startswith("451 4.3.0")
        finally:
            admin.execute(f"alter database {name} allow_connections true")
    assert sender.begin(cast.SUPPORT, cast.SALES) == ["250 2.1.5 OK"] * 2
    assert sender.data(replies=2) == ["250 2.0.0 Kept"] * 2
    assert RawMessage.objects.count() == 2


def test_a_mailbox_removed_a_moment_ago_takes_nothing_more(sender: Sender):
    sender.begin(cast.SUPPORT)
    Mailbox.objects.filter(address=cast.SUPPORT).delete()
    assert sender.data()[0].startswith("451")
    assert sender.begin(cast.SUPPORT)[0].startswith("550")


def test_many_senders_at_once_lose_nothing(door: lmtp.Listener):
    cast.support()

    def send(number: int) -> None:
        with smtplib.LMTP("127.0.0.1", door.port, local_hostname="mx.test") as session:
            for turn in range(10):
                session.sendmail(cast.OMAR, [cast.SUPPORT], LETTER + b"%d %d\r\n" % (number, turn))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RawMessage.objects.values("file").distinct().count() == 80


def test_one_sender_too_many_is_asked_to_come_back(
    sender: Sender, door: lmtp.Listener, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lmtp, "CONNECTIONS", 1)
    with socket.create_connection(("127.0.0.1", door.port), timeout=10) as other:
        assert other.recv(100).startswith(b"421 4.7.0")
    assert sender.say("NOOP").startswith("250")


def test_at_the_end_of_the_process_who_is_idle_is_told_so(sender: Sender, door: lmtp.Listener):
    sender.begin(cast.SUPPORT)
    door.stop()
    assert sender.reply().startswith("421 4.3.2")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", door.port), timeout=10)


def test_a_real_mail_server_delivers_through_the_door(door: lmtp.Listener, mail_host: MailHost):
    cast.mailbox("help@desk.test", name="Help")
    mail_host.route("desk.test", door.port)
    mail_host.add_user("omar@shop.test", "omar-writes")
    mail_host.submit("omar@shop.test", "omar-writes", LETTER, "omar@shop.test", ["help+x@desk.test"])
    raw = until(RawMessage.objects.first, "the mail for help@desk.test")
    assert raw is not None
    assert raw.envelope_from == "omar@shop.test"
