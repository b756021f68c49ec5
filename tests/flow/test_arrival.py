"""A mail that came in becomes part of the right conversation, once."""

from __future__ import annotations

import pytest

from majlis.channels.email import parsing
from majlis.channels.models import RawMessage
from majlis.conversations import queries
from majlis.conversations.models import Conversation, Entry, Status
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_mail_opens_a_conversation() -> None:
    cast.badr()
    raw_id = cast.arrive(cast.letter("السلام عليكم، لم يصلني الطلب.", headers={"Message-ID": "<a1@x.test>"}))

    conversation = Conversation.objects.get()
    entry = Entry.objects.get()
    assert (conversation.subject, conversation.status) == ("أين طلبي؟", Status.OPEN)
    assert conversation.customer.name == "ليلى"
    assert entry.text.strip() == "السلام عليكم، لم يصلني الطلب."
    assert entry.message_id == "<a1@x.test>"
    assert conversation.waiting_since is not None
    raw = RawMessage.objects.get(pk=raw_id)
    assert raw.taken_in_at is not None
    assert raw.entry_id == entry.pk
    assert queries.folder_counts(cast.badr()).unassigned == 1
    assert queries.counters_off() == []


def test_an_answer_by_in_reply_to_joins() -> None:
    cast.arrive(cast.letter("first", headers={"Message-ID": "<a1@x.test>"}))
    cast.arrive(cast.letter("second", headers={"Message-ID": "<a2@x.test>", "In-Reply-To": "<a1@x.test>"}))
    assert Conversation.objects.count() == 1
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_a_parent_that_arrives_later_joins_the_conversation_that_refers_to_it() -> None:
    cast.arrive(cast.letter("child", headers={"Message-ID": "<b2@x.test>", "References": "<b1@x.test>"}))
    cast.arrive(cast.letter("parent", headers={"Message-ID": "<b1@x.test>"}))
    assert Conversation.objects.count() == 1


def test_lesson_2_a_stranger_who_quotes_an_id_is_not_merged() -> None:
    cast.arrive(cast.letter("mine", headers={"Message-ID": "<a1@x.test>"}))
    cast.arrive(
        cast.letter(
            "not mine",
            sender="stranger@elsewhere.test",
            headers={"Message-ID": "<s1@x.test>", "In-Reply-To": "<a1@x.test>"},
        )
    )
    first, second = Conversation.objects.order_by("pk")
    assert second.maybe_same_as == first
    assert second.customer != first.customer


def test_lesson_2_a_subject_alone_never_joins() -> None:
    cast.arrive(cast.letter("one", subject="Re: [#1] order 5", headers={"Message-ID": "<c1@x.test>"}))
    cast.arrive(cast.letter("two", subject="Re: [#1] order 5", headers={"Message-ID": "<c2@x.test>"}))
    assert Conversation.objects.count() == 2


def test_lesson_5_the_same_mail_twice_is_one_entry() -> None:
    letter = cast.letter("once", headers={"Message-ID": "<d1@x.test>"})
    cast.arrive(letter)
    cast.arrive(b"Received: from elsewhere by here; Mon, 2 Nov 2026 10:00:00 +0000\r\n" + letter)
    assert Entry.objects.count() == 1
    assert RawMessage.objects.filter(entry=Entry.objects.get()).count() == 2


def test_lesson_5_the_same_id_with_other_content_is_kept_and_marked() -> None:
    cast.arrive(cast.letter("scan one", headers={"Message-ID": "<printer@x.test>"}))
    cast.arrive(cast.letter("scan two", headers={"Message-ID": "<printer@x.test>"}))
    assert [entry.is_same_id for entry in Entry.objects.order_by("pk")] == [False, True]


def test_lesson_5_a_mail_to_two_mailboxes_is_two_linked_conversations() -> None:
    letter = cast.letter("to both", headers={"Message-ID": "<e1@x.test>"})
    salma = cast.salma()
    cast.arrive(letter, mailbox=cast.support())
    cast.arrive(letter, mailbox=cast.sales())
    first, second = Conversation.objects.order_by("pk")
    assert queries.linked(salma, first) == [second]
    assert queries.linked(cast.badr(), first) == []


def test_lesson_4_a_broken_mail_stands_in_quarantine_and_blocks_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = parsing.parse

    def breaks(content: bytes) -> object:
        if b"poison" in content:
            raise RuntimeError("no parser reads this")
        return real(content)

    monkeypatch.setattr(parsing, "parse", breaks)
    raw_id = cast.arrive(cast.letter("poison"))
    cast.arrive(cast.letter("healthy"))
    raw = RawMessage.objects.get(pk=raw_id)
    assert raw.quarantined_at is not None
    assert raw.error == "RuntimeError: no parser reads this"
    assert Entry.objects.get().text.strip() == "healthy"


def test_automatic_mail_is_marked_and_keeps_nobody_waiting() -> None:
    cast.arrive(cast.letter("I am away", headers={"Auto-Submitted": "auto-replied"}))
    assert Entry.objects.get().automatic == "auto-reply"
    assert Conversation.objects.get().waiting_since is None


def test_historic_mail_is_marked_and_rests_closed() -> None:
    cast.arrive(cast.letter("long ago"), is_historic=True)
    conversation = Conversation.objects.get()
    assert conversation.is_historic
    assert conversation.status == Status.CLOSED
    assert Entry.objects.get().is_historic


def test_a_new_message_reopens_a_closed_conversation() -> None:
    cast.arrive(cast.letter("first", headers={"Message-ID": "<f1@x.test>"}))
    Conversation.objects.update(status=Status.CLOSED)
    cast.arrive(cast.letter("again", headers={"In-Reply-To": "<f1@x.test>"}))
    assert Conversation.objects.get().status == Status.OPEN
