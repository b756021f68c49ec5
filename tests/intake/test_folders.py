"""Several folders of one account are read over one connection, each with a cursor of its own; older mail on request."""

from __future__ import annotations

import imaplib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from majlis.channels.actions import backfill, connect
from majlis.channels.actions.accept import accept_many
from majlis.channels.actions.throw_out import throw_out
from majlis.channels.email.folders import offered
from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.models import Backfill, MailFolder
from majlis.channels.problems import unpack
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.trash import trash
from majlis.conversations.models import Conversation, Entry
from majlis.flow import arrival
from majlis.intake import imap, imap_account, imap_loop
from majlis.lib.errors import Refused
from tests import cast
from tests.intake.test_imap import PASSWORD, Place
from tests.mailhost import MailHost
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)
ORDERS = "الطلبات & more"


@pytest.fixture
def place(
    mail_host: MailHost, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    monkeypatch.setattr(imap_loop, "TICK_SECONDS", 0.1)
    monkeypatch.setattr(imap_loop, "FIRST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(imap_loop, "POLL_SECONDS", 0.3)
    yield Place(mail_host, f"{request.node.name.replace('_', '-')[:60]}@majlis.test")
    connection.close()


def make(place: Place, name: str) -> None:
    with imaplib.IMAP4("127.0.0.1", place.host.imap_port) as session:
        session.login(place.address, PASSWORD)
        session.create(utf7(name))


def utf7(name: str) -> str:
    """A name as RFC 3501 §5.1.3 has it, quoted."""
    from imapclient.imap_utf7 import encode

    return f'"{encode(name).decode()}"'


def put(place: Place, name: str, subject: str, *, days_ago: int = 0, again: bytes = b"") -> bytes:
    content = again or cast.letter("س", subject=subject, to=place.address).replace(b"\n", b"\r\n")
    at = imaplib.Time2Internaldate(timezone.now() - timedelta(days=days_ago))
    with imaplib.IMAP4("127.0.0.1", place.host.imap_port) as session:
        session.login(place.address, PASSWORD)
        assert session.append(utf7(name), "", at, content)[0] == "OK"
    return content


def lie(place: Place, contents: list[bytes], *, at: datetime) -> None:
    """Mails that lie in INBOX, every second of them seen, straight on the server's disk: hundreds in a moment."""
    home = place.host.folder / "mail" / place.address
    owner = home.stat()
    for number, content in enumerate(contents):
        path = home / "cur" / f"{1_600_000_000 + number}.M{number}.x:2,{'S' if number % 2 else ''}"
        path.write_bytes(content)
        os.utime(path, (at.timestamp(), at.timestamp()))
        os.chown(path, owner.st_uid, owner.st_gid)


@contextmanager
def watched(place: Place) -> Iterator[threading.Thread]:
    watcher = imap_loop.Watcher(place.row.pk, mailbox_id=place.mailbox.pk, version=place.state().version)
    watcher.thread.start()
    try:
        yield watcher.thread
    finally:
        watcher.end()
        watcher.thread.join(10)


def test_the_folders_of_a_server_are_named_right_and_special_ones_for_what_they_are(place: Place):
    make(place, ORDERS)
    found = offered(
        ImapSettings("localhost", place.host.imaps_port, "tls", place.address, PASSWORD), timeout_seconds=5
    )
    assert [(one.name, one.use) for one in found] == [
        ("INBOX", ""),
        (ORDERS, ""),
        ("Junk", "junk"),
        ("Sent", "sent"),
    ]


def test_each_chosen_folder_is_read_from_now_on_over_one_connection(place: Place):
    make(place, ORDERS)
    put(place, ORDERS, "before")
    connect.choose_folders(place.mailbox, cast.salma(), names=["INBOX", ORDERS])
    with watched(place):
        until(lambda: place.state().checked_at, "the first visit")
        put(place, ORDERS, "an order")
        until(lambda: place.subjects() == ["an order"], "mail of the other folder")
        put(place, "INBOX", "a question")
        until(lambda: sorted(place.subjects()) == ["a question", "an order"], "mail of the first")
        until(lambda: (place.counts("INBOX"), place.counts(ORDERS)) == ((1, 1), (1, 1)), "the counts")
    assert {raw.folder.name for raw in place.raw() if raw.folder} == {"INBOX", ORDERS}


def test_lesson_5_a_message_in_two_folders_is_one_entry(place: Place):
    make(place, ORDERS)
    connect.choose_folders(place.mailbox, cast.salma(), names=["INBOX", ORDERS])
    place.attend()
    content = put(place, "INBOX", "twice")
    put(place, ORDERS, "twice", again=content)
    place.attend()
    assert len(place.raw()) == 2
    arrival.take_in_pending(place.mailbox.pk)
    assert Entry.objects.count() == 1


def test_a_folder_that_went_says_so_and_holds_up_no_other(place: Place):
    make(place, ORDERS)
    connect.choose_folders(place.mailbox, cast.salma(), names=["INBOX", ORDERS, "Gone"])
    with watched(place):
        until(lambda: unpack(place.state().problem)[0] == "folder_gone", "the problem")
        put(place, ORDERS, "an order")
        put(place, "INBOX", "a question")
        until(lambda: len(place.raw()) == 2, "mail of the others")
    assert unpack(place.at("Gone").problem) == ("folder_gone", {"detail": "Gone"})
    connect.choose_folders(place.mailbox, cast.salma(), names=["INBOX", ORDERS])
    place.attend()
    assert place.state().problem == ""


def test_a_folder_left_and_chosen_again_goes_on_from_where_it_stopped(place: Place):
    make(place, ORDERS)
    salma = cast.salma()
    connect.choose_folders(place.mailbox, salma, names=["INBOX", ORDERS])
    place.attend()
    connect.choose_folders(place.mailbox, salma, names=["INBOX"])
    put(place, ORDERS, "while not read")
    place.attend()
    assert place.raw() == []
    connect.choose_folders(place.mailbox, salma, names=[ORDERS])
    assert place.state().in_folder == ORDERS
    place.attend()
    assert place.subjects() == ["while not read"]
    with pytest.raises(Refused, match="no_folder"):
        connect.choose_folders(place.mailbox, salma, names=[])
    with pytest.raises(Refused, match="not_allowed"):
        connect.choose_folders(place.mailbox, cast.badr(), names=["INBOX"])


def test_a_back_fill_brings_what_was_asked_for_once_from_every_folder(place: Place):
    make(place, ORDERS)
    for number in range(4):
        put(place, "INBOX", f"in{number}", days_ago=100 * number)
    put(place, ORDERS, "order", days_ago=500)
    connect.choose_folders(place.mailbox, cast.salma(), names=["INBOX", ORDERS])
    place.attend()
    assert place.raw() == []
    backfill.begin(place.mailbox, cast.salma(), since_on=(timezone.now() - timedelta(days=150)).date())
    place.attend()
    assert sorted(place.subjects()) == ["in0", "in1"]
    assert (Backfill.objects.get().state, Backfill.objects.get().fetched) == ("done", 2)
    for _ in range(2):
        backfill.begin(place.mailbox, cast.salma(), since_on=None)
        place.attend()
        assert sorted(place.subjects()) == ["in0", "in1", "in2", "in3", "order"]
        assert all(raw.is_historic for raw in place.raw())
    assert (place.counts("INBOX"), place.counts(ORDERS)) == ((4, 4), (1, 1))


def test_new_mail_comes_before_the_rest_of_a_back_fill_that_can_be_stopped_and_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imap, "OLDER_AT_ONCE", 2)
    kept: list[list[str]] = []
    for number in range(6):
        put(place, "INBOX", f"n{number}", days_ago=10)
    place.attend()
    salma = cast.salma()
    backfill.begin(place.mailbox, salma, since_on=None)
    with pytest.raises(Refused, match="backfill_runs"):
        backfill.begin(place.mailbox, salma, since_on=None)

    def told(folder: imap.Folder, number: int) -> None:
        kept.append(place.subjects())
        if len(kept) == 1:
            put(place, "INBOX", "news")
        raise imap.Stopped

    with monkeypatch.context() as cut:  # the process dies after each piece
        cut.setattr(imap_account.Account, "_older_came", told)
        for _ in range(2):
            with watched(place) as thread:
                thread.join(10)
    assert [len(one) for one in kept] == [2, 5]
    assert "news" in kept[1]
    backfill.stop(place.mailbox, salma)
    place.attend()
    assert len(place.raw()) == 5
    assert place.counts() == (1, 1)
    backfill.begin(place.mailbox, salma, since_on=date(2000, 1, 1))
    place.attend()
    assert len(place.raw()) == 7
    assert [one.state for one in Backfill.objects.order_by("pk")] == ["stopped", "done"]


def test_what_was_thrown_out_for_good_does_not_come_again(place: Place):
    place.attend()
    place.put("doomed")
    place.attend()
    arrival.take_in_pending(place.mailbox.pk)
    number, salma = Conversation.objects.get().pk, cast.salma()
    with changing(number) as change:
        trash(change, teammate=salma)
    throw_out(number, teammate=salma)
    place.attend()
    assert place.raw() == []
    assert place.counts() == (1, 1)


def test_lesson_3_the_cases_others_missed_all_at_once(place: Place):
    """Seen and unseen, four days old, without Message-ID, 300 while it was down, and the counts agree."""
    place.attend()
    old = timezone.now() - timedelta(days=4)
    place.put("seen", at=old, flags="\\Seen")
    place.put("unseen", at=old)
    lie(place, [f"From: o@x.test\r\nSubject: n{n:03}\r\n\r\nno id {n}".encode() for n in range(300)], at=old)
    place.attend()
    assert place.subjects() == ["seen", "unseen", *(f"n{number:03}" for number in range(300))]
    assert place.counts() == (302, 302)
    assert not any(raw.is_historic for raw in place.raw())
    assert arrival.take_in_pending(place.mailbox.pk) == 302
    assert Entry.objects.count() == 302


def test_dovecot_restarted_in_the_middle_of_a_fetch_misses_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    from majlis.intake import imap_fetch

    monkeypatch.setattr(imap_fetch, "BATCH_MESSAGES", 5)
    place.attend()
    for number in range(30):
        place.put(f"n{number:02}")
    restarted: list[int] = []

    def accepting(*args: object, **kwargs: object) -> object:
        kept = accept_many(*args, **kwargs)  # type: ignore[arg-type]
        if not restarted:
            restarted.append(1)
            place.host.stop_imap()
            place.host.start_imap()
        return kept

    monkeypatch.setattr(imap, "accept_many", accepting)
    with watched(place):
        until(lambda: place.counts() == (30, 30), "all of them")
    assert restarted
    assert place.subjects() == [f"n{number:02}" for number in range(30)]


def test_counts_and_older_mail_survive_a_new_numbering(place: Place):
    put(place, "INBOX", "long ago", days_ago=50)
    place.attend()
    backfill.begin(place.mailbox, cast.salma(), since_on=None)
    place.attend()
    place.host.forget_uids(place.address)
    place.attend()
    assert place.counts() == (1, 1)
    assert MailFolder.objects.get().since_at <= datetime.now(UTC)  # type: ignore[operator]
