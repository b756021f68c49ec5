"""What goes on while processes are killed: customers write by two ways, teammates answer; all insist politely."""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from random import Random
from uuid import UUID

import psycopg

from tests import cast
from tests.kills.person import Person, Trouble
from tests.kills.running import Installation
from tests.mailhost import MailHost

_AGAIN_AFTER_SECONDS = 0.2
_WORDS = (
    "السلام عليكم، متى يصل الطلب الذي دفعت ثمنه يوم الأحد؟ Thanks a lot, and greetings to the team.".split()
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A customer's mail, known by its Message-ID."""

    message_id: str
    sender: str
    to: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """A reply that the desk said yes to. `mark` stands in its text and nowhere else."""

    key: UUID
    mark: str
    conversation: int


class Tap:
    """Lets so many of a row of things go so far; the takers wait for more."""

    def __init__(self) -> None:
        self._opened = 0
        self._taken = 0
        self._is_closed = False
        self._changed = threading.Condition()

    def open_to(self, number: int) -> None:
        """Let the first `number` go."""
        with self._changed:
            self._opened = max(self._opened, number)
            self._changed.notify_all()

    def close(self) -> None:
        """Whoever waits is told that nothing more comes."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def take(self) -> int | None:
        """The next place in the row, once it may go; None after `close`."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._taken < self._opened)
            if self._is_closed:
                return None
            self._taken += 1
            return self._taken - 1


@dataclass(slots=True)
class Traffic:
    """The clients and what they have been told. `troubles` are those that end a test: a client gave up."""

    installation: Installation
    host: MailHost
    by_lmtp: list[Letter]
    by_imap: list[Letter]
    marks: list[tuple[UUID, str]]
    deadline: float
    accepted: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    retries: dict[str, int] = field(default_factory=lambda: {"lmtp": 0, "http": 0})
    troubles: list[str] = field(default_factory=list)
    taps: dict[str, Tap] = field(default_factory=lambda: {name: Tap() for name in ("lmtp", "imap", "http")})
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Two senders by LMTP, one by the company's mail host, one teammate."""
        for work in (self._write_by_lmtp, self._write_by_lmtp, self._write_by_imap, self._answer):
            thread = threading.Thread(target=self._guarded, args=(work,), name=work.__name__)
            self._threads.append(thread)
            thread.start()

    def let(self, share: float) -> None:
        """Let so much of everything go, from 0 to 1."""
        for name, row in (("lmtp", self.by_lmtp), ("imap", self.by_imap), ("http", self.marks)):
            self.taps[name].open_to(round(len(row) * share))

    def is_done(self) -> bool:
        """Whether everything was handed over and said yes to."""
        done = (len(self.accepted), len(self.delivered), len(self.posted))
        return bool(self.troubles) or done == (len(self.by_lmtp), len(self.by_imap), len(self.marks))

    def end(self) -> None:
        """All clients go home."""
        for tap in self.taps.values():
            tap.close()
        for thread in self._threads:
            thread.join(60)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self.troubles.append(f"{work.__name__}: {type(error).__name__}: {error}")

    def _pause(self, what: str, why: object) -> None:
        if what:
            self.retries[what] += 1
        if time.monotonic() > self.deadline:
            raise TimeoutError(f"gave up: {why}")
        time.sleep(_AGAIN_AFTER_SECONDS)

    # -- customers

    def _write_by_lmtp(self) -> None:
        door: smtplib.LMTP | None = None
        while (place := self.taps["lmtp"].take()) is not None:
            letter = self.by_lmtp[place]
            while True:
                try:
                    if door is None:
                        port = self.installation.lmtp_port
                        door = smtplib.LMTP("127.0.0.1", port, local_hostname="test", timeout=30)
                    door.sendmail(letter.sender, [letter.to], letter.raw)
                    break
                except (OSError, smtplib.SMTPException) as error:
                    _hang_up(door)
                    door = None
                    self._pause("lmtp", error)
            self.accepted.append(letter.message_id)
        _hang_up(door)

    def _write_by_imap(self) -> None:
        while (place := self.taps["imap"].take()) is not None:
            letter = self.by_imap[place]
            self.host.deliver(letter.to, letter.raw, sender=letter.sender)
            self.delivered.append(letter.message_id)

    # -- the teammate

    def _answer(self) -> None:
        salma = self._signed_in()
        answered: set[int] = set()
        while (place := self.taps["http"].take()) is not None:
            key, mark = self.marks[place]
            number = self._unanswered(answered)
            answered.add(number)
            self._insist(salma, number, key, mark)
            self.posted.append(Posted(key, mark, number))

    def _signed_in(self) -> Person:
        while True:
            person = Person(self.installation.port)
            try:
                person.sign_in("salma@majlis.test", cast.PASSWORD)
                return person
            except Trouble as trouble:
                self._pause("", trouble)

    def _unanswered(self, answered: set[int]) -> int:
        """A conversation that nobody has answered; those that have just come first."""
        while True:
            with suppress(psycopg.OperationalError):
                rows = self.installation.query(
                    "select id from conversations_conversation where not id = any(%s) order by id desc limit 1",
                    list(answered),
                )
                if rows:
                    return int(rows[0][0])
            self._pause("", "no conversation to answer")

    def _insist(self, person: Person, number: int, key: UUID, mark: str) -> None:
        """Post until the desk says yes; after a refusal for news, with the news read."""
        seen, is_first = 0, True
        while True:
            try:
                if is_first:
                    page = person.ask("GET", f"/conversations/{number}/entries?since={seen}")
                    assert page.status == 200, f"{page.status} {page.text[:500]}"
                    seen = int(page.headers["X-Majlis-Seq"])
                answer = person.ask(
                    "POST",
                    f"/conversations/{number}/replies",
                    text=f"تم الشحن اليوم. {mark}",
                    key=str(key),
                    seen=str(seen),
                )
                if answer.status == 200:
                    return
                assert answer.status == 409, f"{answer.status} {answer.text[:500]}"
                is_first = True
            except Trouble as trouble:
                self._pause("http", trouble)


def letters(number: int, *, to: str, customers: list[str], rng: Random, name: str) -> list[Letter]:
    """Mails by random customers, every fifth an answer to an earlier one of theirs, every tenth with a file."""
    made: list[Letter] = []
    last: dict[str, str] = {}
    for place in range(number):
        sender = rng.choice(customers)
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = to
        mail["Subject"] = f"{rng.choice(_WORDS)} {name}-{place}"
        mail["Message-ID"] = f"<{name}-{place}.{rng.getrandbits(40):x}@{sender.partition('@')[2]}>"
        mail["Date"] = format_datetime(datetime.now(UTC))
        if place % 5 == 4 and sender in last:
            mail["In-Reply-To"] = last[sender]
        mail.set_content(" ".join(rng.choices(_WORDS, k=rng.randint(5, 60))))
        if place % 10 == 9:
            mail.add_attachment(rng.randbytes(40_000), maintype="image", subtype="png", filename="صورة.png")
        last[sender] = str(mail["Message-ID"])
        made.append(Letter(str(mail["Message-ID"]), sender, to, mail.as_bytes(policy=SMTP)))
    return made


def _hang_up(door: smtplib.LMTP | None) -> None:
    if door is not None:
        with suppress(OSError, smtplib.SMTPException):
            door.close()
