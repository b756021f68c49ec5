"""Support by mail may be for some customers alone: the others' mail comes in as ever, and they learn it once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from majlis.channels import acknowledging
from majlis.channels.actions.rules import Said, set_rule
from majlis.channels.models import AutomaticMail, MailConnection
from majlis.channels.rule_models import ChannelRule
from majlis.channels.showing import Ask, Condition
from majlis.conversations.models import Conversation, Entry, EntryKind, Status
from majlis.flow.reactions import react_pending
from majlis.lib.errors import Refused
from majlis.people.models import Customer
from tests import cast

pytestmark = pytest.mark.django_db
GOLD = Condition(Ask.PLAN_IS, ("gold", "ذهبي"))
WORDS = {"ar": "أهلًا {name}، البريد لباقة ذهبي.", "en": "Support by mail is part of Gold. {answer}"}


@pytest.fixture(autouse=True)
def by_mail() -> None:
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="localhost", smtp_port=9)


def only_for_gold(texts: dict[str, str] | None = None) -> None:
    set_rule(cast.salma(), cast.support(), Said(conditions=[GOLD], texts=WORDS if texts is None else texts))


def wrote(text: str = "أين طلبي؟ أنتظره منذ أيام", **more: Any) -> Sequence[str]:
    """A mail comes in and all that follows of it is done; what we said by ourselves, so far."""
    cast.arrive(cast.letter(text, **more))
    react_pending()
    return list(Entry.objects.filter(kind=EntryKind.AUTO).order_by("pk").values_list("text", flat=True))


def test_whom_it_is_not_for_is_told_so_in_the_teams_words_and_their_mail_is_there():
    only_for_gold()
    assert wrote() == ["أهلًا ليلى، البريد لباقة ذهبي."]
    assert wrote("Where is my order?", sender=cast.OMAR, name="Omar", subject="My order")[1:] == [
        "Support by mail is part of Gold."
    ]
    assert Conversation.objects.filter(status=Status.OPEN).count() == 2


def test_it_is_told_once_in_a_thread_instead_of_the_acknowledgement():
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts={"ar": "وصلت.", "en": "Arrived."})
    only_for_gold()
    first = cast.letter("أين طلبي؟", headers={"Message-ID": "<1@customers.test>"})
    cast.arrive(first)
    said = wrote("ما زلت أنتظر", headers={"In-Reply-To": "<1@customers.test>"})
    assert Conversation.objects.count() == 1
    assert said == ["أهلًا ليلى، البريد لباقة ذهبي."]


def test_whom_it_is_for_is_acknowledged_as_ever():
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts={"ar": "وصلت.", "en": "Arrived."})
    only_for_gold()
    wrote()
    Customer.objects.update(plan="Gold")
    AutomaticMail.objects.all().delete()  # a day later
    assert wrote("سؤال آخر عن شيء آخر", subject="سؤال آخر")[1:] == ["وصلت."]


def test_without_words_nothing_is_said_and_the_page_says_why():
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts={"ar": "وصلت.", "en": "Arrived."})
    only_for_gold({})
    assert wrote() == []
    assert AutomaticMail.objects.get().refused == "not_covered"


def test_the_gate_is_asked_as_for_an_acknowledgement():
    only_for_gold()
    assert wrote(headers={"Auto-Submitted": "auto-replied"}) == []
    assert len(wrote(subject="الأول")) == 1
    assert len(wrote(subject="الثاني وفيه غيره")) == 1
    assert set(AutomaticMail.objects.values_list("refused", flat=True)) == {"automatic", "", "today"}


def test_a_mailbox_has_no_pages_and_nobody_signs_in_to_write_a_mail():
    for ask in (Ask.KNOWN, Ask.UNKNOWN):
        with pytest.raises(Refused, match="no_such_choice"):
            set_rule(cast.salma(), cast.support(), Said(conditions=[Condition(ask)]))
    with pytest.raises(Refused, match="unknown_placeholder"):
        set_rule(cast.salma(), cast.support(), Said(texts={"ar": "{surname}"}))
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelRule.objects.create(mailbox=cast.support(), shown_on=["/x"])
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelRule.objects.create(conditions=[])
