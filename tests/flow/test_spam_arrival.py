"""Mail of the blocked, and mail the server before us had marked, lands in spam and says why."""

from __future__ import annotations

import pytest

from majlis.conversations import queries
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close
from majlis.conversations.models import Conversation, Shelf
from majlis.lib.errors import Refused
from majlis.people.actions.block import block, unblock
from majlis.people.models import Block
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value", "is_spam"),
    [
        ("X-Spam-Flag", "YES", True),
        ("X-Spam-Status", "Yes, score=9.1 required=5.0", True),
        ("X-Spam", "Yes", True),
        ("X-Spam-Flag", "NO", False),
        ("X-Spam-Status", "No, score=-0.1", False),
    ],
)
def test_the_mail_servers_mark_counts(name: str, value: str, is_spam: bool) -> None:
    cast.arrive(cast.letter("اشترِ الآن", headers={name: value}))
    conversation = Conversation.objects.get()
    assert conversation.is_spam is is_spam
    assert conversation.spam_reason == ("mail_server" if is_spam else "")
    assert conversation.shelf == (Shelf.SPAM if is_spam else Shelf.DESK)
    assert (conversation.waiting_since is None) is is_spam
    assert queries.counters_off() == []


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (cast.LAYLA, "blocked_address"),
        (cast.LAYLA.upper(), "blocked_address"),
        ("@customers.test", "blocked_domain"),
        ("customers.test", "blocked_domain"),
    ],
)
def test_mail_of_the_blocked_lands_in_spam_until_they_are_unblocked(typed: str, reason: str) -> None:
    salma = cast.salma()
    found = block(salma, typed, reason="يرسل إعلانات")
    cast.arrive(cast.letter("one"))
    conversation = Conversation.objects.get()
    assert (conversation.shelf, conversation.spam_reason) == (Shelf.SPAM, reason)

    unblock(salma, found)
    cast.arrive(cast.letter("two", subject="two"))
    assert Conversation.objects.latest("pk").shelf == Shelf.DESK


def test_a_domain_covers_those_below_it_and_not_those_that_only_end_like_it() -> None:
    block(cast.salma(), "customers.test")
    cast.arrive(cast.letter("one", sender="omar@mail.customers.test"))
    cast.arrive(cast.letter("two", sender="omar@newcustomers.test", subject="two"))
    first, second = Conversation.objects.order_by("pk")
    assert (first.is_spam, second.is_spam) == (True, False)


def test_who_answers_go_to_does_not_hide_who_wrote() -> None:
    block(cast.salma(), cast.LAYLA)
    cast.arrive(cast.letter("one", headers={"Reply-To": "other@elsewhere.test"}))
    assert Conversation.objects.get().spam_reason == "blocked_address"


def test_a_blocked_customers_next_mail_takes_their_conversation_along() -> None:
    cast.arrive(cast.letter("one", headers={"Message-ID": "<first@customers.test>"}))
    number = Conversation.objects.get().pk
    with changing(number) as change:
        close(change, teammate=cast.salma())
    block(cast.salma(), cast.LAYLA)
    cast.arrive(cast.letter("two", headers={"In-Reply-To": "<first@customers.test>"}))
    conversation = Conversation.objects.get()
    assert conversation.shelf == Shelf.SPAM
    assert conversation.is_closed


def test_a_blocked_third_party_does_not_hide_another_customers_conversation() -> None:
    cast.arrive(cast.letter("one", headers={"Message-ID": "<first@customers.test>"}))
    cast.arrive(
        cast.letter("two", sender=cast.OMAR, name="Omar", headers={"In-Reply-To": "<first@customers.test>"})
    )
    block(cast.salma(), cast.OMAR)
    cast.arrive(
        cast.letter("three", sender=cast.OMAR, name="Omar", headers={"In-Reply-To": "<first@customers.test>"})
    )
    assert not Conversation.objects.order_by("pk")[0].is_spam


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (cast.SUPPORT, "own_address"),
        ("majlis.test", "own_domain"),
        ("@majlis.test", "own_domain"),
        ("test", "not_an_address"),
        ("no address", "not_an_address"),
        ("", "not_an_address"),
    ],
)
def test_ones_own_cannot_be_blocked(typed: str, code: str) -> None:
    cast.support()
    with pytest.raises(Refused, match=code):
        block(cast.salma(), typed)
    assert not Block.objects.exists()


def test_blocking_twice_is_blocking_once_and_only_admins_or_who_did_it_unblock() -> None:
    badr = cast.badr()
    found = block(badr, cast.LAYLA)
    assert block(cast.salma(), cast.LAYLA) == found
    with pytest.raises(Refused, match="not_allowed"):
        unblock(cast.noura(), found)
    unblock(badr, found)
    assert not Block.objects.exists()
