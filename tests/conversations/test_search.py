"""Search finds what was said in any form of the words, by every filter, and nothing of another's mailbox."""

from __future__ import annotations

from datetime import UTC, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.channels import outbox
from majlis.conversations import search
from majlis.conversations.actions.assign import assign
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close
from majlis.conversations.actions.note import add_note
from majlis.conversations.actions.tag import tag
from majlis.conversations.actions.words import Backfill, fill, refresh
from majlis.conversations.filters import parse
from majlis.conversations.models import (
    Conversation,
    Draft,
    Entry,
    EntryWords,
    Mention,
    Priority,
    Topic,
)
from majlis.people import queries as people
from majlis.people.models import Teammate
from tests import cast

pytestmark = pytest.mark.django_db


def written(body: str, *, subject: str = "سؤال", **given: object) -> int:
    """A customer's mail comes in; the number of its conversation."""
    cast.arrive(cast.letter(body, subject=subject, **given))  # type: ignore[arg-type]
    return Conversation.objects.order_by("-pk").values_list("pk", flat=True)[0]


def looked(typed: str, who: Teammate | None = None, **given: object) -> search.Found:
    who = who or cast.badr()
    return search.search(
        parse(typed).terms,
        reader=who,
        mailbox_ids=people.mailbox_ids_visible_to(who),
        today=timezone.now().astimezone(UTC).date(),
        zone=UTC,
        **given,  # type: ignore[arg-type]
    )


def found(typed: str, who: Teammate | None = None) -> list[int]:
    return [row.number for row in looked(typed, who).rows]


def test_other_forms_of_the_words_find_it_the_newest_first() -> None:
    older = written("خُصم المبلغ من بطاقتي مرتين")
    newer = written("وبطاقاتكم لا تعمل")
    written("متى تصل الشحنة؟")
    assert found("البطاقة") == [newer, older]
    assert found("مبلغ البطاقة") == [older]
    assert found("المبالغ") == []


def test_the_subject_of_the_first_message_and_the_writer_are_words_too() -> None:
    number = written("شكرًا", subject="Re: استرداد المبلغ")
    assert found("الاسترداد") == found("ليلى المبلغ") == found(cast.LAYLA) == [number]


def test_numbers_addresses_and_ids_are_found_whole_and_by_their_parts() -> None:
    number = written("رقم الطلب INV-2024/001 والجوال ٠٥٥٠١٤٢٢١٠", headers={"Message-ID": "<abc.1@x.test>"})
    other = written("رقم الطلب INV-2024/002")
    assert found("inv-2024/001") == [number]
    assert found("0550142210") == [number]
    assert found("INV") == [other, number]
    assert found("<abc.1@x.test>") == found("abc.1@x.test") == [number]
    assert found(f"#{number}") == found(str(number)) == [number]


def test_a_phrase_is_found_as_it_was_written_spelling_apart() -> None:
    number = written("وصلني الكتاب الأحمر اليوم")
    written("الأحمر من الكتاب")
    assert found('"الكتاب الاحمر"') == found("«الكتابَ الأحمر»") == [number]
    assert found('"الكتاب الاحم"') == []


def test_every_filter_narrows_and_its_contrary_leaves_out() -> None:
    badr, salma = cast.badr(), cast.salma()
    plain = written("الطلب لم يصل")
    special = written("الطلب وصل مكسورًا", sender=cast.OMAR, name="Omar")
    now = timezone.now()
    with changing(special) as change:
        tag(change, "استرداد", teammate=badr)
        assign(change, badr, by=badr)
        entry = add_note(change, teammate=salma, text="@بدر انظر", submission_key=uuid4())
    Mention.objects.create(entry=entry, teammate=badr)
    Draft.objects.create(teammate=badr, conversation_id=special, text="…", updated_at=now)
    topic = Topic.objects.create(name="التلف", created_at=now)
    Conversation.objects.filter(pk=special).update(
        topic=topic, priority=Priority.URGENT, created_at=now - timedelta(days=400), channel="form"
    )
    Conversation.objects.filter(pk=plain).update(message_seq=0)
    for filters in (
        "وسم:استرداد",
        "tag:استرداد",
        "from:omar",
        f"from:{cast.OMAR}",
        "من:سلمى",
        "customer:omar",
        f"عميل:{cast.OMAR}",
        "مسند:لي",
        "assignee:بدر",
        "is:mine",
        "is:mentioned",
        "is:draft",
        "is:unread",
        "سبب:التلف",
        "priority:urgent",
        "قناة:نموذج",
        "before:2026-01-01" if now.year == 2026 else "-after:today",
        "-after:today",
        "-مسند:لا أحد",
        f"#{special}",
    ):
        assert found(filters) == [special], filters
        if not filters.startswith("-"):
            assert found(f"-{filters}") == [plain], filters
    assert found("الطلب -مكسور") == [plain]
    assert found("status:open is:open") == found("mailbox:الدعم status:open") == [plain]
    assert found("updated-after:today وسم:استرداد مكسور") == [special]
    assert found("has:attachment") == []


def test_the_closed_are_found_the_put_away_only_by_name() -> None:
    badr = cast.badr()
    number = written("الطلب لم يصل")
    with changing(number) as change:
        close(change, teammate=badr)
    assert found("الطلب") == found("is:closed") == [number]
    Conversation.objects.filter(pk=number).update(is_spam=True, shelf="spam")
    assert found("الطلب") == []
    assert found("الطلب is:spam") == found(f"#{number}") == [number]


def test_a_name_that_nobody_has_finds_nothing_and_is_named() -> None:
    written("الطلب لم يصل")
    seen = looked("الطلب وسم:غريب")
    assert (seen.rows, [term.value for term in seen.unknown]) == ([], ["غريب"])


def test_nobody_finds_what_lies_in_another_mailbox() -> None:
    noura = cast.noura()
    number = written("الطلب لم يصل")
    badr = cast.badr()
    with changing(number) as change:
        tag(change, "استرداد", teammate=badr)
    for typed in (
        "الطلب",
        "وسم:استرداد",
        f"#{number}",
        f"{number}",
        cast.LAYLA,
        "is:open",
        "from:ليلى",
        '"لم يصل"',
    ):
        assert found(typed) == [number], typed
        seen = looked(typed, noura)
        assert (seen.rows, seen.number, seen.said) == ([], 0, {}), typed
    assert found("صندوق:الدعم", noura) == []
    assert looked("صندوق:الدعم", noura).unknown


def test_pages_follow_each_other_and_the_count_is_of_all() -> None:
    numbers = [written(f"الطلب {n}") for n in range(5)]
    first = looked("الطلب", size=2)
    assert (first.number, first.is_more) == (5, False)
    assert [row.number for row in first.rows] == numbers[:-3:-1]
    second = looked("الطلب", size=2, before=first.following)
    assert [row.number for row in second.rows] == numbers[2:0:-1]


@pytest.mark.parametrize("typed", ["الطلب", "is:open", '"الطلب لم"', "وسم:استرداد الطلب"])
def test_many_found_cost_no_more_questions_than_few(typed: str) -> None:
    badr = cast.badr()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            looked(typed, badr)
        return len(queries)

    with changing(written("الطلب لم يصل")) as change:
        tag(change, "استرداد", teammate=badr)
    few = asked()
    for n in range(6):
        written(f"الطلب لم يصل {n}")
    assert asked() == few <= 6


def test_common_words_are_found_among_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [written(f"الطلب {n}") for n in range(6)]
    monkeypatch.setattr(search, "SAMPLE", 3)
    monkeypatch.setattr(search, "ENOUGH", 4)
    monkeypatch.setattr(search, "MOST", 3)
    seen = looked("الطلب")
    assert (seen.number, seen.is_more) == (3, True)
    assert [row.number for row in seen.rows] == numbers[:-5:-1]
    monkeypatch.setattr(search, "MOST", 5)  # what was read does not hold enough: all are asked
    assert [row.number for row in looked("الطلب").rows] == numbers[::-1]


def test_words_stand_with_the_entry_and_go_with_it() -> None:
    number = written("الطلب لم يصل")
    entry = Entry.objects.get(conversation=number)
    row = EntryWords.objects.get(entry=entry)
    assert (row.conversation_id, row.mailbox_id) == (number, entry.mailbox_id)
    Entry.objects.filter(pk=entry.pk).update(text="الشحنة تأخرت")
    refresh([entry.pk])
    assert found("يصل") == []
    assert found("شحنتي") == [number]


def test_entries_without_words_get_theirs() -> None:
    number = written("الطلب لم يصل", subject="استرداد")
    kept = EntryWords.objects.values_list("words", flat=True)[0]
    EntryWords.objects.all().delete()
    assert found("الطلب") == []
    backfill = Backfill()
    assert (backfill.run(), backfill.run()) == (1, 0)
    assert found("الطلب استرداد") == [number]
    assert EntryWords.objects.values_list("words", flat=True)[0] == kept


def test_all_words_are_written_anew_by_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    number = written("الطلب لم يصل")
    with connection.cursor() as cursor:
        cursor.execute("update conversations_entrywords set words = array_to_tsvector(array['x'])")
    call_command("rebuild_words")
    assert "1" in capsys.readouterr().out
    assert found("الطلب") == [number]
    assert fill(after=0)[1] == 0


def test_a_reply_is_found_until_it_is_taken_back() -> None:
    salma = cast.salma()
    number = written("الطلب لم يصل")
    conversation = Conversation.objects.get(pk=number)
    posted = outbox.send_reply(
        salma, number, text="أرسلنا قطعةً بديلة", seen_seq=conversation.seq, submission_key=uuid4()
    )
    assert found("القطع") == found("قطعة من:سلمى") == [number]
    outbox.undo(salma, posted.entry.pk)
    assert found("القطع") == []


@pytest.mark.parametrize(
    "inside", ["\u200c", "\u200d", "\u200f", "\u200e", "\u00ad", "\u061c", "\u2067", "\ufeff", "ـ"]
)
def test_marks_inside_a_word_hide_it_from_nobody_and_stay_where_they_stand(inside: str) -> None:
    number = written(f"وصلت الفا{inside}تورة رقم {inside}44{inside}17")

    assert f"الفا{inside}تورة" in Entry.objects.get().text
    for sought in ("الفاتورة", f"فات{inside}ورة", f"44{inside}17"):
        assert found(sought) == [number], sought
    assert written("لا شيء من ذلك") not in found("الفاتورة")
