"""A furnished Majlis: Salma, Badr and Noura with their mailboxes, and mail that comes in by its own door."""

from __future__ import annotations

import json
import os
import smtplib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.people import BOX_PASSWORD, PASSWORD, SUPPORT
from tests.mailhost import MailHost
from tests.polling import until

SALES = "sales@majlis.test"
SALMA = "salma@majlis.test"
BADR = "badr@majlis.test"
NOURA = "noura@majlis.test"

# Runs inside Majlis, with the cast that every other test knows.
_FURNISH = """
import json
from majlis.channels.models import MailConnection, Security
from majlis.channels.secrets import encrypt
from tests import cast
people = {one.email: one.pk for one in (cast.salma(), cast.badr(), cast.noura())}
boxes = {box.address: box.pk for box in (cast.support(), cast.sales())}
for box in (cast.support(), cast.sales()):
    MailConnection.objects.create(mailbox=box, smtp_host="localhost", smtp_port=%(port)d,
        smtp_security=Security.STARTTLS, smtp_user=box.address, smtp_password=encrypt(%(password)r))
print(json.dumps({"people": people, "boxes": boxes}))
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that came in: the conversation it is in, and what an answer to it names."""

    number: int
    message_id: str
    sender: str


@dataclass(frozen=True, slots=True)
class Office:
    """A running desk with people and mailboxes; `people` and `boxes` are ids by address."""

    desk: Desk
    host: MailHost
    people: dict[str, int]
    boxes: dict[str, int]

    @classmethod
    def furnish(cls, desk: Desk, host: MailHost) -> Office:
        """Bring people, mailboxes and their way out into an empty desk."""
        for address in (SUPPORT, SALES):
            host.add_user(address, BOX_PASSWORD)
        code = _FURNISH % {"port": host.smtp_port, "password": BOX_PASSWORD}
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("majlis")),
                *("manage", "shell", "--no-imports", "-c", code),
            ],
            env={**os.environ, "MAJLIS_DATA": str(desk.data), "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout.splitlines()[-1])
        return cls(desk, host, made["people"], made["boxes"])

    def customer(self) -> str:
        """The address of a new customer, whose mailbox is on the test's own mail host."""
        address = f"layla-{uuid4().hex[:8]}@majlis.test"
        self.host.add_user(address, BOX_PASSWORD)
        return address

    def hand_in(self, mail: EmailMessage, *, to: str = SUPPORT) -> None:
        """Hand a mail to the desk's door, as a mail server does."""
        with smtplib.LMTP("127.0.0.1", self.desk.lmtp_port, local_hostname="mx.majlis.test") as door:
            door.sendmail(str(mail["From"].addresses[0].addr_spec), [to], mail.as_bytes())

    def write(
        self,
        text: str,
        *,
        subject: str,
        to: str = SUPPORT,
        sender: str = "",
        after: Letter | None = None,
        html: str = "",
        files: Sequence[tuple[str, str, bytes]] = (),
    ) -> Letter:
        """A customer writes, perhaps in the conversation of `after`; returns when it can be read in the desk.

        files: (name, content type, content).
        """
        sender = sender or (after.sender if after else self.customer())
        mail = EmailMessage()
        mail["From"] = formataddr(("ليلى حداد", sender))
        mail["To"], mail["Subject"] = to, subject
        mail["Message-ID"] = message_id = make_msgid(domain="customers.test")
        if after:
            mail["In-Reply-To"] = mail["References"] = after.message_id
        mail.set_content(text)
        if html:
            if text:
                mail.add_alternative(html, subtype="html")
            else:
                mail.set_content(html, subtype="html")
        for name, kind, content in files:
            main, _, sub = kind.partition("/")
            mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
        self.hand_in(mail, to=to)
        find = "select conversation_id from conversations_messageid where value = %s and is_own"
        rows = until(lambda: self.sql(find, message_id), f"the mail “{subject}”", timeout=30)
        return Letter(rows[0][0], message_id, sender)

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with psycopg.connect(self.desk.dsn) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def deliveries(self, number: int) -> list[str]:
        """The states of everything that was to leave from a conversation, in order."""
        query = """select d.state from channels_delivery d join conversations_entry e on e.id = d.entry_id
            where e.conversation_id = %s order by d.id"""
        return [state for (state,) in self.sql(query, number)]

    def send_now(self, number: int) -> None:
        """Let what waits to leave from a conversation leave before the time in which it could be taken back is over."""
        queued = """update channels_delivery d set due_at = now() from conversations_entry e
            where e.id = d.entry_id and e.conversation_id = %s and d.state = 'queued' returning d.id"""
        until(lambda: self.sql(queued, number), "a delivery that waits")
        self.sql("select pg_notify('majlis_work', 'deliver')")

    def entries(self, number: int, kind: str) -> list[str]:
        """The texts of a conversation's entries of one kind ("message", "reply", "note"), taken back ones left out."""
        query = """select text from conversations_entry
            where conversation_id = %s and kind = %s and not is_withdrawn order by seq"""
        return [text for (text,) in self.sql(query, number, kind)]

    def sign_in(self, page: Page, who: str, *, url: str = "") -> None:
        """Somebody signs in, at the desk's own address or another one that leads there."""
        page.goto(f"{url or self.desk.url}/accounts/login/", timeout=20_000)
        page.fill("[name=login]", who)
        page.fill("[name=password]", PASSWORD)
        page.click("main form .btn--primary")
        page.wait_for_selector("#list, .settings__col", timeout=20_000)
        page.wait_for_load_state()  # from here on the keys work

    def open(self, page: Page, number: int, *, url: str = "", folder: str = "all") -> None:
        """Open a conversation by its address; returns when its entries are there."""
        page.goto(f"{url or self.desk.url}/conversations/{number}?folder={folder}", timeout=20_000)
        expect(page.locator(f"#thread[data-number='{number}'] #entries .msg").first).to_be_visible()


def stays(page: Page) -> None:
    """Mark the page as it is; `has_stayed` says whether it was loaded anew since."""
    page.evaluate("window.stayed = true")


def has_stayed(page: Page) -> bool:
    """Claims that the page was not loaded anew since `stays`."""
    return bool(page.evaluate("window.stayed === true"))


def shown(page: Page) -> list[tuple[str, int, str]]:
    """The thread as a reader sees it: each entry's id, seq and text, times left out."""
    found = page.evaluate(
        """() => [...document.querySelectorAll('#entries > :not([data-removed])')].map((entry) => {
            const copy = entry.cloneNode(true);
            copy.querySelectorAll('.meta, .msg__original, iframe').forEach((part) => part.remove());
            const text = entry.matches('.event') ? copy.textContent.split(' · ')[0] : copy.textContent;
            return [entry.id, Number(entry.dataset.seq), text.replace(/\\s+/g, ' ').trim()];
        })"""
    )
    return [(name, seq, text) for name, seq, text in found]
