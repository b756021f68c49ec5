"""One message over SMTP: what arrives, and exactly how far it came when it does not."""

from __future__ import annotations

import socket
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.utils import translation

from majlis.channels.email import sending
from majlis.channels.email.sending import SmtpSettings
from majlis.channels.problems import CODES, ConnectionProblem, explain, pack, unpack, words
from majlis.lib.errors import DeliveryError
from tests.channels.mailing import PASSWORD, Play, smtp_server, up_to_the_end
from tests.mailhost import MailHost

MESSAGE = (
    b"From: support@majlis.test\r\nSubject: x\r\nMessage-ID: <x@majlis.test>\r\n\r\nhi\r\n.\r\n..two\r\nend"
)


@pytest.fixture
def account(host: MailHost) -> str:
    """An address of this test's own that may send."""
    address = f"support-{uuid4().hex[:8]}@majlis.test"
    host.add_user(address, PASSWORD)
    return address


def starttls(host: MailHost, user: str, password: str = PASSWORD) -> SmtpSettings:
    return SmtpSettings("localhost", host.smtp_port, "starttls", user, password)


def plain(port: int) -> SmtpSettings:
    return SmtpSettings("127.0.0.1", port, "none")


def problem(settings: SmtpSettings, **more: object) -> ConnectionProblem:
    """What the settings page's test says of these settings."""
    with pytest.raises(ConnectionProblem) as caught:
        sending.test(settings, timeout_seconds=1.0, **more)  # type: ignore[arg-type]
    return caught.value


def failure(settings: SmtpSettings, **more: object) -> DeliveryError:
    """How sending fails."""
    with pytest.raises(DeliveryError) as caught:
        sending.send(
            settings,
            MESSAGE,
            sender="support@majlis.test",
            recipients=["layla@majlis.test"],
            timeout_seconds=2.0,
            **more,  # type: ignore[arg-type]
        )
    return caught.value


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_message_arrives_as_it_was_written(host: MailHost, account: str, security: str):
    port = host.smtps_port if security == "tls" else host.smtp_port
    settings = SmtpSettings("localhost", port, security, account, PASSWORD)
    receipt = sending.send(settings, MESSAGE, sender=account, recipients=[account])
    assert receipt.server_words.startswith("250 ")
    (arrived,) = host.wait_for(account, 1)
    assert arrived.replace(b"\r\n", b"\n").endswith(b"\n\nhi\n.\n..two\nend\n")


def test_settings_that_work_pass_the_test(host: MailHost, account: str):
    sending.test(starttls(host, account), sender=account)


def test_a_wrong_password_is_called_so_and_may_be_tried_again(host: MailHost, account: str):
    assert problem(starttls(host, account, "wrong")).code == "login"
    error = failure(starttls(host, account, "wrong"))
    assert not error.permanent
    assert not error.unclear


def test_a_password_with_arabic_letters_is_offered_to_the_server(host: MailHost, account: str):
    assert problem(starttls(host, account, "كلمة-سر")).code == "login"


def test_a_password_is_never_sent_in_the_clear(host: MailHost, account: str):
    settings = SmtpSettings("127.0.0.1", host.smtp_port, "none", account, PASSWORD)
    assert problem(settings).code == "needs_tls"


def test_a_certificate_nobody_trusts_is_refused(mail_host: MailHost):
    settings = SmtpSettings("localhost", mail_host.smtps_port, "tls")
    found = problem(settings)
    assert found.code == "certificate"
    assert "self-signed" in str(found.data["detail"])


def test_a_certificate_of_another_name_is_refused(host: MailHost, monkeypatch: pytest.MonkeyPatch):
    find = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **more: find("127.0.0.1", *rest, **more))
    found = problem(SmtpSettings("mail.elsewhere.test", host.smtps_port, "tls"))
    assert found.code == "certificate"
    assert "mail.elsewhere.test" in str(found.data["detail"])


@pytest.mark.parametrize("port", ["smtp_port", "imap_port"])
def test_tls_where_none_is_spoken_is_called_so(host: MailHost, port: str):
    assert problem(SmtpSettings("localhost", getattr(host, port), "tls")).code == "tls"


def test_a_server_without_starttls_is_called_so():
    def play(say: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        say(b"220 here\r\n")
        hear()
        say(b"250 ok\r\n")
        hear()

    with smtp_server(play) as port:
        assert problem(SmtpSettings("127.0.0.1", port, "starttls")).code == "tls"


@pytest.mark.parametrize("port", ["imap_port", "lmtp_port"])
def test_another_kind_of_server_is_called_so(host: MailHost, port: str):
    assert problem(plain(getattr(host, port))).code == "not_smtp"


def test_a_tls_port_without_tls_is_silence(host: MailHost):
    assert problem(plain(host.smtps_port)).code in ("timeout", "lost")


def test_a_host_that_is_not_there_is_called_so():
    assert problem(SmtpSettings("no-such-host.invalid", 587, "starttls")).code == "host"


def test_a_closed_port_is_called_so():
    with smtp_server(lambda say, hear: None, connections=0) as port:
        pass
    assert problem(plain(port)).code == "refused"


def test_a_sender_the_account_may_not_use_is_called_so():
    def play(say: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        say(b"220 here\r\n")
        hear()
        say(b"250 ok\r\n")
        hear()
        say(b"553 5.7.1 not your address\r\n")
        hear()

    with smtp_server(play) as port:
        found = problem(plain(port), sender="boss@elsewhere.test")
    assert found.code == "sender"
    assert found.data["detail"] == "553 5.7.1 not your address"


def test_lesson_8_a_refused_recipient_is_permanent_and_keeps_the_servers_words(host: MailHost, account: str):
    host.refuse("gone@majlis.test", reply="550 5.1.1 no such person")
    with pytest.raises(DeliveryError) as caught:
        sending.send(starttls(host, account), MESSAGE, sender=account, recipients=["gone@majlis.test"])
    assert caught.value.permanent
    assert "5.1.1 no such person" in str(caught.value)


def test_a_server_that_asks_to_come_back_is_temporary(host: MailHost, account: str):
    host.refuse("busy@majlis.test", reply="451 4.3.0 come back later")
    with pytest.raises(DeliveryError) as caught:
        sending.send(starttls(host, account), MESSAGE, sender=account, recipients=["busy@majlis.test"])
    assert not caught.value.permanent
    assert not caught.value.unclear
    assert "4.3.0 come back later" in str(caught.value)


def test_a_refused_copy_does_not_keep_the_message_from_the_customer(host: MailHost, account: str):
    host.refuse("left@majlis.test", reply="550 5.1.1 left the company")
    receipt = sending.send(
        starttls(host, account), MESSAGE, sender=account, recipients=[account, "left@majlis.test"]
    )
    assert "left the company" in receipt.refused["left@majlis.test"]
    assert len(host.wait_for(account, 1)) == 1


def test_what_is_broken_off_before_the_end_reaches_nobody(host: MailHost, account: str):
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    with pytest.raises(StopError):
        sending.send(starttls(host, account), MESSAGE, sender=account, recipients=[account], before_end=stop)
    sending.send(starttls(host, account), b"Subject: next\r\n\r\n", sender=account, recipients=[account])
    (arrived,) = host.wait_for(account, 1)
    assert b"Subject: next" in arrived


def test_lesson_6_a_connection_lost_after_the_end_is_unclear():
    heard: list[bytes] = []
    with smtp_server(lambda say, hear: heard.extend(up_to_the_end(say, hear))) as port:
        error = failure(plain(port))
    assert error.unclear
    assert not error.permanent
    assert heard[-1] == b"end\r\n", "the server had the whole message"


def test_lesson_6_a_silence_after_the_end_is_unclear():
    def play(say: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        up_to_the_end(say, hear)
        hear()

    with smtp_server(play) as port:
        assert failure(plain(port), patience_seconds=0.2).unclear


def answered(words_at_the_end: bytes) -> Play:
    def play(say: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        up_to_the_end(say, hear)
        say(words_at_the_end)
        hear()

    return play


@pytest.mark.parametrize(
    ("reply", "is_permanent"), [(b"452 4.2.2 full\r\n", False), (b"554-5.7.1 no\r\n554 spam\r\n", True)]
)
def test_an_answer_to_the_end_is_never_unclear(reply: bytes, is_permanent: bool):
    with smtp_server(answered(reply)) as port:
        error = failure(plain(port))
    assert (error.permanent, error.unclear) == (is_permanent, False)
    if is_permanent:
        assert str(error) == "554 5.7.1 no spam"


def test_a_connection_lost_before_the_end_may_be_tried_again():
    def play(say: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        say(b"220 here\r\n")
        hear()
        say(b"250 ok\r\n")
        hear()

    with smtp_server(play) as port:
        error = failure(plain(port))
    assert not error.unclear
    assert not error.permanent


def test_an_address_that_needs_smtputf8_fails_in_plain_words_where_it_is_not_offered():
    def play(say: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        say(b"220 here\r\n")
        hear()
        say(b"250 ok\r\n")
        hear()

    with smtp_server(play) as port, pytest.raises(DeliveryError) as caught:
        sending.send(plain(port), MESSAGE, sender="a@majlis.test", recipients=["ليلى@majlis.test"])
    assert caught.value.permanent
    assert unpack(str(caught.value)) == ("smtputf8", {"detail": "ليلى@majlis.test"})


def test_an_address_that_needs_smtputf8_is_sent_where_it_is_offered():
    heard: list[bytes] = []

    def play(say: Callable[[bytes], None], hear: Callable[[], bytes]) -> None:
        def keep() -> bytes:
            heard.append(hear())
            return heard[-1]

        say(b"220 here\r\n")
        keep()
        say(b"250-here\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
        while not keep().upper().startswith(b"DATA"):
            say(b"250 ok\r\n")
        say(b"354 go on\r\n")
        while hear() != b".\r\n":
            pass
        say(b"250 taken\r\n")

    with smtp_server(play) as port:
        sending.send(plain(port), MESSAGE, sender="a@majlis.test", recipients=["ليلى@مثال.السعودية"])
    assert b"SMTPUTF8" in heard[1]
    assert "TO:<ليلى@xn--mgbh0fb.xn--mgberp4a5d4ar>".encode() in heard[2]


def test_every_problem_has_words_in_both_languages_and_survives_being_stored():
    for code in CODES:
        assert explain(pack(code, detail="550 no")) == words(code, detail="550 no") != code
        with translation.override("en"):
            assert "%(" not in words(code)
    assert explain("550 5.1.1 no such person") == "550 5.1.1 no such person"
    assert "gibberish" in words("gibberish")
