"""Further addresses of a mailbox: mail to them arrives, they never take part, and they answer where they may."""

from __future__ import annotations

import pytest

from majlis.channels import queries
from majlis.channels.models import Delivery
from majlis.channels.queries import outgoing
from majlis.conversations.actions.answering import recipients_of
from majlis.conversations.models import Conversation, Entry
from majlis.lib.errors import Refused
from majlis.lib.own import Own, plain
from majlis.people.actions import aliases, mailboxes
from majlis.people.models import MailboxAlias
from majlis.people.queries import mailbox_at, own_addresses
from tests import cast
from tests.channels import mailing

pytestmark = pytest.mark.django_db

HELP = "help@majlis.test"


def test_an_address_leads_to_its_mailbox_in_any_case_and_with_anything_behind_a_plus() -> None:
    support = cast.support()
    aliases.add(cast.salma(), support, " Help@Majlis.test ")
    for address in (HELP, "HELP@majlis.TEST", "help+shop@majlis.test", "support+x+y@majlis.test"):
        assert mailbox_at(address) == support.pk
    assert mailbox_at("nobody@majlis.test") is None
    assert mailbox_at("help") is None


def test_an_address_belongs_to_one_mailbox() -> None:
    salma, support, sales = cast.salma(), cast.support(), cast.sales()
    aliases.add(salma, support, HELP)
    for taken in (HELP, sales.address, support.address.upper()):
        with pytest.raises(Refused) as refused:
            aliases.add(salma, sales, taken)
        assert refused.value.code == "address_taken"
    with pytest.raises(Refused) as refused:
        mailboxes.create(salma, name="x", address="HELP@majlis.test")
    assert refused.value.code == "address_taken"
    with pytest.raises(Refused) as refused:
        mailboxes.change(salma, sales, name="x", address=HELP, teammate_ids=[])
    assert refused.value.code == "address_taken"
    mailboxes.change(salma, support, name="x", address=support.address, teammate_ids=[])


def test_only_who_administers_may_and_only_addresses() -> None:
    with pytest.raises(Refused) as refused:
        aliases.add(cast.badr(), cast.support(), HELP)
    assert refused.value.code == "not_allowed"
    with pytest.raises(Refused) as refused:
        aliases.add(cast.salma(), cast.support(), "not an address")
    assert refused.value.code == "bad_address"


def test_our_own_addresses_never_take_part() -> None:
    aliases.add(cast.salma(), cast.support(), HELP)
    others = f"{HELP}, Support+mj-1@majlis.test, omar@customers.test"
    cast.arrive(cast.letter("أين طلبي؟", to=others))
    conversation = Conversation.objects.get()
    assert set(conversation.participants.values_list("address", flat=True)) == {
        cast.LAYLA,
        "omar@customers.test",
    }
    assert recipients_of(conversation.pk) == ([cast.LAYLA], ["omar@customers.test"])


def test_mail_from_a_further_address_is_our_own() -> None:
    aliases.add(cast.salma(), cast.support(), HELP)
    cast.arrive(cast.letter("x", sender=HELP))
    assert Entry.objects.get().automatic == "own"


@pytest.mark.parametrize(
    ("to", "may", "expected"),
    [
        (HELP, True, HELP),
        (HELP, False, cast.SUPPORT),
        (f"{cast.SUPPORT}, {HELP}", True, cast.SUPPORT),
        (f"other@shop.test, Help@majlis.test, {cast.SUPPORT}", True, HELP),
        ("list@shop.test", True, cast.SUPPORT),
    ],
)
def test_the_address_that_was_written_to_answers(to: str, may: bool, expected: str) -> None:
    salma = cast.salma()
    alias = aliases.add(salma, cast.support(), HELP)
    aliases.change(salma, alias, is_answered_from=may)
    cast.arrive(cast.letter("أين طلبي؟", to=to))
    mailing.reply(salma, Conversation.objects.get())
    delivery = Delivery.objects.select_related("entry__mailbox").get()
    name = "سلمى"
    assert outgoing(delivery, (name, cast.SUPPORT)).sender == (name, expected)
    assert queries.outgoing(delivery, (name, cast.SUPPORT)).reply_to == ""


def test_what_is_removed_is_ours_no_more() -> None:
    salma = cast.salma()
    aliases.remove(salma, aliases.add(salma, cast.support(), HELP))
    assert mailbox_at(HELP) is None
    assert HELP not in own_addresses()
    assert not MailboxAlias.objects.exists()


def test_the_set_of_own_addresses() -> None:
    own = Own(["Support@Majlis.test"])
    assert "support@majlis.test" in own
    assert "SUPPORT+x@majlis.test" in own
    assert "support@majlis.test.evil" not in own
    assert "+x@majlis.test" not in own
    assert None not in own
    assert plain("+only@x.test") == "+only@x.test"
    assert plain("A+b@X.test") == "a@x.test"
