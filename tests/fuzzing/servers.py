"""Servers and senders that say anything at all, as bytes: what is made of their words, over no network."""

from __future__ import annotations

import asyncio
import imaplib
import io
import smtplib
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any, cast

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from majlis.channels.actions.accept import Incoming
from majlis.channels.email import bounded, folder_names, popserver, sending
from majlis.channels.email.mailserver import problems
from majlis.channels.email.popserver import PopClient
from majlis.channels.problems import ConnectionProblem
from majlis.intake import imap_fetch
from majlis.intake.dialogue import Dialogue
from majlis.intake.storing import Storing
from majlis.intake.wire import Wire
from majlis.lib.errors import DeliveryError

_MOST = 4096


class _Line:
    """A socket whose other side says `data`, then hangs up; it takes whatever is said to it."""

    def __init__(self, data: bytes) -> None:
        self._said = io.BytesIO(data)
        self.heard: list[bytes] = []

    def recv(self, size: int) -> bytes:
        return self._said.read(min(size, 64))

    def sendall(self, data: bytes) -> None:
        self.heard.append(bytes(data))

    def settimeout(self, seconds: float | None) -> None:
        pass

    def gettimeout(self) -> float:
        return 1.0

    def close(self) -> None:
        pass


def pop3_answers_are_read(data: bytes) -> None:
    """A visit by POP3 ends with what the server gave or a problem with a name; no message grows over its limit."""
    client = PopClient(cast("Any", _Line(data)))
    try:
        with popserver.problems(greeting=True):
            client.greet()
        with popserver.problems():
            client.ask_capabilities()
            ids, sizes = popserver.listed(client), client.sizes()
            assert all(number >= 0 and uidl.isascii() and len(uidl) <= 500 for number, uidl in ids.items())
            assert all(0 <= size < 10**19 for size in sizes.values())
            for number in list(ids)[:3]:
                assert len(client.message(number, most=_MOST)) <= _MOST + 128 * 1024
    except ConnectionProblem as problem:
        _is_named(problem)
    finally:
        client.close(is_polite=True)


def smtp_answers_are_read(data: bytes) -> None:
    """A message handed to any server was taken, refused, or is unclear; after its end nothing is temporary by guess."""
    line = _Line(data)
    smtp = smtplib.SMTP(local_hostname="test")
    smtp.sock = cast("Any", line)
    smtp.file = cast("Any", io.BufferedReader(cast("Any", io.BytesIO(data))))
    is_ended: list[bool] = []
    try:
        with sending._problems():
            smtp.getreply()
            smtp.ehlo_or_helo_if_needed()
        receipt = sending.transmit(
            smtp,
            b"Subject: x\n\n.hidden\nline",
            sender="support@shop.example",
            recipients=["layla@customer.example", "omar@customer.example"],
            envelope_id="mj-1-2-abc",
            before_end=lambda: is_ended.append(True),
        )
        assert is_ended
        assert receipt.size_limit >= 0
        assert receipt.server_words.startswith("250")
        receipt.server_words.encode()
    except DeliveryError as caught:
        _is_settled(caught, is_ended=bool(is_ended))
    sent = b"".join(line.heard)
    assert sent.count(b"\r\n.\r\n") <= 1


def _is_settled(error: DeliveryError, *, is_ended: bool) -> None:
    str(error).encode()
    assert not (error.permanent and error.unclear)
    assert is_ended or not error.unclear
    if isinstance(error, ConnectionProblem):
        _is_named(error)
        assert not is_ended or error.code in ("login", "other"), error


class _Imap(imaplib.IMAP4):
    """The library's client over a line; «$» where the server's tag would stand is the tag it waits for."""

    def __init__(self, said: Iterable[bytes]) -> None:
        self._said = iter(said)
        self._line = io.BytesIO()
        super().__init__("nowhere")

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port, self.sock = host, port, cast("Any", _Line(b""))
        self._hear(next(self._said, b""))

    def _hear(self, more: bytes) -> None:
        self._line = io.BytesIO(self._line.read() + more)
        self.file: Any = self._line

    def read(self, size: int) -> bytes:
        return self._line.read(size)

    def readline(self) -> bytes:
        return self._line.readline()

    def send(self, data: Any) -> None:
        self._hear(next(self._said, b"").replace(b"$", bytes(data).split(b" ")[0]))

    def shutdown(self) -> None:
        pass


class _Client(IMAPClient):  # type: ignore[misc]
    def __init__(self, said: Iterable[bytes]) -> None:
        self.said = said
        super().__init__("nowhere", ssl=False)

    def _create_IMAP4(self) -> _Imap:  # noqa: N802 - the library's name
        return _Imap(self.said)


def imap_answers_are_read(data: bytes) -> None:
    """Folders and messages are fetched from any server, or a problem has a name. Answers are parted by NUL."""
    greeting, *said = data.split(b"\0")
    try:
        with problems(greeting=True):
            client = _Client([greeting, *said])
        bounded.bound(client, largest=_MOST)
        with problems():
            for _, name in folder_names.listed(client):
                name.encode()
            client.select_folder("INBOX", readonly=True)
            uids = sorted(client.search(["UID", "1:*"]))[:20]
        for batch, _ in imap_fetch.fetch(client, uids, largest=_MOST, suspects=imap_fetch.Suspects()):
            assert all(isinstance(one.content, bytes) for one in batch)
    except (OSError, IMAPClientError, imaplib.IMAP4.error, ConnectionProblem):
        return


class _Kept:
    """Takes every mail for one mailbox."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    def known(self, address: str) -> int | None:
        address.encode()
        return 1 if address.endswith("@shop.example") else None

    def find(self, address: str) -> Future[int | None]:
        return _done(None)

    def store(self, incoming: Sequence[Incoming]) -> Future[None]:
        self.contents += [one.content for one in incoming]
        return _done(None)


def _done(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(value)
    return future


def senders_are_answered(data: bytes) -> None:
    """Every line at the door has an answer with a code; a mail is kept as often as it was said to be, dots undone."""
    kept = _Kept()
    answers: list[str] = []

    async def say(reply: str) -> None:
        answers.append(reply)

    async def talk() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        door = Dialogue(
            Wire(reader, idle_seconds=5), say, cast("Storing", kept), max_bytes=_MOST, host="shop.example"
        )
        await door.run()

    asyncio.run(talk())
    for answer in answers:
        assert all(line[:3].isdigit() and 200 <= int(line[:3]) < 600 for line in answer.split("\r\n")), answer
    assert sum("250 2.0.0 Kept" in answer for answer in answers) == len(kept.contents)
    assert all(len(content) <= _MOST for content in kept.contents)


def _is_named(problem: ConnectionProblem) -> None:
    assert problem.code
    str(problem).encode()
