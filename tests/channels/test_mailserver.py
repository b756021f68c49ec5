"""Reaching a real IMAP server: what works works, and what is wrong is said by its cause."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from majlis.channels.email.mailserver import ImapSettings, connect, test_imap
from majlis.channels.email.providers import guess
from majlis.channels.problems import CODES, ConnectionProblem
from tests.mailhost import MailHost
from tests.polling import until

test_imap.__test__ = False  # type: ignore[attr-defined]
ADDRESS = "probe@majlis.test"


@pytest.fixture
def server(mail_host: MailHost, monkeypatch: pytest.MonkeyPatch) -> ImapSettings:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    mail_host.add_user(ADDRESS, "hidden-spring-9")
    return ImapSettings("localhost", mail_host.imaps_port, "tls", ADDRESS, "hidden-spring-9")


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that accepts and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def problem(settings: ImapSettings, *, timeout_seconds: float = 5) -> ConnectionProblem:
    with pytest.raises(ConnectionProblem) as raised:
        test_imap(settings, timeout_seconds=timeout_seconds)
    assert raised.value.code in CODES
    return raised.value


def test_the_folders_are_told_over_tls_starttls_and_in_the_clear(mail_host: MailHost, server: ImapSettings):
    for security, port in (
        ("tls", mail_host.imaps_port),
        ("starttls", mail_host.imap_port),
        ("none", mail_host.imap_port),
    ):
        assert "INBOX" in test_imap(replace(server, security=security, port=port))


def test_a_password_with_arabic_letters_signs_in(
    mail_host: MailHost, server: ImapSettings, monkeypatch: pytest.MonkeyPatch
):
    user = "arabic@majlis.test"
    monkeypatch.setattr(MailHost, "_lets_in", lambda *_: True)  # its own way in carries ASCII only
    mail_host.add_user(user, "مفتاح-٩")
    settings = replace(server, user=user, password="مفتاح-٩")

    def signs_in() -> bool:
        with suppress(ConnectionProblem):
            connect(settings).logout()
            return True
        return False

    until(signs_in, "the server reads its users anew")
    assert problem(replace(settings, password="مفتاح-٨")).code == "login"


def test_a_wrong_password_is_the_login(server: ImapSettings):
    assert problem(replace(server, password="wrong")).code == "login"


def test_a_missing_folder_comes_with_those_that_are_there(server: ImapSettings):
    found = problem(replace(server, folder="Elsewhere"))

    assert found.code == "folder"
    assert "INBOX" in str(found.data["folders"])


def test_an_unknown_authority_is_the_certificate(server: ImapSettings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SSL_CERT_FILE")

    assert problem(server).code == "certificate"


def test_a_port_that_speaks_another_way_is_named(mail_host: MailHost, server: ImapSettings, silent: int):
    assert problem(replace(server, port=mail_host.imap_port)).code == "tls"
    assert problem(replace(server, port=mail_host.smtp_port, security="none")).code == "not_imap"
    assert problem(replace(server, port=silent), timeout_seconds=0.3).code == "timeout"
    assert problem(replace(server, port=silent, security="none"), timeout_seconds=0.3).code == "timeout"


def test_a_closed_port_and_an_unknown_host_are_told_apart(server: ImapSettings, silent: int):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]

    assert problem(replace(server, port=free)).code == "refused"
    assert problem(replace(server, host="nowhere.invalid")).code == "host"
    assert problem(replace(server, host="a..b")).code == "host"


def test_the_password_is_not_written_where_settings_are_shown(server: ImapSettings):
    assert "hidden-spring-9" not in repr(server)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("sidra@gmail.com", "imap.gmail.com"),
        ("sidra@HOTMAIL.com", "outlook.office365.com"),
        ("sidra@yahoo.com", "imap.mail.yahoo.com"),
        ("sidra@me.com", "imap.mail.me.com"),
        ("sidra@zohomail.com", "imap.zoho.com"),
        ("orders@sidra.example", "imap.sidra.example"),
    ],
)
def test_the_usual_servers_are_guessed_by_the_domain(address: str, host: str):
    servers = guess(address)

    assert servers is not None
    assert servers.in_host == host


def test_nothing_is_guessed_without_a_domain():
    assert guess("sidra") is None
    assert guess("sidra@localhost") is None
    assert guess("") is None
