"""Servers that hang, lie and break off: nothing is lost, nothing doubled, memory bounded, and the ledger says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from django.conf import settings
from django.db import connection

from majlis.channels.email import mailserver, popserver
from majlis.channels.email.folders import offered
from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.models import MailConnection, MailFolder, RawMessage
from majlis.channels.problems import ConnectionProblem, unpack
from majlis.channels.secrets import encrypt
from majlis.files.queries import read
from majlis.intake import imap_fetch, imap_loop
from tests import cast
from tests.intake.liars import ENDLESS, Liar, listening
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES = {
    uid: f"From: o@x.test\r\nSubject: n{uid}\r\n\r\n{'x' * 300 * uid}\r\n".encode() for uid in range(1, 7)
}
# What each lie may cost while it lasts: "" nothing; "some" a difference that the ledger shows; a code, the mailbox.
LIES = {
    "hangs after connect": ("timeout", "timeout"),
    "hangs in a literal": ("some", "some"),
    "half a literal, then hangs up": ("some", "some"),
    "tells of mail that is not there": ("", None),
    "lists what is not there": ("some", "some"),
    "uids out of order and repeated": ("", None),
    "another numbering in between": ("lost", None),
    "sizes are 0": ("", ""),
    "sizes too small": ("", ""),
    "a literal of 900 MB": ("", ""),
    "answers with another uid": ("some", None),
    "refuses every third FETCH": ("", ""),
    "says BYE in the middle": ("some", ""),
    "a line without end": ("lost", "lost"),
    "a capability line of 1 MB": ("not_imap", "lost"),
    "8-bit folder names": ("", None),
    "the same id for all": (None, ""),
    "knows no UIDL": (None, "no_uidl"),
}
CASES = [
    (protocol, lie, cost)
    for lie, costs in LIES.items()
    for protocol, cost in zip(("imap", "pop3"), costs, strict=True)
    if cost is not None
]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(imap_loop, "TICK_SECONDS", 0.05)
    monkeypatch.setattr(imap_loop, "FIRST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(imap_loop, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(imap_loop, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(imap_loop, "POP3_SECONDS", 0.05)
    monkeypatch.setattr(imap_loop, "POP3_NEWS_SECONDS", 0.05)
    monkeypatch.setattr(imap_fetch, "_AGAIN_AFTER_SECONDS", 0.3)
    monkeypatch.setattr(imap_loop, "connect", partial(mailserver.connect, timeout_seconds=0.5))
    monkeypatch.setattr(popserver, "connect", partial(popserver.connect, timeout_seconds=0.5))
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, mail_max_bytes=100_000))
    yield
    connection.close()


@pytest.mark.parametrize(("protocol", "lie", "cost"), CASES, ids=[f"{p}: {lie}" for p, lie, _ in CASES])
def test_whatever_a_server_does_every_message_is_stored_once_in_the_end(protocol: str, lie: str, cost: str):
    liar = Liar(dict(MESSAGES), lie)
    with listening(liar, protocol) as port:
        row = MailConnection.objects.create(
            mailbox=cast.support(),
            protocol=protocol,
            in_host="127.0.0.1",
            in_port=port,
            in_security="none",
            in_user="x",
            in_password=encrypt("x"),
        )
        uidvalidity = 0 if protocol == "pop3" else 7
        folder = MailFolder.objects.create(
            connection=row, name="INBOX", uidvalidity=uidvalidity, first_uid=1, last_uid=0
        )
        watcher = imap_loop.Watcher(row.pk, mailbox_id=row.mailbox_id, version=1)
        watcher.thread.start()
        try:
            until(lambda: shows(row, cost), f"what a server costs that {lie}")
            liar.lie = ""
            until(lambda: counts(folder) == (6, 6), "all of them, once it is honest")
            until(lambda: not MailConnection.objects.get().problem, "the end of the problem")
        finally:
            liar.over.set()
            watcher.end()
            watcher.thread.join(10)
    rows = RawMessage.objects.order_by("pk").select_related("file")
    whole = sorted(read(raw.file) for raw in rows if not raw.error)
    if lie == "a literal of 900 MB":
        (header,) = [raw for raw in rows if raw.error]
        assert read(header.file) == MESSAGES[3].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        assert whole == sorted(body for uid, body in MESSAGES.items() if uid != 3)
    elif (
        lie == "the same id for all"
    ):  # once it is honest they have ids of their own, and come again: one entry each
        assert set(whole) == set(MESSAGES.values())
    else:
        assert whole == sorted(MESSAGES.values())
    if lie in ("a line without end", "a literal of 900 MB"):
        assert liar.sent < ENDLESS * liar.sessions


def shows(row: MailConnection, cost: str) -> bool:
    """Whether the ledger says what it has cost so far."""
    folder = MailFolder.objects.get(connection=row)
    problem = MailConnection.objects.get(pk=row.pk).problem
    if cost == "":
        return counts(folder) == (6, 6)
    if cost == "some":
        differs = folder.server_count and folder.server_count > (folder.stored_count or 0)
        return RawMessage.objects.exists() and bool(differs or problem)
    return unpack(problem)[0] == cost if problem else False


def counts(folder: MailFolder) -> tuple[int | None, int | None]:
    folder.refresh_from_db()
    return folder.server_count, folder.stored_count


def test_8_bit_names_of_folders_break_nothing():
    with listening(Liar(dict(MESSAGES), "8-bit folder names"), "imap") as port:
        found = offered(ImapSettings("127.0.0.1", port, "none", "x", "x"), timeout_seconds=2)
    assert found[0].name == "INBOX"
    assert len(found) == 1


@pytest.mark.parametrize(("protocol", "code"), [("imap", "not_imap"), ("pop3", "not_pop3")])
def test_what_speaks_another_language_is_named(protocol: str, code: str):
    other = "pop3" if protocol == "imap" else "imap"
    connect = mailserver.connect if protocol == "imap" else popserver.connect
    with listening(Liar(dict(MESSAGES)), other) as port, pytest.raises(ConnectionProblem) as problem:
        connect(ImapSettings("127.0.0.1", port, "none", "x", "x"), timeout_seconds=1)
    assert problem.value.code == code
