"""Automatic mail through real servers: two mailboxes, an absence, a list and a hidden machine; it ends each time."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import make_msgid
from uuid import uuid4

import pytest
from django.db import connection

from majlis.channels import acknowledging
from majlis.channels.actions.accept import accept
from majlis.channels.actions.deliver import run_due
from majlis.channels.models import AutomaticMail, StoppedAddress
from majlis.conversations.models import Conversation, Entry, EntryKind
from majlis.flow.arrival import take_in_pending
from majlis.flow.reactions import react_pending
from majlis.people.models import Mailbox, Notification
from tests import cast
from tests.channels import mailing
from tests.channels.mailing import let_time_pass, read
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {"ar": "وصلت رسالتك إلى {team}.", "en": "Your message has reached {team}."}


class Post:
    """Mailboxes that acknowledge, on a real host, and others beside them."""

    def __init__(self, host: MailHost) -> None:
        self.host = host
        self.taken: dict[str, int] = {}
        cast.salma()

    def mailbox(self, domain: str = "majlis.test") -> Mailbox:
        """A mailbox of ours that acknowledges."""
        made = cast.mailbox(f"help-{uuid4().hex[:8]}@{domain}", name="الدعم")
        mailing.connect(made, self.host)
        acknowledging.set_up(cast.salma(), made, is_on=True, texts=WORDS)
        return made

    def address(self, name: str) -> str:
        """Somebody else's mailbox."""
        made = f"{name}-{uuid4().hex[:8]}@customers.test"
        self.host.add_user(made, mailing.PASSWORD)
        return made

    def send(self, sender: str, to: str, subject: str, text: str, **headers: str) -> None:
        """A mail by SMTP."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Message-ID"] = make_msgid(domain="phone.test")
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        before = len(self.host.messages(to))
        self.host.submit(sender, mailing.PASSWORD, mail.as_bytes(), sender, [to])
        self.host.wait_for(to, before + 1)

    def settle(self) -> int:
        """What lies in our mailboxes is taken in and reacted to, and what is due leaves; how many mails there were."""
        number = 0
        for mailbox in Mailbox.objects.all():
            mails = self.host.messages(mailbox.address)
            fresh = mails[self.taken.get(mailbox.address, 0) :]
            self.taken[mailbox.address] = len(mails)
            for raw in fresh:
                accept(mailbox.pk, raw, route="imap", envelope_from=None)
            take_in_pending(mailbox.pk)
            number += len(fresh)
        react_pending()
        let_time_pass()
        while run_due():
            pass
        return number


@pytest.fixture
def post(mail_host: MailHost, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_host.ca_file))
    yield Post(mail_host)
    connection.close()


def acknowledged() -> int:
    return Entry.objects.filter(kind=EntryKind.AUTO).count()


def test_lesson_7_two_mailboxes_that_acknowledge_each_other_stop_after_one_each(post: Post) -> None:
    ours, theirs = post.mailbox(), post.mailbox("other.test")
    post.send(theirs.address, ours.address, "طلب", "هل من جديد؟")
    post.send(ours.address, theirs.address, "طلب آخر", "هل من جديد؟")
    assert sum(post.settle() for _ in range(5)) == 2, "of one desk they are known, and say nothing at all"
    assert acknowledged() == 0


def test_lesson_7_two_desks_that_acknowledge_each_other_stop_after_one_each(post: Post) -> None:
    """What the other desk makes of our acknowledgement is asked of the very same code, under another address."""
    ours, theirs = post.mailbox(), post.mailbox("other.test")
    stranger = post.address("desk")  # as which the other desk is known here
    post.send(stranger, ours.address, "Order", "Is there news?")
    post.settle()
    (mail,) = post.host.wait_for(stranger, 1)
    assert acknowledged() == 1
    forwarded = mail.replace(ours.address.encode(), post.address("we").encode())
    accept(theirs.pk, forwarded, route="imap", envelope_from=None)
    take_in_pending(theirs.pk)
    react_pending()
    assert acknowledged() == 1, "the other desk sees that nobody wrote it"
    assert AutomaticMail.objects.get(mailbox=theirs).refused == "automatic"


def test_a_polite_absence_gets_nothing_and_an_acknowledgement_leaves_as_what_it_is(post: Post) -> None:
    ours, layla = post.mailbox(), post.address("layla")
    post.send(layla, ours.address, "My order", "Where is it?")
    post.settle()
    got = read(post.host.wait_for(layla, 1)[0])
    assert got["Auto-Submitted"] == "auto-replied"
    assert got["Subject"] == "Re: My order"
    assert got["Return-Path"] is None or ours.address in got["Return-Path"]
    named = {"Auto_Submitted": "auto-replied", "In_Reply_To": str(got["Message-ID"])}
    for number in range(4):
        post.send(layla, ours.address, f"Away {number}", "I am away.", **named)
    post.settle()
    assert acknowledged() == 1
    assert Conversation.objects.count() == 1, "its answers come into the thread"
    assert not StoppedAddress.objects.exists()


def test_a_machine_that_hides_and_answers_everything_is_stopped_and_an_admin_is_told(post: Post) -> None:
    ours, robot = post.mailbox(), post.address("robot")
    badr = cast.badr()
    cast.give(badr, ours)
    answered = 0
    post.send(robot, ours.address, "Hello", "Your request was received.")
    for number in range(9):
        post.settle()
        last = Conversation.objects.latest("pk")
        mailing.reply(badr, last, "Please stop this.")
        post.settle()
        mails = post.host.wait_for(robot, 1 + number + 1)  # the acknowledgement, and what a person wrote
        for _ in mails[answered:]:
            post.send(robot, ours.address, f"Case {uuid4().hex[:6]}", "Your request was received.")
        answered = len(mails)
    post.settle()
    assert acknowledged() == 1
    assert StoppedAddress.objects.get().address == robot
    assert Notification.objects.filter(kind="failed", teammate=cast.salma()).count() == 1
    assert len(post.host.messages(robot)) == 1 + 9, "what a person writes goes on"


def test_a_list_gets_none(post: Post) -> None:
    ours, member = post.mailbox(), post.address("member")
    post.send(member, ours.address, "[talk] News", "Hello all", List_Id="<talk.lists.test>")
    post.settle()
    assert acknowledged() == 0
    assert post.host.messages(member) == []
