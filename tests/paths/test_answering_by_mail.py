"""The whole way through real servers: a customer writes, Reem is away, she answers the letter, the customer has it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from majlis.channels.actions.deliver import run_due
from majlis.channels.models import MailConnection
from majlis.channels.secrets import encrypt
from majlis.conversations.actions.assign import assign_to
from majlis.conversations.actions.changing import changing
from majlis.conversations.models import Conversation, Entry
from majlis.flow import arrival, notice_letters
from majlis.flow.reactions import react_pending
from majlis.intake import imap_loop
from majlis.people.actions.signatures import of_mailbox
from majlis.people.models import Mailbox, Role
from tests import cast
from tests.channels.mailing import body, let_time_pass, read
from tests.mailhost import MailHost
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "letter-by-night-9"


class Post:
    """The support mailbox on a real host, with Layla's and Reem's own mailboxes beside it."""

    def __init__(self, host: MailHost) -> None:
        self.host, name = host, uuid4().hex[:8]
        self.support, self.reem, self.layla = (
            f"{who}-{name}@{domain}"
            for who, domain in (("help", "majlis.test"), ("reem", "majlis.test"), ("layla", "customers.test"))
        )
        for address in (self.support, self.reem, self.layla):
            host.add_user(address, PASSWORD)
        self.mailbox = cast.mailbox(self.support, name="الدعم")
        self.row = MailConnection.objects.create(
            mailbox=self.mailbox,
            in_host="localhost",
            in_port=host.imaps_port,
            smtp_host="localhost",
            smtp_port=host.smtp_port,
            smtp_security="starttls",
            **{f"{side}_user": self.support for side in ("in", "smtp")},
            **{f"{side}_password": encrypt(PASSWORD) for side in ("in", "smtp")},
        )
        self._visit()

    def send(self, sender: str, mail: EmailMessage, *, expected: int) -> None:
        """Somebody sends a mail to support by SMTP; it is fetched by IMAP, taken in and reacted to."""
        mail["From"], mail["To"], mail["Message-ID"] = sender, self.support, make_msgid(domain="phone.test")
        self.host.submit(sender, PASSWORD, mail.as_bytes(), sender, [self.support])
        self.host.wait_for(self.support, expected)
        self._visit()
        arrival.take_in_pending(self.mailbox.pk)
        react_pending()

    def last(self, address: str, count: int) -> EmailMessage:
        """What lies in a mailbox as its last mail, once everything queued has left."""
        let_time_pass()
        while run_due():
            pass
        return read(self.host.wait_for(address, count)[-1])

    def _visit(self) -> None:
        checked_at = MailConnection.objects.get(pk=self.row.pk).checked_at
        watcher = imap_loop.Watcher(self.row.pk, mailbox_id=self.mailbox.pk, version=self.row.version)
        watcher.thread.start()
        try:
            until(
                lambda: MailConnection.objects.get(pk=self.row.pk).checked_at != checked_at,
                "a visit that ends",
            )
        finally:
            watcher.end()
            watcher.thread.join(10)


@pytest.fixture
def post(mail_host: MailHost, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    monkeypatch.setattr(imap_loop, "TICK_SECONDS", 0.1)
    yield Post(mail_host)
    connection.close()


def test_an_away_teammate_answers_a_customer_from_her_own_mailbox(post: Post) -> None:
    reem = cast.teammate(post.reem, name="ريم", role=Role.AGENT)
    cast.give(reem, Mailbox.objects.get())
    of_mailbox(post.mailbox, "<p>{name}، خدمة العملاء</p>")
    first = EmailMessage()
    first["Subject"] = "طلب 48213"
    first.set_content("أين طلبي؟")
    post.send(post.layla, first, expected=1)
    with changing(Conversation.objects.get().pk) as change:
        assign_to(change, reem, by=reem)
    asked = EmailMessage()
    asked["Subject"], asked["In-Reply-To"] = "Re: طلب 48213", first["Message-ID"]
    asked.set_content("هل من جديد؟")
    post.send(post.layla, asked, expected=2)

    assert notice_letters.mail_due(now=timezone.now() + timedelta(minutes=3)) == 1
    letter = post.last(post.reem, 1)

    assert letter["Auto-Submitted"] == "auto-generated"
    assert post.support in str(letter["From"])
    assert "طلب 48213" in str(letter["Subject"])
    text = body(letter, "plain")
    assert text.splitlines()[0].startswith("—— اكتب ردّك فوق هذا السطر")
    assert "هل من جديد؟" in text
    assert '<div dir="rtl" lang="ar" style=' in body(letter, "html")

    answer = EmailMessage()
    answer["Subject"] = f"Re: {letter['Subject']}"
    answer["In-Reply-To"] = answer["References"] = letter["Message-ID"]
    quoted = "".join(f"> {line}\n" for line in text.splitlines())
    answer.set_content(f"يصلك غدًا صباحًا.\n\nفي ٢٢ نوفمبر ٢٠٢٦ كتب {letter['From']}:\n{quoted}")
    answer.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="بوليصة الشحن.pdf")
    post.send(post.reem, answer, expected=3)
    came = post.last(post.layla, 1)

    assert str(came["From"]).startswith("ريم")
    assert post.support in str(came["From"])
    assert "Auto-Submitted" not in came
    assert came["In-Reply-To"] == asked["Message-ID"]
    assert first["Message-ID"] in came["References"]
    said = body(came, "plain")
    assert said.startswith("يصلك غدًا صباحًا.\n\n-- \nريم، خدمة العملاء\n")
    assert "فوق هذا السطر" not in said + body(came, "html")
    assert post.reem not in came.as_string()
    assert letter["Message-ID"] not in came.as_string()
    (part,) = came.iter_attachments()
    assert isinstance(part, EmailMessage)
    assert part.get_filename() == "بوليصة الشحن.pdf"
    assert Conversation.objects.count() == 1
    assert [entry.kind for entry in Entry.objects.order_by("pk")] == ["message", "message", "reply"]

    # Her program says that she is away, to whoever writes: nothing follows from that.
    absence = EmailMessage()
    absence["Subject"], absence["Auto-Submitted"] = "خارج المكتب", "auto-replied"
    absence["In-Reply-To"] = letter["Message-ID"]
    absence.set_content("أعود الأحد.")
    post.send(post.reem, absence, expected=4)
    assert Entry.objects.count() == 3
    assert not run_due()
