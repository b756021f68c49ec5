"""A mailbox on a real POP3 server: every message once, none touched, whatever breaks on the way."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from majlis.channels.actions import backfill, connect
from majlis.channels.actions.throw_out import throw_out
from majlis.channels.email import popserver
from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.models import Backfill, MailConnection, MailFolder, PassedOver, RawMessage
from majlis.channels.problems import ConnectionProblem, unpack
from majlis.channels.secrets import encrypt
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.trash import trash
from majlis.conversations.models import Conversation, Entry
from majlis.files.queries import read
from majlis.flow import arrival
from majlis.intake import imap_loop, pop3, pop3_fetch
from tests import cast
from tests.intake.test_imap import cutting
from tests.mailhost import MailHost
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "pop-secret-word"


class Place:
    """A mailbox on the server and its connection here."""

    def __init__(self, host: MailHost, address: str) -> None:
        self.host, self.address = host, address
        host.add_user(address, PASSWORD)
        self.mailbox = cast.mailbox(address, name="Help")
        self.row = MailConnection.objects.create(
            mailbox=self.mailbox,
            protocol="pop3",
            in_host="localhost",
            in_port=host.pop3s_port,
            in_user=address,
            in_password=encrypt(PASSWORD),
        )

    def put(self, subject: str, *, at: datetime | None = None, flags: str = "", size: int = 0) -> bytes:
        """A mail that lies in the mailbox and came at `at`, as its server wrote in its header."""
        moment = at or timezone.now()
        stamp = f"Received: from x by localhost; {moment:%a, %d %b %Y %H:%M:%S +0000}\n".encode()
        content = stamp + cast.letter("س" + "x" * size, subject=subject, to=self.address)
        content = content.replace(b"\n", b"\r\n")
        with imaplib.IMAP4("127.0.0.1", self.host.imap_port) as session:
            session.login(self.address, PASSWORD)
            session.append("INBOX", flags, imaplib.Time2Internaldate(moment), content)
        return content

    def visit(self) -> pop3.Found:
        """One session of the receiver."""
        self.memory = getattr(self, "memory", pop3.Memory())
        self.memory.until = 0
        return pop3.visit(self.state(), memory=self.memory, is_stopping=lambda: False)

    def visits(self) -> None:
        """Sessions until nothing is left to fetch."""
        while self.visit().has_more:
            pass

    def state(self) -> MailConnection:
        return MailConnection.objects.get(pk=self.row.pk)

    def change(self, **values: object) -> None:
        MailConnection.objects.filter(pk=self.row.pk).update(**values)

    def counts(self) -> tuple[int | None, int | None]:
        folder = MailFolder.objects.get(connection=self.row)
        return folder.server_count, folder.stored_count

    def raw(self) -> list[RawMessage]:
        return list(RawMessage.objects.filter(mailbox=self.mailbox).order_by("pk").select_related("file"))

    def subjects(self) -> list[str]:
        lines = [line for raw in self.raw() for line in read(raw.file).splitlines()]
        return [line[9:].decode() for line in lines if line.startswith(b"Subject: ")]

    def on_server(self) -> int:
        session = poplib.POP3("127.0.0.1", self.host.pop3_port)
        session.user(self.address)
        session.pass_(PASSWORD)
        number = session.stat()[0]
        session.quit()
        return number


@pytest.fixture
def place(
    mail_host: MailHost, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    monkeypatch.setattr(imap_loop, "TICK_SECONDS", 0.1)
    monkeypatch.setattr(imap_loop, "FIRST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(imap_loop, "POP3_SECONDS", 0.1)
    name = f"pop3-{request.node.name}".replace("[", "-").replace("]", "").replace("_", "-")[:60]
    yield Place(mail_host, f"{name}@majlis.test")
    connection.close()


@contextmanager
def watched(place: Place) -> Iterator[None]:
    watcher = imap_loop.Watcher(place.row.pk, mailbox_id=place.mailbox.pk, version=place.state().version)
    watcher.thread.start()
    try:
        yield
    finally:
        watcher.end()
        watcher.thread.join(10)


def test_a_new_mailbox_starts_from_now_and_nothing_leaves_the_server(place: Place):
    place.put("before")
    place.visit()
    assert place.raw() == []
    assert place.counts() == (0, 0)
    content = place.put("after")
    place.visit()
    (raw,) = place.raw()
    assert (read(raw.file), raw.route, raw.is_historic) == (content, "pop3", False)
    assert place.counts() == (1, 1)
    assert place.state().checked_at is not None
    assert place.on_server() == 2


def test_lesson_5_what_is_listed_again_has_one_row(place: Place):
    place.visit()
    place.put("one")
    place.visit()
    assert place.visit().news == 0
    place.put("two")
    place.visit()
    assert place.subjects() == ["one", "two"]
    assert place.counts() == (2, 2)


def test_lesson_3_seen_or_not_old_or_without_an_id_all_of_a_long_downtime_comes(place: Place):
    place.visit()
    place.put("read by somebody", flags="\\Seen")
    place.put("dated long ago", at=datetime(2019, 1, 1, tzinfo=UTC))
    with smtplib.LMTP("127.0.0.1", place.host.lmtp_port, local_hostname="mx.test") as server:
        for number in range(60):
            server.sendmail(
                cast.OMAR, [place.address], f"Subject: n{number:02}\r\n\r\nno id {number}".encode()
            )
    place.visit()
    assert place.subjects() == [
        "read by somebody",
        "dated long ago",
        *(f"n{number:02}" for number in range(60)),
    ]
    assert not any(raw.is_historic for raw in place.raw())
    assert place.counts() == (62, 62)
    arrival.take_in_pending(place.mailbox.pk)
    assert Entry.objects.count() == 62


def test_older_mail_comes_as_historic_from_the_chosen_day_on_and_new_mail_first(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pop3, "OLDER_AT_ONCE", 1)
    place.put("last year", at=datetime(2024, 5, 1, tzinfo=UTC))
    place.put("this month", at=datetime(2025, 3, 10, tzinfo=UTC))
    place.put("this week", at=datetime(2025, 3, 20, tzinfo=UTC))
    place.change(older_since_on=date(2025, 3, 1))
    assert place.visit().has_more
    place.put("new")
    place.visits()
    assert sorted(place.subjects()) == ["new", "this month", "this week"]
    assert {raw.is_historic for raw in place.raw() if b"this" in read(raw.file)} == {True}
    assert place.counts() == (3, 3)


def test_a_back_fill_brings_everything_once_and_is_over_then(place: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pop3, "OLDER_AT_ONCE", 2)
    for number in range(5):
        place.put(f"n{number}", at=timezone.now() - timedelta(days=100 * number))
    place.visit()
    salma = cast.salma()
    backfill.begin(place.mailbox, salma, since_on=None)
    place.visits()
    ended = Backfill.objects.get()
    assert (ended.state, ended.fetched) == ("done", 5)
    assert sorted(place.subjects()) == [f"n{number}" for number in range(5)]
    backfill.begin(place.mailbox, salma, since_on=None)
    place.visits()
    assert len(place.raw()) == 5
    assert place.counts() == (5, 5)


def test_lesson_4_a_mail_too_large_stands_in_quarantine_and_the_next_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, mail_max_bytes=20_000))
    place.visit()
    for subject, size in (("small", 0), ("huge", 30_000), ("small again", 0)):
        place.put(subject, size=size)
    place.visit()
    small, huge, again = place.raw()
    assert huge.error.startswith("Too large: ")
    assert b"Subject: huge" in read(huge.file)
    assert huge.file.size < 2000
    assert (small.quarantined_at, again.quarantined_at) == (None, None)
    assert place.counts() == (3, 3)


def test_every_byte_comes_through(place: Place):
    place.visit()
    content = b"Subject: dots\r\n\r\n.\r\n..\r\n.a\r\n" + b"x" * 9000 + b"\r\n\xd3\xe1\xc7\xe3\r\n.\r\n"
    with imaplib.IMAP4("127.0.0.1", place.host.imap_port) as session:
        session.login(place.address, PASSWORD)
        session.append("INBOX", "", imaplib.Time2Internaldate(timezone.now()), content)
    place.visit()
    assert read(place.raw()[0].file) == content


def test_a_connection_cut_in_the_middle_misses_nothing_and_doubles_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pop3_fetch, "BATCH_MESSAGES", 4)
    place.visit()
    for number in range(12):
        place.put(f"n{number:02}", size=3000)
    with cutting(place.host.pop3_port, after_bytes=(9_000, 20_000, 15_000)) as (port, cuts):
        place.change(in_port=port, in_security="none")
        with watched(place):
            until(lambda: place.counts() == (12, 12), "all of them")
    assert len(cuts) == 3
    assert sorted(place.subjects()) == [f"n{number:02}" for number in range(12)]


def test_lesson_4_a_mail_the_server_always_breaks_at_is_left_out_and_shown_by_the_count(place: Place):
    place.visit()
    for subject in ("one", "poison", "three"):
        place.put(subject)
    with cutting(place.host.pop3_port, at=b"Subject: poison") as (port, _):
        place.change(in_port=port, in_security="none")
        with watched(place):
            until(lambda: place.counts() == (3, 2), "a visit that goes past it")
        assert place.subjects() == ["one", "three"]
        assert MailFolder.objects.get().differs_since is not None
    place.change(in_port=place.host.pop3_port)
    place.memory = pop3.Memory()
    place.visit()
    assert place.subjects() == ["one", "three", "poison"]
    assert MailFolder.objects.get().differs_since is None


def test_what_was_thrown_out_for_good_does_not_come_again(place: Place):
    place.visit()
    place.put("doomed")
    place.visit()
    arrival.take_in_pending(place.mailbox.pk)
    number, salma = Conversation.objects.get(mailbox=place.mailbox).pk, cast.salma()
    with changing(number) as change:
        trash(change, teammate=salma)
    throw_out(number, teammate=salma)
    place.visit()
    assert place.raw() == []
    assert PassedOver.objects.get(folder__connection=place.row).is_removed
    assert place.counts() == (1, 1)


def test_another_server_with_the_same_ids_is_read_anew(place: Place):
    place.put("known", at=timezone.now() - timedelta(hours=2))
    place.change(older_since_on=date(2020, 1, 1))
    place.visits()
    (known,) = place.raw()
    place.put("came meanwhile", at=timezone.now())
    shape = connect.Shape(
        ImapSettings("127.0.0.1", place.host.pop3s_port, "tls", place.address, ""), None, protocol="pop3"
    )
    connect.save(place.mailbox, cast.salma(), shape=shape)
    place.visits()
    known.refresh_from_db()
    assert known.uidl is None
    assert place.subjects() == ["known", "known", "came meanwhile"]
    assert [raw.is_historic for raw in place.raw()] == [True, True, False]
    assert place.counts() == (2, 2)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_every_encryption_works(place: Place, security: str):
    port = place.host.pop3s_port if security == "tls" else place.host.pop3_port
    good = ImapSettings("localhost", port, security, place.address, PASSWORD)
    place.put("one")
    assert popserver.test_pop3(good) == 1


def test_the_connection_test_speaks_the_same_codes(place: Place, monkeypatch: pytest.MonkeyPatch):
    good = ImapSettings("localhost", place.host.pop3s_port, "tls", place.address, PASSWORD)
    for bad, code in (
        (replace(good, password="wrong"), "login"),
        (replace(good, user="a\r\nb"), "login"),
        (replace(good, port=place.host.pop3_port), "tls"),
        (replace(good, host="no-such-host.invalid"), "host"),
        (replace(good, port=1), "refused"),
        (replace(good, port=place.host.imap_port, security="none"), "not_pop3"),
    ):
        with pytest.raises(ConnectionProblem) as problem:
            popserver.test_pop3(bad)
        assert problem.value.code == code
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ConnectionProblem) as problem:
        popserver.test_pop3(good)
    assert problem.value.code == "certificate"


def test_arabic_passwords_sign_in(place: Place):
    address = f"arabic.{place.address}"
    place.host.add_user(address, "كلمة-سر")
    assert (
        popserver.test_pop3(ImapSettings("localhost", place.host.pop3s_port, "tls", address, "كلمة-سر")) == 0
    )


def test_what_is_wrong_stands_on_the_connection_until_a_visit_ends_well(place: Place):
    place.change(in_user="nobody@majlis.test")
    with watched(place):
        until(lambda: unpack(place.state().problem)[0] == "login", "the problem")
    place.change(in_user=place.address)
    with watched(place):
        until(lambda: place.state().checked_at, "a visit that ends well")
    assert (place.state().problem, place.state().problem_since) == ("", None)
