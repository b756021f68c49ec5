"""Spam, trash, and how a conversation was closed: told in the thread, taken back, and gone for good in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from majlis.channels.actions.throw_out import throw_out
from majlis.channels.models import RawMessage
from majlis.conversations import queries
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close, reopen
from majlis.conversations.actions.merge import merge
from majlis.conversations.actions.spam import clear_spam, mark_spam
from majlis.conversations.actions.trash import KEPT, overdue, restore, trash
from majlis.conversations.models import ClosedAs, Conversation, Entry, Shelf, Status
from majlis.files.models import File
from majlis.files.sweeping import remove_unowned
from majlis.flow import clock
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from tests import cast

from .test_actions import answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation() -> Conversation:
    cast.badr()
    cast.arrive(cast.letter("السلام عليكم", headers={"Message-ID": "<first@customers.test>"}))
    return Conversation.objects.get()


def mark(conversation: Conversation, reason: str = "advertising") -> None:
    with changing(conversation.pk) as change:
        mark_spam(change, reason, teammate=cast.badr())
    conversation.refresh_from_db()


def throw(conversation: Conversation) -> None:
    with changing(conversation.pk) as change:
        trash(change, teammate=cast.badr())
    conversation.refresh_from_db()


class TestSpam:
    def test_it_lies_among_the_spam_with_its_reason_and_waits_for_nobody(
        self, conversation: Conversation
    ) -> None:
        mark(conversation, "  يبيع   ساعات ")
        assert conversation.shelf == Shelf.SPAM
        assert conversation.spam_reason == "يبيع ساعات"
        assert conversation.waiting_since is None
        assert queries.folder_counts(cast.badr()).spam == 1
        assert queries.counters_off() == []

    def test_taken_out_its_customer_waits_as_before(self, conversation: Conversation) -> None:
        waiting_since = conversation.waiting_since
        mark(conversation)
        with changing(conversation.pk) as change:
            assert clear_spam(change, teammate=cast.badr())
        conversation.refresh_from_db()
        assert conversation.shelf == Shelf.DESK
        assert conversation.waiting_since == waiting_since
        assert conversation.spam_reason == ""

    def test_a_teammates_reply_takes_it_out(self, conversation: Conversation) -> None:
        mark(conversation)
        answer(conversation, cast.badr())
        conversation.refresh_from_db()
        assert conversation.shelf == Shelf.DESK
        assert Event.objects.filter(kind="spam.cleared").count() == 1

    def test_what_comes_after_stays_there_and_nobody_waits(self, conversation: Conversation) -> None:
        mark(conversation)
        cast.arrive(cast.letter("اشترِ الآن", headers={"In-Reply-To": "<first@customers.test>"}))
        conversation.refresh_from_db()
        assert Entry.objects.count() == 2
        assert conversation.shelf == Shelf.SPAM
        assert conversation.waiting_since is None


class TestClosing:
    def test_how_it_was_closed_stands_on_it_until_it_opens(self, conversation: Conversation) -> None:
        with changing(conversation.pk) as change:
            close(change, teammate=cast.badr(), closed_as=ClosedAs.NOT_FOR_US, note="sales@majlis.test")
        conversation.refresh_from_db()
        assert (conversation.closed_as, conversation.closed_note) == ("not_for_us", "sales@majlis.test")
        event = Event.objects.filter(kind="status.changed").latest("pk")
        assert event.data == {
            "before": "open",
            "after": "closed",
            "as": "not_for_us",
            "note": "sales@majlis.test",
        }
        with changing(conversation.pk) as change:
            reopen(change, teammate=cast.badr())
        conversation.refresh_from_db()
        assert (conversation.closed_as, conversation.closed_note) == ("", "")

    def test_a_customer_who_writes_again_clears_it_too(self, conversation: Conversation) -> None:
        with changing(conversation.pk) as change:
            close(change, teammate=cast.badr(), closed_as=ClosedAs.NO_REPLY)
        cast.arrive(cast.letter("بقي سؤال", headers={"In-Reply-To": "<first@customers.test>"}))
        conversation.refresh_from_db()
        assert (conversation.status, conversation.closed_as) == (Status.OPEN, "")

    def test_a_kind_that_does_not_exist_is_refused(self, conversation: Conversation) -> None:
        with pytest.raises(Refused, match="no_such_kind"), changing(conversation.pk) as change:
            close(change, teammate=cast.badr(), closed_as="whatever")


class TestTrash:
    def test_it_can_be_brought_back(self, conversation: Conversation) -> None:
        throw(conversation)
        assert conversation.shelf == Shelf.TRASH
        assert queries.counters_off() == []
        with changing(conversation.pk) as change:
            assert restore(change, teammate=cast.badr())
        conversation.refresh_from_db()
        assert conversation.shelf == Shelf.DESK
        assert queries.counters_off() == []

    def test_a_customer_who_writes_again_is_not_lost_in_it(self, conversation: Conversation) -> None:
        throw(conversation)
        cast.arrive(cast.letter("هل من جديد؟", headers={"In-Reply-To": "<first@customers.test>"}))
        conversation.refresh_from_db()
        assert conversation.shelf == Shelf.DESK

    def test_the_clock_empties_it_after_its_time_and_nothing_of_what_was_said_stays(
        self, conversation: Conversation
    ) -> None:
        with changing(conversation.pk) as change:
            close(change, teammate=cast.badr(), closed_as=ClosedAs.NOT_FOR_US, note="a secret")
        throw(conversation)
        assert overdue() == []
        clock.tick()
        assert Conversation.objects.count() == 1

        Conversation.objects.update(deleted_at=timezone.now() - KEPT - timedelta(minutes=1))
        clock.tick()
        assert not Conversation.objects.exists()
        assert not Entry.objects.exists()
        assert not RawMessage.objects.exists()
        assert queries.counters_off() == []
        (event,) = Event.objects.filter(mailbox_id=conversation.mailbox_id).exclude(kind="mailbox.made")
        assert (event.kind, event.data) == ("conversation.removed", {"number": conversation.pk})
        remove_unowned(older_than=timedelta(0))
        assert not File.objects.exists()

    def test_only_an_admin_deletes_at_once_and_only_from_the_trash(self, conversation: Conversation) -> None:
        with pytest.raises(Refused, match="not_in_trash"):
            throw_out(conversation.pk, teammate=cast.salma())
        throw(conversation)
        with pytest.raises(Refused, match="not_allowed"):
            throw_out(conversation.pk, teammate=cast.badr())
        assert RawMessage.objects.count() == 1
        assert throw_out(conversation.pk, teammate=cast.salma())
        assert not Conversation.objects.exists()

    def test_what_was_merged_into_it_goes_with_it(self, conversation: Conversation) -> None:
        salma = cast.salma()
        cast.arrive(cast.letter("another", subject="another"))
        other = Conversation.objects.exclude(pk=conversation.pk).get()
        merge(other.pk, conversation.pk, teammate=salma, mailbox_ids=[conversation.mailbox_id])
        throw(conversation)
        throw_out(conversation.pk, teammate=salma)
        assert not Conversation.objects.exists()
        assert queries.counters_off() == []
