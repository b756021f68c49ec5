"""What was made up to look around with never leaves, and looks as if it had."""

from __future__ import annotations

import socket
from uuid import uuid4

import pytest
from django.utils import timezone

from majlis.channels import outbox
from majlis.channels.actions.deliver import run_due
from majlis.channels.models import Delivery, MailConnection, Security, State
from majlis.conversations.models import Conversation
from majlis.journal.models import Event
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
CARE = "care@demo.majlis.invalid"
NOUF = "nouf@demo.majlis.invalid"


def test_a_reply_from_a_made_up_mailbox_counts_as_sent_and_no_server_hears_of_it() -> None:
    box, salma = cast.mailbox(CARE, name="واحة"), cast.salma()
    with socket.create_server(("127.0.0.1", 0)) as server:
        MailConnection.objects.create(
            mailbox=box, smtp_host="127.0.0.1", smtp_port=server.getsockname()[1], smtp_security=Security.NONE
        )
        cast.arrive(cast.letter("وين طلبي؟", sender=NOUF, to=CARE), mailbox=box)
        conversation = Conversation.objects.get()
        outbox.send_reply(
            salma, conversation.pk, text="في الطريق", seen_seq=conversation.seq, submission_key=uuid4()
        )
        Delivery.objects.update(due_at=timezone.now())

        assert run_due() == 1

        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()
    assert Delivery.objects.get().state == State.SENT
    assert Event.objects.filter(kind="delivery.sent").count() == 1


def test_neither_does_a_letter_to_somebody_made_up() -> None:
    outbox.queue_letter("reem@demo.majlis.invalid", "subject", "text")

    assert run_due() == 1

    assert Delivery.objects.get().state == State.SENT


def test_a_letter_to_somebody_real_waits_for_a_way_out() -> None:
    outbox.queue_letter("badr@majlis.test", "subject", "text")

    assert run_due() == 1

    assert Delivery.objects.get().state == State.HELD
