"""What left stands once in the mailbox's own folder of sent mail, where that is wanted."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from imapclient import IMAPClient

from majlis.channels.actions import copies, options
from majlis.channels.actions.deliver import run_due
from majlis.channels.connections import imap_settings
from majlis.channels.email.mailserver import connect
from majlis.channels.models import Delivery, MailConnection, MailOptions, SentCopy
from majlis.channels.problems import unpack
from majlis.channels.secrets import encrypt
from majlis.people.models import Mailbox
from tests import cast
from tests.channels import mailing
from tests.mailhost import MailHost

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def support(host: MailHost) -> Mailbox:
    """A mailbox of this test's own on the real servers, that keeps copies."""
    mailbox = cast.mailbox(f"support-{uuid4().hex[:8]}@majlis.test", name="الدعم")
    row = mailing.connect(mailbox, host)
    row.in_host, row.in_port, row.in_security = "localhost", host.imap_port, "starttls"
    row.in_user, row.in_password = mailbox.address, encrypt(mailing.PASSWORD)
    row.save()
    options.change(cast.salma(), mailbox, sent_folder="Sent")
    return mailbox


def send(mailbox: Mailbox) -> Delivery:
    cast.arrive(cast.letter("أين طلبي؟", to=mailbox.address), mailbox=mailbox)
    entry = mailing.reply(cast.salma(), mailbox.conversations.latest("pk"))
    mailing.let_time_pass()
    assert run_due() == 1
    return Delivery.objects.get(entry=entry)


def reading(mailbox: Mailbox) -> IMAPClient:
    settings = imap_settings(MailConnection.objects.get(mailbox=mailbox))
    assert settings is not None
    return connect(settings)


def in_sent(mailbox: Mailbox) -> list[dict[bytes, object]]:
    client = reading(mailbox)
    client.select_folder("Sent", readonly=True)
    found = client.fetch(client.search(), ["BODY.PEEK[]", "FLAGS"])
    client.logout()
    return list(found.values())


def test_what_left_is_put_there_once_read_and_whole(host: MailHost, support: Mailbox) -> None:
    delivery = send(support)
    assert delivery.state == "sent"
    assert copies.run_due() == 1
    (copy,) = in_sent(support)
    mail = mailing.read(copy[b"BODY[]"])  # type: ignore[arg-type]
    assert mail["Message-ID"] == delivery.message_id
    assert "طلبك في الطريق." in mailing.body(mail, "plain")
    assert b"\\Seen" in copy[b"FLAGS"]  # type: ignore[operator]
    assert copies.run_due() == 0

    # Whoever died between putting it there and saying so does not put it there twice.
    SentCopy.objects.create(delivery=delivery, due_at=timezone.now())
    assert copies.run_due() == 1
    assert len(in_sent(support)) == 1
    assert not SentCopy.objects.exists()


def test_nothing_is_copied_where_it_is_not_wanted(host: MailHost, support: Mailbox) -> None:
    options.change(cast.salma(), support, sent_folder="")
    send(support)
    assert not SentCopy.objects.exists()


def test_a_folder_that_is_gone_is_said_and_tried_again_for_a_day(host: MailHost, support: Mailbox) -> None:
    MailOptions.objects.filter(mailbox=support).update(sent_folder="Gone")
    send(support)
    for attempt in range(1, 8):
        SentCopy.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        assert copies.run_due() == 1
        assert unpack(MailOptions.objects.get(mailbox=support).sent_problem)[0] == "folder"
        assert SentCopy.objects.exists() is (attempt < 7)
    options.change(cast.salma(), support, sent_folder="Sent")
    assert MailOptions.objects.get(mailbox=support).sent_problem == ""


def test_a_copy_in_the_hands_of_the_dead_is_taken_up_later(host: MailHost, support: Mailbox) -> None:
    send(support)
    taken = copies._claim()
    assert taken is not None
    assert copies.run_due() == 0
    assert (copies.next_due_in() or 0) > 60
    SentCopy.objects.update(due_at=timezone.now())
    assert copies.run_due() == 1
    assert len(in_sent(support)) == 1


def test_the_servers_own_folder_of_sent_mail_is_found(host: MailHost, support: Mailbox) -> None:
    client = reading(support)
    assert copies.sent_folder(client) == "Sent"
    client.logout()
