"""Two conversations become one, and two again, and mail goes on finding them."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.channels import opened, outbox
from majlis.channels.models import Delivery, State
from majlis.conversations import queries
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close
from majlis.conversations.actions.merge import merge
from majlis.conversations.actions.note import add_note
from majlis.conversations.actions.read import mark_read
from majlis.conversations.actions.tag import tag
from majlis.conversations.actions.unmerge import unmerge
from majlis.conversations.interleaving import interleave
from majlis.conversations.models import Conversation, Draft, Entry, Merge, MessageId, Participant, ReadMark
from majlis.journal.queries import told_since
from majlis.lib.errors import Refused
from majlis.lib.numbers import ascii_digits
from majlis.people import queries as people
from majlis.people.models import Teammate
from tests import cast

pytestmark = pytest.mark.django_db


def put(number: int, into: int, *, by: Teammate | None = None) -> Merge:
    who = by or cast.salma()
    return merge(number, into, teammate=who, mailbox_ids=people.mailbox_ids_visible_to(who))


def take_out(found: Merge, *, by: Teammate | None = None) -> Merge:
    who = by or cast.salma()
    return unmerge(found.pk, teammate=who, mailbox_ids=people.mailbox_ids_visible_to(who))


def write(text: str, named: str, *, answers: str = "", **more: str) -> None:
    headers = {"Message-ID": f"<{named}@x.test>"}
    if answers:
        headers["In-Reply-To"] = answers
    cast.arrive(cast.letter(text, headers=headers, **more))


def said(conversation: Conversation) -> list[str]:
    return [entry.text.strip() for entry in opened.entries(conversation.pk)]


@pytest.fixture
def two() -> tuple[Conversation, Conversation]:
    """The first and the second letter of Layla, each a conversation."""
    cast.badr()
    write("one", "a1")
    write("two", "b1", subject="فاتورة")
    first, second = Conversation.objects.order_by("pk")
    return first, second


def standing(conversation: Conversation) -> dict[str, object]:
    """All there is of a conversation but for its seq and the lines that tell of merging."""
    conversation.refresh_from_db()
    return {
        "columns": {
            field.attname: getattr(conversation, field.attname)
            for field in Conversation._meta.concrete_fields
            if field.attname != "seq"
        },
        "entries": list(
            Entry.objects.filter(conversation=conversation).order_by("seq").values_list("pk", "seq", "text")
        ),
        "ids": sorted(MessageId.objects.filter(conversation=conversation).values_list("value", flat=True)),
        "who": sorted(
            Participant.objects.filter(conversation=conversation).values_list("address", "is_customer")
        ),
        "tags": [found.name for found in queries.tags_of(conversation)],
        "told": [event.kind for event in told_since(conversation.pk) if "merged" not in event.kind],
    }


class TestMerging:
    def test_what_was_said_stands_in_the_target_and_the_merged_one_in_no_folder(
        self, two: tuple[Conversation, Conversation]
    ) -> None:
        first, second = two
        with changing(second.pk) as change:
            tag(change, "عاجل", teammate=cast.badr())
        put(second.pk, first.pk)
        assert said(first) == ["one", "two"]
        assert [found.name for found in queries.tags_of(first)] == ["عاجل"]
        assert [event.kind for event in told_since(first.pk)] == ["tagged", "merged"]
        second.refresh_from_db()
        assert (second.shelf, second.merged_into) == ("merged", first)
        counts = queries.folder_counts(cast.badr())
        assert (counts.all, counts.unassigned, counts.closed) == (1, 1, 0)
        assert queries.counters_off() == []

    def test_lines_stand_by_time_whichever_way_round_they_are_merged(
        self, two: tuple[Conversation, Conversation]
    ) -> None:
        first, second = two
        write("three", "a2", answers="<a1@x.test>")
        write("four", "b2", answers="<b1@x.test>")
        put(first.pk, second.pk)
        assert said(second) == ["one", "two", "three", "four"]
        second.refresh_from_db()
        assert second.message_seq == Entry.objects.get(text__startswith="four").seq
        assert second.snippet == "four"

    def test_a_page_that_stood_there_gets_every_line_anew(
        self, two: tuple[Conversation, Conversation]
    ) -> None:
        first, second = two
        page = Client()
        page.force_login(cast.badr())
        put(first.pk, second.pk)
        answer = page.get(f"/conversations/{second.pk}/entries?since={second.seq}").content.decode()
        assert "data-anew" in answer
        assert answer.index("one") < answer.index("two")
        gone = page.get(f"/conversations/{first.pk}/entries?since={first.seq}").content.decode()
        assert f'data-elsewhere="/conversations/{second.pk}"' in gone
        assert page.get(f"/conversations/{first.pk}")["Location"] == f"/conversations/{second.pk}"

    def test_whoever_had_read_both_has_read_the_whole_and_nobody_else(
        self, two: tuple[Conversation, Conversation]
    ) -> None:
        first, second = two
        badr, salma = cast.badr(), cast.salma()
        for one in two:
            mark_read(one.pk, teammate_id=badr.pk, seq=one.seq)
        reem = cast.teammate("reem@majlis.test", name="ريم", role="agent")
        mark_read(first.pk, teammate_id=reem.pk, seq=first.seq)
        put(second.pk, first.pk, by=salma)
        first.refresh_from_db()
        marks = dict(ReadMark.objects.filter(conversation=first).values_list("teammate_id", "seq"))
        assert marks[badr.pk] >= first.message_seq
        assert marks[reem.pk] < first.message_seq

    def test_what_was_being_written_goes_along(self, two: tuple[Conversation, Conversation]) -> None:
        first, second = two
        badr, salma = cast.badr(), cast.salma()
        now = timezone.now()
        for who, where, text in ((badr, first, "أ"), (badr, second, "ب"), (salma, second, "ج")):
            Draft.objects.create(teammate=who, conversation=where, text=text, updated_at=now)
        made = put(second.pk, first.pk)
        assert sorted(Draft.objects.filter(conversation=first).values_list("text", flat=True)) == [
            "أ\n\nب",
            "ج",
        ]
        take_out(made)
        assert Draft.objects.get(teammate=salma).conversation == second

    def test_somebody_who_waits_there_waits_here(self, two: tuple[Conversation, Conversation]) -> None:
        first, second = two
        with changing(first.pk) as change:
            close(change, teammate=cast.badr())
        put(second.pk, first.pk)
        first.refresh_from_db()
        second.refresh_from_db()
        assert first.status == "open"
        assert first.waiting_since == second.waiting_since
        assert queries.counters_off() == []


class TestUndoing:
    def test_everything_is_back_where_it_was(self, two: tuple[Conversation, Conversation]) -> None:
        first, second = two
        with changing(first.pk) as change:
            close(change, teammate=cast.badr())
        with changing(second.pk) as change:
            tag(change, "عاجل", teammate=cast.badr())
            add_note(change, teammate=cast.badr(), text="note", submission_key=uuid4())
        write("also", "b2", answers="<b1@x.test>", name="ليلى")
        before = standing(first), standing(second)
        take_out(put(second.pk, first.pk))
        after = standing(first), standing(second)
        assert after[1] == before[1]
        before[0]["told"] = [*before[0]["told"], "status.changed"]  # type: ignore[misc]
        assert after[0] == before[0]
        assert queries.counters_off() == []

    def test_what_came_later_stays_in_the_target(self, two: tuple[Conversation, Conversation]) -> None:
        first, second = two
        made = put(second.pk, first.pk)
        write("late", "b3", answers="<b1@x.test>")
        assert said(first) == ["one", "two", "late"]
        take_out(made)
        assert (said(first), said(second)) == (["one", "late"], ["two"])
        first.refresh_from_db()
        assert first.waiting_since is not None

    def test_it_may_be_merged_and_undone_again(self, two: tuple[Conversation, Conversation]) -> None:
        first, second = two
        take_out(put(second.pk, first.pk))
        made = put(second.pk, first.pk)
        assert said(first) == ["one", "two"]
        take_out(made)
        assert (said(first), said(second)) == (["one"], ["two"])

    def test_the_line_in_the_thread_offers_it_once(self, two: tuple[Conversation, Conversation]) -> None:
        first, second = two
        page = Client()
        page.force_login(cast.badr())
        answer = page.post(f"/conversations/{second.pk}/merges", {"into": first.pk})
        made = Merge.objects.get()
        assert f"/merges/{made.pk}" in answer["X-Majlis-Told"]
        assert f'hx-delete="/merges/{made.pk}"' in page.get(f"/conversations/{first.pk}").content.decode()
        assert page.delete(f"/merges/{made.pk}").status_code == 204
        assert f'hx-delete="/merges/{made.pk}"' not in page.get(f"/conversations/{first.pk}").content.decode()
        assert page.delete(f"/merges/{made.pk}")["X-Majlis-Refused"] == "merge_undone"


class TestMail:
    def test_lesson_16_later_replies_to_either_land_in_the_target(
        self, two: tuple[Conversation, Conversation]
    ) -> None:
        first, second = two
        badr = cast.badr()
        sent = outbox.send_reply(
            badr, second.pk, text="جواب", seen_seq=second.seq, submission_key=uuid4()
        ).entry
        put(second.pk, first.pk)
        write("by id", "b4", answers="<b1@x.test>")
        write("by token", "b5", answers=sent.message_id, sender="other@customers.test")
        assert said(first)[-2:] == ["by id", "by token"]
        assert Conversation.objects.count() == 2

    def test_a_reply_on_its_way_is_settled_where_it_stands_now(
        self, two: tuple[Conversation, Conversation]
    ) -> None:
        from majlis.channels.actions import settle

        first, second = two
        outbox.send_reply(cast.badr(), second.pk, text="جواب", seen_seq=second.seq, submission_key=uuid4())
        delivery = Delivery.objects.select_related("entry").get()  # as the sender has it in hand
        put(second.pk, first.pk)
        first.refresh_from_db()
        assert settle.move(Delivery.objects.all(), delivery, "delivery.sent", state=State.SENT)
        (entry,) = opened.entries(first.pk, seq=first.seq)
        assert entry.delivery.state == State.SENT

    def test_across_mailboxes_mail_to_the_old_address_lands_in_the_target_and_once(self) -> None:
        salma = cast.salma()
        letter = cast.letter("to sales", to=cast.SALES, headers={"Message-ID": "<s1@x.test>"})
        cast.arrive(letter, mailbox=cast.sales())
        write("to support", "a1")
        theirs, mine = Conversation.objects.order_by("pk")
        put(theirs.pk, mine.pk, by=salma)
        later = cast.letter(
            "later", to=cast.SALES, headers={"Message-ID": "<s2@x.test>", "In-Reply-To": "<s1@x.test>"}
        )
        for content in (later, later, letter):
            cast.arrive(content, mailbox=cast.sales())
        assert said(mine) == ["to sales", "to support", "later"]
        assert queries.entries_visible_to(cast.badr()).count() == 3
        assert queries.entries_visible_to(cast.noura()).count() == 0

    def test_one_mail_that_reached_two_mailboxes_can_be_put_together(self) -> None:
        salma = cast.salma()
        letter = cast.letter("to both", headers={"Message-ID": "<e1@x.test>"})
        cast.arrive(letter, mailbox=cast.support())
        cast.arrive(letter, mailbox=cast.sales())
        first, second = Conversation.objects.order_by("pk")
        made = put(second.pk, first.pk, by=salma)
        assert said(first) == ["to both", "to both"]
        take_out(made, by=salma)
        assert (said(first), said(second)) == (["to both"], ["to both"])


class TestRefusing:
    @pytest.mark.parametrize("way", ["itself", "merged", "into merged", "circle", "unseen", "trash"])
    def test_what_makes_no_sense_is_refused_in_words(
        self, two: tuple[Conversation, Conversation], way: str
    ) -> None:
        first, second = two
        write("third", "c1", subject="ثالث")
        third = Conversation.objects.order_by("pk").last()
        assert third is not None
        number, into, code, by = first.pk, second.pk, "", cast.badr()
        if way == "itself":
            number, into, code = first.pk, first.pk, "merge_itself"
        elif way == "unseen":
            code, by = "not_found", cast.noura()
        elif way == "trash":
            Conversation.objects.filter(pk=second.pk).update(deleted_at=timezone.now(), shelf="trash")
            code = "put_away"
        else:
            put(first.pk, second.pk)
            number, into, code = {
                "merged": (first.pk, third.pk, "merged_already"),
                "into merged": (third.pk, first.pk, "merge_into_merged"),
                "circle": (second.pk, first.pk, "merge_into_merged"),
            }[way]
        page = Client()
        page.force_login(by)
        answer = page.post(f"/conversations/{number}/merges", {"into": into})
        if way == "unseen":
            assert answer.status_code == 404
            with pytest.raises(Refused):
                put(number, into, by=by)
            return
        assert answer["X-Majlis-Refused"] == code
        assert "ما نجح" not in answer.content.decode()
        assert Merge.objects.count() == (way in ("merged", "into merged", "circle"))

    def test_a_change_of_what_was_merged_is_refused_and_names_the_target(
        self, two: tuple[Conversation, Conversation]
    ) -> None:
        first, second = two
        put(second.pk, first.pk)
        page = Client()
        page.force_login(cast.badr())
        for path, sent in (
            ("closure", {}),
            ("replies", {"text": "جواب", "seen": 1}),
            ("notes", {"text": "ن"}),
        ):
            answer = page.post(f"/conversations/{second.pk}/{path}", sent)
            assert answer["X-Majlis-Refused"] == "merged_away"
            assert f"#{first.pk}" in ascii_digits(answer.content.decode())

    def test_nobody_without_both_mailboxes_undoes_it_or_finds_it(self) -> None:
        salma, noura = cast.salma(), cast.noura()
        cast.arrive(cast.letter("to sales", headers={"Message-ID": "<s1@x.test>"}), mailbox=cast.sales())
        write("to support", "a1")
        theirs, mine = Conversation.objects.order_by("pk")
        made = put(theirs.pk, mine.pk, by=salma)
        page = Client()
        for who in (noura, cast.badr()):
            page.force_login(who)
            assert page.delete(f"/merges/{made.pk}").status_code == 404
        page.force_login(noura)
        assert page.get(f"/conversations/{theirs.pk}").status_code == 404
        assert page.get(f"/conversations/{mine.pk}/merge").status_code == 404
        page.logout()
        for answer in (page.get(f"/conversations/{mine.pk}/merge"), page.delete(f"/merges/{made.pk}")):
            assert answer.status_code in (302, 403)


class TestFinding:
    def test_a_target_is_found_by_number_subject_and_customer_and_the_customers_own_come_first(
        self, two: tuple[Conversation, Conversation]
    ) -> None:
        first, second = two
        write("hello", "o1", sender=cast.OMAR, name="Omar", subject="فاتورة أخرى")
        third = Conversation.objects.order_by("pk").last()
        assert third is not None
        page = Client()
        page.force_login(cast.badr())

        def found(asked: str) -> list[int]:
            answer = page.get(f"/conversations/{first.pk}/merge", {"q": asked}).content.decode()
            return [one for one in (second.pk, third.pk) if f'"into": "{one}"' in answer]

        assert found("") == [second.pk]
        assert found("فاتورة") == [second.pk, third.pk]
        assert found(f"#{third.pk}") == [third.pk]
        assert found("omar@") == found("omar") == [third.pk]
        assert found("nothing") == []


def test_finding_a_target_asks_as_much_for_many_as_for_few() -> None:
    cast.salma()
    write("one", "a1")
    write("two", "b1", subject="x")
    page = Client()
    page.force_login(cast.badr())
    number = Conversation.objects.order_by("pk")[0].pk

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            page.get(f"/conversations/{number}/merge")
        return len(seen)

    asked()
    few = asked()
    for each in range(6):
        write("more", f"c{each}", subject=f"more {each}")
    assert asked() == few


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_across_each_other_end_as_one() -> None:
    salma = cast.salma()
    write("one", "a1")
    write("two", "b1", subject="فاتورة")
    first, second = Conversation.objects.order_by("pk")
    codes: list[str] = []

    def run(number: int, into: int) -> None:
        try:
            put(number, into, by=salma)
            codes.append("done")
        except Refused as refused:
            codes.append(refused.code)
        finally:
            connection.close()

    pairs = [(first.pk, second.pk), (second.pk, first.pk), (first.pk, second.pk)]
    threads = [threading.Thread(target=run, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert codes.count("done") == 1
    assert set(codes) <= {"done", "merged_already", "merge_into_merged"}
    assert queries.counters_off() == []


def test_each_keeps_its_own_order_and_between_them_the_time_decides() -> None:
    now = timezone.now()

    def at(*minutes: int) -> list[tuple[int, object]]:
        return [(seq, now + timedelta(minutes=minute)) for seq, minute in enumerate(minutes, 1)]

    own, coming = interleave(at(1, 5, 3, 9), at(4, 2), seq=4)  # type: ignore[arg-type]
    assert own == {2: 7, 3: 8, 4: 9}
    assert coming == {1: 5, 2: 6}
