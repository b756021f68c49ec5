"""A mailbox on a real IMAP server is read from its cursor on: nothing missed, nothing twice, nothing touched."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.forms import model_to_dict
from django.utils import timezone

from majlis.channels.actions import connect, cursor
from majlis.channels.email import mailserver
from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.models import MailConnection, MailFolder, RawMessage
from majlis.channels.problems import ConnectionProblem, unpack
from majlis.channels.secrets import encrypt
from majlis.conversations.models import Entry
from majlis.files.queries import read
from majlis.flow import arrival
from majlis.intake import imap_fetch, imap_loop
from tests import cast
from tests.mailhost import MailHost
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "imap-secret-word"


class Place:
    """A mailbox on the server and its connection here."""

    def __init__(self, host: MailHost, address: str) -> None:
        self.host, self.address, self.folder = host, address, "INBOX"
        host.add_user(address, PASSWORD)
        self.mailbox = cast.mailbox(address, name="Help")
        self.row = MailConnection.objects.create(
            mailbox=self.mailbox,
            in_host="localhost",
            in_port=host.imaps_port,
            in_user=address,
            in_password=encrypt(PASSWORD),
        )

    def put(
        self, subject: str, *, at: datetime | None = None, flags: str = "", size: int = 0, again: bytes = b""
    ) -> bytes:
        """A mail that lies in the folder, as if it had come at `at`; its bytes. `again`: those of one that was put."""
        content = again or cast.letter("س" + "x" * size, subject=subject, to=self.address)
        content = content if again else content.replace(b"\n", b"\r\n")
        when = imaplib.Time2Internaldate(at or timezone.now())
        with self.imap() as session:
            session.append(self.folder, flags, when, content)
        return content

    @contextmanager
    def imap(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.host.imap_port) as session:
            session.login(self.address, PASSWORD)
            session.select(self.folder)
            yield session

    def empty(self, *, uidvalidity: int) -> None:
        """Nothing lies in the folder, and its first mail will have the number 1 under this UIDVALIDITY."""
        with self.imap() as session:
            if session.search(None, "ALL")[1] != [b""]:
                session.store("1:*", "+FLAGS", "\\Deleted")
            session.expunge()
        self.host.number_anew(self.address, uidvalidity=uidvalidity, mailbox=self.folder)

    def attend(self, *, until_well: bool = True) -> None:
        """Connect, catch up, and leave again: one visit of the receiver."""
        watcher = imap_loop.Watcher(self.row.pk, mailbox_id=self.mailbox.pk, version=self.state().version)
        before = self.state().checked_at
        watcher.thread.start()
        try:
            if until_well:
                until(lambda: self.state().checked_at != before, "a visit that ends well")
            else:
                until(lambda: self.state().problem, "a problem")
        finally:
            watcher.end()
            watcher.thread.join(10)

    def state(self) -> MailConnection:
        return MailConnection.objects.get(pk=self.row.pk)

    def at(self, name: str = "") -> MailFolder:
        """Where the reading of a folder stands; the first one's."""
        return MailFolder.objects.select_related("connection").get(
            connection=self.row, name=name or self.state().in_folder
        )

    def counts(self, name: str = "") -> tuple[int | None, int | None]:
        """On the server, and here."""
        return self.at(name).server_count, self.at(name).stored_count

    def change(self, **values: object) -> None:
        if "in_folder" in values:
            MailFolder.objects.filter(connection=self.row).update(name=values["in_folder"])
        MailConnection.objects.filter(pk=self.row.pk).update(**values)

    def raw(self) -> list[RawMessage]:
        return list(RawMessage.objects.filter(mailbox=self.mailbox).order_by("uid").select_related("file"))

    def subjects(self) -> list[str]:
        lines = [line for raw in self.raw() for line in read(raw.file).splitlines()]
        return [line[9:].decode() for line in lines if line.startswith(b"Subject: ")]


@pytest.fixture
def place(
    mail_host: MailHost, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    monkeypatch.setattr(imap_loop, "TICK_SECONDS", 0.1)
    monkeypatch.setattr(imap_loop, "FIRST_PAUSE_SECONDS", 0.05)
    name = request.node.name.replace("[", "-").replace("]", "").replace("_", "-")[:60]
    yield Place(mail_host, f"{name}@majlis.test")
    connection.close()


def test_a_new_mailbox_starts_from_now(place: Place):
    place.put("before")
    place.attend()
    assert place.raw() == []
    place.put("after")
    place.attend()
    assert place.subjects() == ["after"]
    assert not place.raw()[0].is_historic
    assert place.counts() == (1, 1)
    assert place.state().problem == ""


def test_older_mail_comes_as_historic_as_far_back_as_was_asked(place: Place):
    place.put("last year", at=datetime(2024, 5, 1, tzinfo=UTC))
    place.put("this month", at=datetime(2025, 3, 10, tzinfo=UTC), flags="\\Seen")
    place.put("this week", at=datetime(2025, 3, 20, tzinfo=UTC))
    place.change(older_since_on=datetime(2025, 3, 1, tzinfo=UTC).date())
    place.attend()
    assert place.subjects() == ["this month", "this week"]
    assert [raw.is_historic for raw in place.raw()] == [True, True]
    assert place.raw()[0].received_at == datetime(2025, 3, 10, tzinfo=UTC)
    place.put("new")
    place.attend()
    assert [raw.is_historic for raw in place.raw()] == [True, True, False]
    assert place.counts() == (3, 3)


def test_lesson_3_what_others_have_read_is_fetched_and_no_flag_is_changed(place: Place):
    place.attend()
    place.put("unread")
    place.put("read by somebody", flags="\\Seen")
    place.put("dated long ago", at=datetime(2019, 1, 1, tzinfo=UTC))
    place.attend()
    assert place.subjects() == ["unread", "read by somebody", "dated long ago"]
    assert not any(raw.is_historic for raw in place.raw())
    with place.imap() as session:
        assert session.search(None, "SEEN")[1] == [b"2"]


def test_lesson_3_all_of_a_long_downtime_is_fetched(place: Place):
    place.attend()
    with smtplib.LMTP("127.0.0.1", place.host.lmtp_port, local_hostname="mx.test") as server:
        for number in range(130):
            server.sendmail(cast.OMAR, [place.address], cast.letter("x", subject=f"n{number:03}"))
    place.attend()
    assert place.subjects() == [f"n{number:03}" for number in range(130)]
    assert place.counts() == (130, 130)


def test_lesson_3_a_gap_below_the_cursor_is_found_by_counting_and_filled(place: Place):
    place.attend()
    for subject in ("one", "two", "three"):
        place.put(subject)
    place.attend()
    RawMessage.objects.filter(uid=2).delete()
    place.attend()
    assert place.subjects() == ["one", "two", "three"]
    assert place.counts() == (3, 3)


def test_lesson_3_a_new_numbering_misses_nothing_and_floods_nobody(place: Place):
    place.put("before us", at=timezone.now() - timedelta(days=400))
    place.attend()
    place.put("known", at=timezone.now() - timedelta(hours=2))
    place.attend()
    place.host.forget_uids(place.address)
    place.put("came meanwhile")
    place.attend()
    again = [raw for raw in place.raw() if raw.uidvalidity == place.at().uidvalidity]
    contents = {raw.uid: (read(raw.file), raw.is_historic) for raw in again}
    flags = {b"before us": True, b"known": True, b"came meanwhile": False}
    assert len(contents) == 3
    for content, is_historic in contents.values():
        (subject,) = [subject for subject in flags if subject in content]
        assert is_historic == flags[subject]
    assert place.counts() == (3, 3)
    assert place.at().first_uid == 1
    place.put("afterwards", at=timezone.now() - timedelta(days=9))
    place.attend()
    assert not place.raw()[-1].is_historic


def test_lesson_4_a_mail_too_large_stands_in_quarantine_and_the_next_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, mail_max_bytes=20_000))
    place.attend()
    place.put("small")
    place.put("huge", size=30_000)
    place.put("small again")
    place.attend()
    small, huge, again = place.raw()
    assert huge.quarantined_at is not None
    assert huge.error.startswith("Too large: ")
    assert b"Subject: huge" in read(huge.file)
    assert huge.file.size < 2000
    assert small.quarantined_at is None
    assert again.quarantined_at is None
    assert place.counts() == (3, 3)


def test_lesson_5_a_mail_fetched_twice_has_one_row(place: Place):
    place.attend()
    place.put("one")
    place.attend()
    MailFolder.objects.update(last_uid=0)
    place.attend()
    assert len(place.raw()) == 1


def test_a_connection_cut_in_the_middle_misses_nothing_and_doubles_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imap_fetch, "BATCH_MESSAGES", 4)
    place.attend()
    for number in range(12):
        place.put(f"n{number:02}", size=3000)
    with cutting(place.host.imap_port, after_bytes=(9_000, 20_000, 15_000)) as (port, cuts):
        place.change(in_port=port, in_security="none")
        place.attend()
    assert cuts == [9_000, 20_000, 15_000]
    assert place.subjects() == [f"n{number:02}" for number in range(12)]
    assert place.counts() == (12, 12)


def test_a_mail_the_server_always_breaks_at_is_left_out_and_shown_by_the_count(place: Place):
    place.attend()
    for subject in ("one", "poison", "three"):
        place.put(subject)
    with cutting(place.host.imap_port, at=b"Subject: poison") as (port, _):
        place.change(in_port=port, in_security="none")
        place.attend()
        assert place.subjects() == ["one", "three"]
        assert place.counts() == (3, 2)
    place.change(in_port=place.host.imap_port)
    place.attend()
    assert place.subjects() == ["one", "poison", "three"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"in_user": "nobody@majlis.test"}, "login"),
        ({"in_host": "no-such-host.invalid"}, "host"),
        ({"in_folder": "Nowhere"}, "folder"),
        ({"in_port": 1}, "refused"),
        ({"in_password": "not encrypted here"}, "secret"),
    ],
)
def test_what_is_wrong_is_told_by_a_code_and_forgotten_when_all_is_well(
    place: Place, change: dict[str, object], code: str
):
    good = {name: getattr(place.row, name) for name in change}
    place.change(**change)
    place.attend(until_well=False)
    state = place.state()
    assert unpack(state.problem)[0] == code
    assert state.problem_since is not None
    place.change(**good)
    place.attend()
    assert (place.state().problem, place.state().problem_since) == ("", None)


def test_a_certificate_nobody_vouches_for_is_not_trusted(place: Place, monkeypatch: pytest.MonkeyPatch):
    trusted = str(place.host.ca_file)
    monkeypatch.delenv("SSL_CERT_FILE")
    place.attend(until_well=False)
    assert unpack(place.state().problem)[0] == "certificate"
    monkeypatch.setenv("SSL_CERT_FILE", trusted)
    place.attend()
    assert place.state().problem == ""


def test_the_connection_test_speaks_the_same_codes(place: Place):
    good = ImapSettings("localhost", place.host.imaps_port, "tls", place.address, PASSWORD)
    assert "INBOX" in mailserver.test_imap(good)
    for bad, code in (
        (replace(good, password="wrong"), "login"),
        (replace(good, port=place.host.imap_port), "tls"),
        (replace(good, folder="Nowhere"), "folder"),
        (replace(good, host="no-such-host.invalid"), "host"),
    ):
        with pytest.raises(ConnectionProblem) as problem:
            mailserver.test_imap(bad)
        assert problem.value.code == code


def test_news_come_by_idle_within_seconds_and_changed_settings_are_picked_up(place: Place):
    stop, woken = threading.Event(), threading.Event()
    running = threading.Thread(target=imap_loop.run, args=(stop, woken))
    running.start()
    try:
        until(lambda: place.state().checked_at, "the first visit")
        place.put("hello")
        until(lambda: len(place.raw()) == 1, "the mail by IDLE", timeout=5)
        place.change(is_enabled=False)
        woken.set()
        until(lambda: not threads_of(place), "the end of its thread", timeout=5)
        place.put("while away")
        place.change(is_enabled=True)
        woken.set()
        until(lambda: len(place.raw()) == 2, "the mail that came while away", timeout=5)
    finally:
        stop.set()
        woken.set()
        running.join(10)
    assert not threads_of(place)


def test_where_the_server_has_no_idle_it_is_asked_now_and_then(place: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(imap_loop, "POLL_SECONDS", 0.2)
    with cutting(place.host.imap_port, hiding=b" IDLE") as (port, _):
        place.change(in_port=port, in_security="none")
        watcher = imap_loop.Watcher(place.row.pk, mailbox_id=place.mailbox.pk, version=1)
        watcher.thread.start()
        until(lambda: place.state().checked_at, "the first visit")
        place.put("hello")
        until(place.raw, "the mail by asking", timeout=5)
        watcher.end()
        watcher.thread.join(10)


def test_lesson_5_a_second_process_leaves_a_mailbox_alone(place: Place):
    with connection.cursor() as db:
        db.execute("select pg_advisory_lock(%s::int, %s::int)", [imap_loop.FETCH_LOCK, place.mailbox.pk])
    stop, woken = threading.Event(), threading.Event()
    running = threading.Thread(target=imap_loop.run, args=(stop, woken))
    running.start()
    try:
        until(lambda: not woken.is_set(), "a first look")
        assert not threads_of(place)
        connection.close()  # the other process dies, and its lock with it
        woken.set()
        until(lambda: place.state().checked_at, "the mailbox taken over")
    finally:
        stop.set()
        woken.set()
        running.join(10)


@pytest.mark.parametrize("changed", ["host", "port", "user", "folder"])
def test_another_place_with_the_same_numbers_is_read_anew(place: Place, changed: str):
    place.put("before us", at=timezone.now() - timedelta(days=400))
    place.attend()
    known = place.put("known", at=timezone.now() - timedelta(hours=2))
    place.attend()
    assert arrival.take_in_pending(place.mailbox.pk) == 1
    before = place.at()
    assert (before.uidvalidity is not None, before.last_uid) == (True, 2)
    with elsewhere(place, changed, uidvalidity=before.uidvalidity or 0) as imap:
        place.put("long there", at=timezone.now() - timedelta(days=30))
        came = place.put("came meanwhile")
        place.put("", again=known, at=timezone.now() - timedelta(hours=2))
        connect.save(place.mailbox, cast.salma(), shape=connect.Shape(imap, None))
        place.attend()
    state = place.at()
    assert (state.uidvalidity, state.first_uid, state.last_uid) == (before.uidvalidity, 1, 3)
    assert place.counts() == (3, 3)
    there = [raw for raw in place.raw() if raw.uid is not None]
    assert [raw.uid for raw in there] == [1, 2, 3]
    assert [read(raw.file) for raw in there if not raw.is_historic] == [came]
    arrival.take_in_pending(place.mailbox.pk)
    entries = Entry.objects.order_by("pk").values_list("subject", "conversation__status")
    assert list(entries) == [("known", "open"), ("long there", "closed"), ("came meanwhile", "open")]


@contextmanager
def elsewhere(place: Place, changed: str, *, uidvalidity: int) -> Iterator[ImapSettings]:
    """Another place that differs in one setting, counts under this UIDVALIDITY, and is empty."""
    imap = ImapSettings("localhost", place.host.imaps_port, "tls", place.address, PASSWORD)
    with ExitStack() as wires:
        if changed == "host":
            imap = replace(imap, host="127.0.0.1")
        elif changed == "port":
            port, _ = wires.enter_context(cutting(place.host.imap_port))
            imap = replace(imap, port=port, security="none")
        elif changed == "user":
            place.address = f"other.{place.address}"
            place.host.add_user(place.address, PASSWORD)
            imap = replace(imap, user=place.address)
        else:
            with place.imap() as session:
                session.create("Orders")
            place.folder = "Orders"
            imap = replace(imap, folder=place.folder)
        place.empty(uidvalidity=uidvalidity)
        yield imap


def test_another_way_to_the_same_place_keeps_the_cursor(place: Place):
    place.change(in_port=143, in_security="starttls")
    MailFolder.objects.create(connection=place.row, name="INBOX", uidvalidity=7, first_uid=3, last_uid=41)
    imap = ImapSettings("LOCALHOST", 993, "tls", place.address, "another-word")
    connect.save(place.mailbox, cast.salma(), shape=connect.Shape(imap, None))
    state = place.at()
    assert (state.uidvalidity, state.first_uid, state.last_uid) == (7, 3, 41)


def test_a_reader_of_the_old_place_does_not_move_the_cursor_of_the_new_one(place: Place):
    place.attend()
    old, old_connection = place.at(), place.state()
    imap = ImapSettings("imap.elsewhere.test", 993, "tls", place.address, "")
    connect.save(place.mailbox, cast.salma(), shape=connect.Shape(imap, None))
    saved, saved_connection = place.at(), place.state()
    assert not cursor.begin(old, uidvalidity=5, uidnext=9)
    assert not cursor.renumber(old, uidvalidity=5)
    cursor.advance(old, last_uid=9)
    cursor.checked(old, server_count=9, stored_count=9)
    cursor.well(old_connection)
    assert model_to_dict(place.at()) == model_to_dict(saved)
    assert model_to_dict(place.state()) == model_to_dict(saved_connection)


def threads_of(place: Place) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == f"imap-{place.mailbox.pk}"]


@contextmanager
def cutting(
    port: int, *, after_bytes: tuple[int, ...] = (), at: bytes = b"", hiding: bytes = b""
) -> Iterator[tuple[int, list[int]]]:
    """A wire to the server that is cut after so many bytes (once each), or always where `at` comes by; it may hide a word."""
    listening = socket.create_server(("127.0.0.1", 0))
    left, cuts = list(after_bytes), []

    def carry(here: socket.socket) -> None:
        there = socket.create_connection(("127.0.0.1", port))
        budget = left.pop(0) if left else None
        sent, total = b"", 0

        def up() -> None:
            pump(here, there, lambda piece: piece)

        def down(piece: bytes) -> bytes:
            nonlocal sent, total
            sent = sent[-100:] + piece
            total += len(piece)
            if at and at in sent:
                return b""
            if budget is not None and total > budget:
                cuts.append(budget)
                return b""
            return piece.replace(hiding, b" HIDE") if hiding else piece

        threading.Thread(target=up, daemon=True).start()
        pump(there, here, down)

    def serve() -> None:
        while True:
            try:
                here = listening.accept()[0]
            except OSError:
                return
            threading.Thread(target=carry, args=(here,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1], cuts
    finally:
        listening.close()


def pump(source: socket.socket, sink: socket.socket, through: Callable[[bytes], bytes]) -> None:
    try:
        while piece := through(source.recv(4096)):
            sink.sendall(piece)
    except OSError:
        pass
    finally:
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
