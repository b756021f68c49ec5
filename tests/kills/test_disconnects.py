"""A page whose stream is cut at any moment catches up by its seq: it shows every entry once, in order."""

from __future__ import annotations

import http.client
import json
import re
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import pytest

from tests import cast
from tests.kills.person import Person
from tests.kills.running import Installation, installation
from tests.polling import until

SEED = 1_447
NOTES, MAILS = 100, 50
_ENTRY = re.compile(r'<(?:article|div)[^>]* id="([^"]+)" data-seq="(\d+)"(?: data-changed="(\d+)")?')


@dataclass(slots=True)
class Page:
    """An open conversation: what it shows, and the seq it stands at."""

    reader: Person
    number: int
    seq: int = 0
    shown: list[tuple[int, str]] = field(default_factory=list)
    catch_ups: int = 0
    late: list[str] = field(default_factory=list)

    def catch_up(self) -> None:
        """Fetch what is new and put each entry in its place, over the one that is there."""
        answer = self.reader.ask("GET", f"/conversations/{self.number}/entries?since={self.seq}")
        assert answer.status == 200, answer.status
        self.catch_ups += 1
        known = {name for _, name in self.shown}
        for name, seq, changed in _ENTRY.findall(answer.text):
            if changed and int(changed) <= self.seq:
                self.late.append(f"{name} was sent again, unchanged since {self.seq}")
            if name in known:
                continue
            if int(seq) <= self.seq:
                self.late.append(f"{name} came after the page stood at {self.seq}")
            self.shown.append((int(seq), name))
        self.seq = max(self.seq, int(answer.headers["X-Majlis-Seq"]))


@dataclass(slots=True)
class Cutting:
    """A stream that is opened again after every cut; the page catches up after each greeting and each nudge."""

    page: Page
    rng: Random
    greetings: int = 0
    nudges: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)
    trouble: str = ""

    def run(self) -> None:
        """Until `is_over`: a stream for a random moment, from nothing to a good second."""
        try:
            while not self.is_over.is_set():
                self._one_stream(
                    time.monotonic() + self.rng.choice([0.0, 0.02, 0.1, 0.4, 1.2]) * self.rng.random()
                )
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"

    def _one_stream(self, until_moment: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.page.reader.port, timeout=20)
        try:
            connection.request("GET", "/live", headers={"Cookie": self.page.reader.cookie})
            assert connection.sock is not None
            socket = connection.sock
            response = connection.getresponse()
            assert response.status == 200, response.status
            name = ""
            while time.monotonic() < until_moment and not self.is_over.is_set():
                socket.settimeout(max(0.01, until_moment - time.monotonic()))
                try:
                    line = response.readline().decode()
                except TimeoutError:
                    return  # cut here, perhaps in the middle of a line
                if line.startswith("event: "):
                    name = line.removeprefix("event: ").strip()
                elif line.startswith("data: "):
                    self._heard(name, json.loads(line.removeprefix("data: ")))
            response.close()
        finally:
            connection.close()

    def _heard(self, name: str, data: dict[str, object]) -> None:
        if name == "hello":
            self.greetings += 1
            self.page.catch_up()
        elif name == "reload":
            self.page.catch_up()
        elif name == "nudge" and data.get("c") == self.page.number and int(str(data["s"])) > self.page.seq:
            self.nudges += 1
            self.page.catch_up()


@pytest.fixture
def majlis() -> Iterator[Installation]:
    """One with a support mailbox that mail reaches over LMTP."""
    with installation() as made:
        made.start()
        mailbox = {"address": cast.SUPPORT, "name": "الدعم", "imap": None, "smtp": None}
        made.inside("furnish", {"mailboxes": [mailbox]})
        yield made


def test_a_stream_cut_at_random_moments_shows_every_entry_once_and_in_order(majlis: Installation) -> None:
    _write(majlis, "<0@customers.test>")
    number = until(lambda: majlis.query("select id from conversations_conversation"), "a conversation")[0][0]
    salma, badr = Person(majlis.port), Person(majlis.port)
    salma.sign_in("salma@majlis.test", cast.PASSWORD)
    badr.sign_in("badr@majlis.test", cast.PASSWORD)
    rng = Random(SEED)
    cutting = Cutting(Page(salma, number), rng)
    work = [
        cutting.run,
        lambda: _add_notes(badr, number, Random(SEED + 1)),
        lambda: [_write(majlis, f"<{place}@customers.test>") for place in range(1, MAILS + 1)],
    ]
    reading, *writing = [threading.Thread(target=one) for one in _as_work(work)]
    for thread in (reading, *writing):
        thread.start()
    for thread in writing:
        thread.join(60)

    top = "select max(seq) from conversations_entry where conversation_id = %s"
    count = "select count(*) from conversations_entry where conversation_id = %s"
    try:
        until(lambda: majlis.query(count, number) == [(1 + MAILS + NOTES,)], "every entry", timeout=60)
        last = majlis.query(top, number)[0][0]
        until(lambda: cutting.page.seq >= last or cutting.trouble, "the page to catch up", timeout=20)
    finally:
        cutting.is_over.set()
        reading.join(30)

    assert cutting.trouble == ""
    assert cutting.page.late == []
    there = majlis.query(
        "select seq, id from conversations_entry where conversation_id = %s order by seq", number
    )
    shown = [seq for seq, name in cutting.page.shown if name.startswith("entry")]
    assert shown == [seq for seq, _ in there]
    assert cutting.greetings > 10
    assert cutting.nudges > 10


def _as_work(work: list[Callable[[], object]]) -> list[Callable[[], None]]:
    def silent(one: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            one()

        return run

    return [silent(one) for one in work]


def _add_notes(writer: Person, number: int, rng: Random) -> None:
    for place in range(NOTES):
        key = str(UUID(int=rng.getrandbits(128), version=4))
        answer = writer.ask("POST", f"/conversations/{number}/notes", text=f"note {place}", key=key)
        assert answer.status == 200, answer.text[:500]


def _write(majlis: Installation, message_id: str) -> None:
    first = "<0@customers.test>"
    headers = {"Message-ID": message_id} | ({"In-Reply-To": first} if message_id != first else {})
    with smtplib.LMTP("127.0.0.1", majlis.lmtp_port, local_hostname="test", timeout=20) as door:
        door.sendmail(cast.LAYLA, [cast.SUPPORT], cast.letter("أين طلبي؟", headers=headers))
