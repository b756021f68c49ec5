"""A token in Reply-To stands only where a letter to name+anything@ came back; then it brings answers home."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from majlis.channels import plus, queries
from majlis.channels.email import building, parsing
from majlis.channels.models import Delivery, MailOptions, Plus, RawMessage
from majlis.conversations.models import Conversation, Entry
from majlis.people.models import Mailbox
from tests import cast
from tests.channels import mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def support() -> Mailbox:
    return cast.support()


def tried(support: Mailbox) -> Delivery:
    plus.ask(cast.salma(), support)
    return Delivery.objects.get(entry=None)


def standing(support: Mailbox) -> Plus:
    return plus.standing(support, MailOptions.objects.filter(mailbox=support).first())


def works(support: Mailbox) -> None:
    to = str((tried(support).letter or {})["to"])
    cast.arrive(cast.letter("trial", sender=cast.SUPPORT, to=to))


def built(to: Conversation) -> tuple[bytes, parsing.ParsedMail]:
    mailing.reply(cast.salma(), to)
    delivery = Delivery.objects.filter(entry__isnull=False).latest("pk")
    raw = building.build(queries.outgoing(delivery, ("سلمى", cast.SUPPORT)))
    return raw, parsing.parse(raw)


def test_the_letter_that_comes_back_is_nobodys_message(support: Mailbox) -> None:
    assert standing(support) == Plus.UNTRIED
    works(support)
    assert standing(support) == Plus.WORKS
    assert not Entry.objects.exists()
    assert RawMessage.objects.get().taken_in_at is not None


def test_a_letter_to_another_trial_proves_nothing(support: Mailbox) -> None:
    tried(support)
    cast.arrive(cast.letter("x", to="support+mt-0123456789abcdef@majlis.test"))
    assert standing(support) == Plus.ASKED
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("state", ["failed", "held"])
def test_a_letter_that_was_refused_says_that_it_does_not_work(support: Mailbox, state: str) -> None:
    Delivery.objects.filter(pk=tried(support).pk).update(state=state)
    assert standing(support) == Plus.FAILS


def test_a_letter_that_is_missing_for_an_hour_too(support: Mailbox) -> None:
    tried(support)
    MailOptions.objects.update(plus_at=timezone.now() - timedelta(minutes=59))
    assert standing(support) == Plus.ASKED
    MailOptions.objects.update(plus_at=timezone.now() - timedelta(minutes=61))
    assert standing(support) == Plus.FAILS


def test_without_a_proof_no_token_stands_in_reply_to(support: Mailbox) -> None:
    cast.arrive(cast.letter("أين طلبي؟"))
    assert built(Conversation.objects.get())[1].reply_to == ()


def test_lesson_1_an_answer_whose_headers_were_lost_comes_home_by_its_address(support: Mailbox) -> None:
    works(support)
    cast.arrive(cast.letter("أين طلبي؟"))
    conversation = Conversation.objects.get()
    mail = built(conversation)[1]
    (there,) = mail.reply_to
    assert there.name == "سلمى"
    assert there.address.startswith("support+mj-")
    assert len(there.address.partition("@")[0]) <= 64

    cast.arrive(cast.letter("شكرًا", subject="without a header", to=f"Majlis <{there.address.upper()}>"))
    cast.arrive(
        cast.letter("from a colleague", sender="omar@customers.test", subject="new", to=there.address)
    )
    assert Conversation.objects.count() == 1
    assert conversation.participants.filter(address__contains="+mj-").count() == 0
    assert Entry.objects.filter(text__contains="colleague", is_new_participant=True).count() == 1


def test_a_forged_token_behind_the_plus_joins_nothing(support: Mailbox) -> None:
    works(support)
    cast.arrive(cast.letter("أين طلبي؟"))
    there = built(Conversation.objects.get())[1].reply_to[0].address
    forged = there.replace("+mj-", "+mj-1")
    cast.arrive(cast.letter("x", sender="omar@customers.test", subject="new", to=forged))
    assert Conversation.objects.count() == 2


def test_it_can_be_switched_off(support: Mailbox) -> None:
    works(support)
    MailOptions.objects.update(has_reply_token=False)
    cast.arrive(cast.letter("أين طلبي؟"))
    assert built(Conversation.objects.get())[1].reply_to == ()


def test_a_long_name_leaves_no_room_for_a_token(support: Mailbox) -> None:
    works(support)
    support.address = f"{'a' * 30}@majlis.test"
    assert plus.reply_address(support, f"<mj-1-1-{'a' * 16}@x>") != ""
    support.address = f"{'a' * 50}@majlis.test"
    assert plus.reply_address(support, f"<mj-1-1-{'a' * 16}@x>") == ""
