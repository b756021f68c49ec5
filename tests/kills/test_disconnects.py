"""A page whose stream is cut at any moment catches up by its seq: it shows every entry once, in order."""

from __future__ import annotations

import http.client
import json
import re
import smtplib
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import pytest

from tests import cast
from tests.kills.person import Person
from tests.kills.running import Installation, installation
from tests.polling import until

SEED = 1_447
NOTES, MAILS, MOST_NOTES = 40, 20, 400
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
        """Until `is_over`: one stream after the other, each cut after so many bytes, be it amid a line."""
        try:
            while not self.is_over.is_set():
                self._one_stream(self.rng.choice([0, 5, 100, 400, 1200]) + self.rng.randint(0, 100))
        except Exception as error:
            self.trouble = f"{type(error).__name__}: {error}"

    def has_been_about(self) -> bool:
        """Whether there were cuts and news enough to tell something."""
        return bool(self.trouble) or (self.greetings >= 20 and self.nudges >= 20)

    def _one_stream(self, size: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.page.reader.port, timeout=20)
        with closing(connection):
            connection.request("GET", "/live", headers={"Cookie": self.page.reader.cookie})
            assert connection.sock is not None
            connection.sock.settimeout(1.0)
            with closing(connection.getresponse()) as response:
                assert response.status == 200, response.status
                name = ""
                while size > 0 and not self.is_over.is_set():
                    try:
                        line = response.readline(size).decode()
                    except TimeoutError:
                        return
                    size -= len(line)
                    if line.startswith("event: "):
                        name = line.removeprefix("event: ").strip()
                    elif line.startswith("data: ") and line.endswith("\n"):
                        self._heard(name, json.loads(line.removeprefix("data: ")))

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
    cutting = Cutting(Page(salma, number), Random(SEED))
    added: list[int] = []

    def add_notes() -> None:
        rng = Random(SEED + 1)
        while len(added) < MOST_NOTES and (len(added) < NOTES or not cutting.has_been_about()):
            key = str(UUID(int=rng.getrandbits(128), version=4))
            text = f"note {len(added)}"
            answer = badr.ask("POST", f"/conversations/{number}/notes", text=text, key=key)
            assert answer.status == 200, answer.text[:500]
            added.append(answer.status)

    def write() -> None:
        for place in range(1, MAILS + 1):
            _write(majlis, f"<{place}@customers.test>")

    reading, *writing = [threading.Thread(target=work) for work in (cutting.run, add_notes, write)]
    for thread in (reading, *writing):
        thread.start()
    for thread in writing:
        thread.join(60)

    there = "select seq from conversations_entry where conversation_id = %s order by seq"
    try:
        until(lambda: len(majlis.query(there, number)) == 1 + MAILS + len(added), "every entry", timeout=60)
        seqs = [seq for (seq,) in majlis.query(there, number)]
        until(lambda: cutting.page.seq >= seqs[-1] or cutting.trouble, "the page to catch up", timeout=20)
    finally:
        cutting.is_over.set()
        reading.join(30)

    assert cutting.trouble == ""
    assert cutting.page.late == []
    assert [seq for seq, name in cutting.page.shown if name.startswith("entry-")] == seqs
    assert len(added) >= NOTES
    assert cutting.greetings >= 20
    assert cutting.nudges >= 20


def _write(majlis: Installation, message_id: str) -> None:
    first = "<0@customers.test>"
    headers = {"Message-ID": message_id} | ({"In-Reply-To": first} if message_id != first else {})
    with smtplib.LMTP("127.0.0.1", majlis.lmtp_port, local_hostname="test", timeout=20) as door:
        door.sendmail(cast.LAYLA, [cast.SUPPORT], cast.letter("أين طلبي؟", headers=headers))
