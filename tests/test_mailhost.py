"""The mail host for tests does what a real one does."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from contextlib import closing
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP

from tests.mailhost import MailHost
from tests.polling import until

PASSWORD = "salma-Sends-mail"


def letter(subject: str, *, sender: str = "omar@customer.test", to: str = "help@majlis.test") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message.set_content("السلام عليكم\n")
    return message.as_bytes()


def test_a_mail_delivered_to_a_mailbox_is_read_there_by_imap(mail_host: MailHost):
    mail_host.add_user("badr@majlis.test", PASSWORD)
    mail_host.deliver("badr@majlis.test", letter("طلب"))
    (stored,) = mail_host.messages("badr@majlis.test")
    assert b"Subject: =?utf-8?" in stored

    with imaplib.IMAP4_SSL("localhost", mail_host.imaps_port, ssl_context=mail_host.tls()) as imap:
        imap.login("badr@majlis.test", PASSWORD)
        offered = imap.capability()[1][-1].split()
        assert {b"IDLE", b"UIDPLUS", b"MOVE", b"CONDSTORE"} <= set(offered)
        assert imap.select("INBOX")[1] == [b"1"]


def test_a_mail_handed_to_smtp_reaches_its_mailbox(mail_host: MailHost):
    mail_host.add_user("help@majlis.test", PASSWORD)
    mail_host.add_user("omar@customer.test", PASSWORD)
    mail_host.submit(
        "omar@customer.test", PASSWORD, letter("hello"), "omar@customer.test", ["help@majlis.test"]
    )
    assert b"Subject: hello" in mail_host.wait_for("help@majlis.test", 1)[0]


def test_a_mail_to_nobody_comes_back_as_a_bounce(mail_host: MailHost):
    mail_host.add_user("layla@customer.test", PASSWORD)
    mail_host.submit(
        "layla@customer.test", PASSWORD, letter("lost"), "layla@customer.test", ["nobody@majlis.test"]
    )
    (bounce,) = mail_host.wait_for("layla@customer.test", 1)
    assert b"report-type=delivery-status" in bounce
    assert b"nobody@majlis.test" in bounce


def test_strangers_may_not_sign_in_nor_send_through(mail_host: MailHost):
    mail_host.add_user("noura@majlis.test", PASSWORD)
    with (
        imaplib.IMAP4("127.0.0.1", mail_host.imap_port) as imap,
        pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"),
    ):
        imap.login("noura@majlis.test", "wrong")
    with pytest.raises(smtplib.SMTPAuthenticationError):
        mail_host.submit("noura@majlis.test", "wrong", b"", "noura@majlis.test", ["help@majlis.test"])
    with smtplib.SMTP("127.0.0.1", mail_host.smtp_port) as session:
        assert "auth" not in (session.ehlo(), session.esmtp_features)[1]
        session.mail("noura@majlis.test")
        assert session.rcpt("somebody@elsewhere.test")[0] == 550


def test_its_certificate_is_trusted_only_by_those_who_know_it(mail_host: MailHost):
    with pytest.raises(ssl.SSLCertVerificationError):
        imaplib.IMAP4_SSL(
            "localhost", mail_host.imaps_port, ssl_context=ssl.create_default_context(cafile=None)
        )
    with smtplib.SMTP_SSL("localhost", mail_host.smtps_port, context=mail_host.tls()) as session:
        assert session.noop()[0] == 250


def test_a_recipient_can_be_refused_for_good_or_for_now(mail_host: MailHost):
    mail_host.add_user("salma@majlis.test", PASSWORD)
    mail_host.refuse("gone@customer.test", reply="550 5.1.1 no such person")
    mail_host.refuse("full@customer.test", reply="452 4.2.2 mailbox is full")
    for address, code, words in (
        ("gone@customer.test", 550, b"5.1.1 no such person"),
        ("full@customer.test", 452, b"4.2.2 mailbox is full"),
    ):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
            mail_host.submit("salma@majlis.test", PASSWORD, letter("?"), "salma@majlis.test", [address])
        assert refusal.value.recipients == {address: (code, words)}


def test_smtp_can_be_silent_gone_and_back(mail_host: MailHost):
    mail_host.pause_smtp()
    try:
        with socket.create_connection(("127.0.0.1", mail_host.smtp_port), timeout=0.3) as connection:
            with pytest.raises(TimeoutError):
                connection.recv(1)
            mail_host.resume_smtp()
            connection.settimeout(5)
            assert connection.recv(4) == b"220 "
    finally:
        mail_host.resume_smtp()
    mail_host.stop_smtp()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", mail_host.smtp_port)
    mail_host.start_smtp()
    with smtplib.SMTP("127.0.0.1", mail_host.smtp_port) as session:
        assert session.noop()[0] == 250


def test_a_domain_can_be_handed_to_another_lmtp_server(mail_host: MailHost):
    taken: list[tuple[list[str], bytes]] = []

    class Door:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
            taken.append((envelope.rcpt_tos, envelope.content))
            return "250 2.0.0 taken"

    class Doorman(Controller):
        def factory(self):
            return LMTP(self.handler)

    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        port = held.getsockname()[1]
    doorman = Doorman(Door(), hostname="127.0.0.1", port=port)
    doorman.start()
    try:
        mail_host.route("desk.test", port)
        mail_host.add_user("omar@customer.test", PASSWORD)
        mail_host.submit(
            "omar@customer.test", PASSWORD, letter("in"), "omar@customer.test", ["help@desk.test"]
        )
        until(lambda: taken, "the mail for desk.test")
    finally:
        doorman.stop()
    assert taken[0][0] == ["help@desk.test"]
    assert b"Subject: in" in taken[0][1]


def test_a_restored_mailbox_has_a_new_uidvalidity(mail_host: MailHost):
    mail_host.add_user("restored@majlis.test", PASSWORD)
    mail_host.deliver("restored@majlis.test", letter("one"))

    def uidvalidity() -> bytes | None:
        with imaplib.IMAP4("127.0.0.1", mail_host.imap_port) as imap:
            imap.login("restored@majlis.test", PASSWORD)
            imap.select("INBOX")
            answer: bytes | None = imap.response("UIDVALIDITY")[1][0]
            return answer

    before = uidvalidity()
    mail_host.forget_uids("restored@majlis.test")
    assert uidvalidity() != before
    mail_host.number_anew("restored@majlis.test", uidvalidity=1_234_567)
    assert uidvalidity() == b"1234567"


def test_nothing_stays_behind():
    with MailHost() as host:
        folder, ports = host.folder, host.ports
        assert folder.exists()
    assert not folder.exists()
    for port in ports.values():
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
