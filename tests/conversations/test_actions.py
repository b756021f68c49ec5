"""What happens to a conversation happens under its lock, in order, and is told in the thread."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from django.db import connection

from majlis.channels import opened
from majlis.conversations import queries
from majlis.conversations.actions.answering import answering
from majlis.conversations.actions.assign import assign
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close, reopen
from majlis.conversations.actions.note import add_note
from majlis.conversations.actions.reply import reply, withdraw
from majlis.conversations.actions.tag import names_in, tag, untag
from majlis.conversations.models import Conversation, Entry, Status
from majlis.journal.models import Event
from majlis.journal.queries import told_since
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Teammate
from tests import cast
from tests.polling import until


def answer(
    conversation: Conversation,
    teammate: Teammate,
    *,
    text: str = "وعليكم السلام، هو في الطريق.",
    seen_seq: int | None = None,
    submission_key: UUID | None = None,
    is_forced: bool = False,
) -> Entry:
    """A reply of somebody whose page stands where `conversation` was loaded."""
    seen = conversation.seq if seen_seq is None else seen_seq
    key = submission_key or uuid4()
    with answering(
        conversation.pk,
        teammate=teammate,
        mailbox_ids=people.mailbox_ids_visible_to(teammate),
        submission_key=key,
        seen_seq=seen,
    ) as held:
        return reply(
            held,
            teammate=teammate,
            text=text,
            html="",
            message_id=f"<{uuid4()}@majlis.test>",
            seen_seq=seen,
            submission_key=key,
            is_forced=is_forced,
        )


@pytest.fixture
def conversation() -> Conversation:
    cast.badr()
    cast.arrive(cast.letter("السلام عليكم"))
    return Conversation.objects.get()


@pytest.mark.django_db
class TestReplying:
    def test_a_reply_takes_the_conversation_and_waits_for_the_customer(
        self, conversation: Conversation
    ) -> None:
        badr = cast.badr()
        entry = answer(conversation, badr)
        conversation.refresh_from_db()
        assert conversation.assignee == badr
        assert conversation.status == Status.WAITING
        assert conversation.waiting_since is None
        assert entry.seq < conversation.seq
        assert queries.counters_off() == []
        assert queries.folder_counts(badr).mine == 1

    def test_lesson_12_a_reply_is_refused_when_something_newer_was_not_seen(
        self, conversation: Conversation
    ) -> None:
        with changing(conversation.pk) as change:
            add_note(change, teammate=cast.salma(), text="wait", submission_key=uuid4())
        with pytest.raises(Refused) as refused:
            answer(conversation, cast.badr())
        assert refused.value.code == "newer_entry"
        assert Entry.objects.filter(kind="reply").count() == 0
        assert answer(conversation, cast.badr(), is_forced=True).pk

    def test_ones_own_note_is_no_reason_to_refuse(self, conversation: Conversation) -> None:
        with changing(conversation.pk) as change:
            add_note(change, teammate=cast.badr(), text="mine", submission_key=uuid4())
        assert answer(conversation, cast.badr()).pk

    def test_lesson_6_the_same_submission_is_one_reply(self, conversation: Conversation) -> None:
        key = uuid4()
        first = answer(conversation, cast.badr(), submission_key=key)
        with pytest.raises(Refused) as refused:
            answer(conversation, cast.badr(), submission_key=key)
        assert refused.value.code == "already_posted"
        assert refused.value.data["entry_id"] == first.pk

    def test_a_withdrawn_reply_leaves_the_customer_waiting_again(self, conversation: Conversation) -> None:
        since = conversation.waiting_since
        entry = answer(conversation, cast.badr())
        with changing(conversation.pk) as change:
            withdraw(change, entry)
        conversation.refresh_from_db()
        assert conversation.waiting_since == since
        assert conversation.status == Status.IN_PROGRESS
        assert entry not in opened.entries(conversation.pk)
        assert entry in opened.entries(conversation.pk, seq=entry.seq)  # told to pages that show it

    def test_an_empty_reply_is_refused(self, conversation: Conversation) -> None:
        with pytest.raises(Refused):
            answer(conversation, cast.badr(), text=" \n ")


@pytest.mark.django_db
class TestChanging:
    def test_every_change_is_an_event_in_order(self, conversation: Conversation) -> None:
        badr = cast.badr()
        with changing(conversation.pk) as change:
            assign(change, badr, by=badr)
            tag(change, "استرداد، عاجل", teammate=badr)
            close(change, teammate=badr)
        told = [event.kind for event in told_since(conversation.pk, 0)]
        assert told == ["assigned", "tagged", "tagged", "status.changed"]
        seqs = list(Event.objects.filter(conversation_id=conversation.pk).values_list("seq", flat=True))
        assert len(seqs) == len(set(seqs))

    def test_closing_moves_the_counters_and_reopening_moves_them_back(
        self, conversation: Conversation
    ) -> None:
        badr = cast.badr()
        with changing(conversation.pk) as change:
            close(change, teammate=badr)
        counts = queries.folder_counts(badr)
        assert (counts.unassigned, counts.all, counts.closed) == (0, 0, 1)
        with changing(conversation.pk) as change:
            reopen(change, teammate=badr)
        counts = queries.folder_counts(badr)
        assert (counts.unassigned, counts.all, counts.closed) == (1, 1, 0)
        assert queries.counters_off() == []

    def test_nobody_is_assigned_who_may_not_see_the_mailbox(self, conversation: Conversation) -> None:
        with pytest.raises(Refused) as refused, changing(conversation.pk) as change:
            assign(change, cast.noura(), by=cast.salma())
        assert refused.value.code == "no_access"

    def test_tags_accept_both_commas_and_go_away_again(self, conversation: Conversation) -> None:
        assert names_in("a, ب،  c  d ,a") == ["a", "ب", "c d"]
        with changing(conversation.pk) as change:
            (put,) = tag(change, "refund", teammate=cast.badr())
            assert tag(change, "Refund", teammate=cast.badr()) == []
            assert untag(change, put.pk, teammate=cast.badr())
        assert queries.tags_of(conversation) == []

    def test_a_refused_change_leaves_nothing(self, conversation: Conversation) -> None:
        before = conversation.seq
        with pytest.raises(Refused), changing(conversation.pk) as change:
            close(change, teammate=cast.badr())
            raise Refused("no")
        conversation.refresh_from_db()
        assert (conversation.seq, conversation.status) == (before, Status.OPEN)


@pytest.mark.django_db(transaction=True)
def test_lesson_12_what_was_written_while_a_reply_waited_for_the_lock_is_seen() -> None:
    badr, salma = cast.badr(), cast.salma()
    cast.arrive(cast.letter("السلام عليكم"))
    conversation = Conversation.objects.get()
    codes: list[str] = []

    def late() -> None:
        try:
            answer(conversation, badr)
        except Refused as refused:
            codes.append(refused.code)
        finally:
            connection.close()

    def is_waiting() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where not granted")
            return bool(cursor.fetchone()[0])

    with changing(conversation.pk) as change:
        thread = threading.Thread(target=late)
        thread.start()
        until(is_waiting, "the late reply stands before the lock")
        add_note(change, teammate=salma, text="انتظر", submission_key=uuid4())
    thread.join(30)
    assert codes == ["newer_entry"]


@pytest.mark.django_db(transaction=True)
def test_changes_at_the_same_moment_take_numbers_one_after_the_other() -> None:
    badr = cast.badr()
    cast.arrive(cast.letter("hello"))
    conversation = Conversation.objects.get()

    def notes() -> None:
        try:
            for _ in range(5):
                with changing(conversation.pk) as change:
                    add_note(change, teammate=badr, text="note", submission_key=uuid4())
        finally:
            connection.close()

    threads = [threading.Thread(target=notes) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seqs = list(Entry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, 22))


@pytest.mark.django_db
class TestLesson17:
    """Nobody sees a mailbox they have no right to."""

    def test_what_is_not_visible_is_in_no_query(self, conversation: Conversation) -> None:
        noura = cast.noura()
        assert not queries.visible_to(noura).exists()
        assert not queries.entries_visible_to(noura).exists()
        assert not queries.attachments_visible_to(noura).exists()
        assert queries.folder_counts(noura).all == 0

    def test_an_owner_sees_everything(self, conversation: Conversation) -> None:
        assert queries.visible_to(cast.salma()).count() == 1
