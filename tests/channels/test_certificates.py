"""A mail server whose certificate is over, early, another's or its own: nothing goes there, and people read why."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import translation

from majlis.channels.actions.deliver import run_due
from majlis.channels.email import mailserver, popserver, sending, shown_certificates
from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.email.sending import SmtpSettings
from majlis.channels.models import Delivery, MailConnection, State
from majlis.channels.problems import ConnectionProblem, explain, unpack
from majlis.channels.secrets import encrypt
from majlis.intake import imap_loop
from tests import cast
from tests.channels import mailing
from tests.desk.test_settings_pages import at_desk
from tests.mailhost import MailHost
from tests.polling import until

PASSWORD = "shaded-court-3"
WAYS = [(protocol, security) for protocol in ("imap", "pop3", "smtp") for security in ("tls", "starttls")]
NOW = datetime.now(UTC)


def certificate(
    *, begins: datetime = NOW - timedelta(days=30), ends: datetime, host: str = "localhost", by: str = ""
) -> tuple[bytes, bytes]:
    """A certificate and its key; signed by itself, or by an authority of the name `by` that nobody knows."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def named(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(named(host))
        .issuer_name(named(by or host))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(ec.generate_private_key(ec.SECP256R1()) if by else key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    return made.public_bytes(pem), key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


EXPIRED_ON = NOW - timedelta(days=400)
# What is wrong -> the certificate, whether the system trusts it otherwise, and the words that tell.
WRONG = {
    "expired": (
        certificate(begins=EXPIRED_ON - timedelta(days=90), ends=EXPIRED_ON),
        True,
        f"expired on {EXPIRED_ON.day} {EXPIRED_ON:%B %Y}",
    ),
    "early": (
        certificate(begins=NOW + timedelta(days=400), ends=NOW + timedelta(days=800)),
        True,
        f"good from {NOW + timedelta(days=400):%-d %B %Y} on only",
    ),
    "of another name": (
        certificate(ends=NOW + timedelta(days=30), host="mail.elsewhere.test"),
        True,
        "made out to \u2068mail.elsewhere.test\u2069, not to \u2068localhost\u2069",
    ),
    "self-signed": (certificate(ends=NOW + timedelta(days=30)), False, "the server signed it itself"),
    "of an unknown authority": (
        certificate(ends=NOW + timedelta(days=30), by="Cellar CA"),
        False,
        "issued by \u2068Cellar CA\u2069, an authority that is not known here",
    ),
}


@contextmanager
def showing(wrong: str, patched: pytest.MonkeyPatch) -> Iterator[MailHost]:
    pair, is_trusted, _ = WRONG[wrong]
    with MailHost(pair) as host:
        if is_trusted:
            patched.setenv("SSL_CERT_FILE", str(host.ca_file))
        yield host


@pytest.fixture(scope="module", params=list(WRONG))
def host(request: pytest.FixtureRequest) -> Iterator[tuple[MailHost, str]]:
    """Real servers that show a wrong certificate, and the words for it."""
    with pytest.MonkeyPatch.context() as patched, showing(request.param, patched) as made:
        yield made, WRONG[request.param][2]


def in_english(why: str) -> str:
    with translation.override("en"):
        return explain(why)


def refused(host: MailHost, protocol: str, security: str) -> ConnectionProblem:
    ports = {
        ("imap", "tls"): host.imaps_port, ("imap", "starttls"): host.imap_port, ("pop3", "tls"): host.pop3s_port,
        ("pop3", "starttls"): host.pop3_port, ("smtp", "tls"): host.smtps_port, ("smtp", "starttls"): host.smtp_port,
    }  # fmt: skip
    port = ports[protocol, security]
    with pytest.raises(ConnectionProblem) as caught:
        if protocol == "smtp":
            sending.connect(SmtpSettings("localhost", port, security, "salma@majlis.test", PASSWORD))
        else:
            connect = mailserver.connect if protocol == "imap" else popserver.connect
            connect(ImapSettings("localhost", port, security, "salma@majlis.test", PASSWORD))
    return caught.value


@pytest.mark.parametrize(("protocol", "security"), WAYS)
def test_the_connection_is_refused_and_the_words_say_why(
    host: tuple[MailHost, str], protocol: str, security: str
) -> None:
    problem = refused(host[0], protocol, security)

    assert problem.code == "certificate"
    assert not problem.permanent
    assert host[1] in in_english(str(problem))
    assert explain(str(problem)).startswith("شهادة الخادم غير موثوقة")
    assert host[1] not in explain(str(problem))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_the_mailbox_shows_it_and_no_password_goes_there(
    host: tuple[MailHost, str], protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_loop, "TICK_SECONDS", 0.05)
    row = MailConnection.objects.create(
        mailbox=cast.support(),
        protocol=protocol,
        in_host="localhost",
        in_port=host[0].imaps_port if protocol == "imap" else host[0].pop3s_port,
        in_security="tls",
        in_user="salma@majlis.test",
        in_password=encrypt(PASSWORD),
    )
    watcher = imap_loop.Watcher(row.pk, mailbox_id=row.mailbox_id, version=row.version)
    watcher.thread.start()
    try:
        until(lambda: MailConnection.objects.get().problem, "the problem")
    finally:
        watcher.end()
        watcher.thread.join(10)

    assert unpack(MailConnection.objects.get().problem)[0] == "certificate"
    assert host[1] in at_desk(cast.salma()).get("/settings/mailboxes/").text
    assert "Login" not in host[0].log()
    assert "auth failed" not in host[0].log()


@pytest.mark.django_db(transaction=True)
def test_a_reply_waits_and_nothing_of_it_goes_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with showing("expired", monkeypatch) as host:
        host.add_user(cast.LAYLA, PASSWORD)
        mailing.connect(cast.support(), host)
        mailing.reply(cast.salma(), mailing.conversation())
        mailing.let_time_pass()
        run_due()

        delivery = Delivery.objects.get()
        assert delivery.state == State.QUEUED
        assert WRONG["expired"][2] in in_english(delivery.why)
        assert host.messages(cast.LAYLA) == []
        assert host.queued() == []


def test_who_says_nothing_the_second_time_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shown_certificates, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        door = shown_certificates.Door("127.0.0.1", silent.getsockname()[1], "smtp")
        assert shown_certificates._why(10, door) == ""
