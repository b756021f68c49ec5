"""Whoever is away gets one letter about what happened in a conversation, once, and not what they know already."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from majlis.channels import gate, outbox
from majlis.channels import queries as leaving
from majlis.channels.actions import bounce
from majlis.channels.actions.throw_out import throw_out
from majlis.channels.email.building import build
from majlis.channels.email.mail import Bounce
from majlis.channels.models import (
    AutomaticMail,
    Delivery,
    MailConnection,
    NoticeLetter,
    RawMessage,
    State,
    StoppedAddress,
)
from majlis.channels.noticing import forget_old_letters
from majlis.cli import drains
from majlis.conversations.actions.assign import assign_to
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.trash import trash
from majlis.conversations.models import Conversation, Entry
from majlis.flow import letter_page, letter_words, notice_letters
from majlis.flow.notices import tell_pending
from majlis.people.models import Mailbox, MailboxAccess, Notification, Teammate
from tests import cast
from tests.flow import away
from tests.flow.away import mailed, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def way_out() -> None:
    away.way_out()


@pytest.fixture
def badr() -> Teammate:
    return cast.badr()


@pytest.fixture
def mine(badr: Teammate) -> Conversation:
    return away.conversation(of=badr)


def test_two_messages_in_a_conversation_are_one_letter_with_both(mine: Conversation) -> None:
    away.writes(mine, "لم يصل بعد.")
    away.writes(mine, "هل من جديد؟")
    assert mailed(minutes=1) == [], "nobody is mailed at once"

    (letter,) = mailed()

    assert letter.becomes == "reply"
    assert letter.seen_seq == Conversation.objects.get().seq
    text = said(letter)["text"]
    assert text.startswith("—— اكتب ردّك فوق هذا السطر")
    assert text.index("لم يصل بعد.") < text.index("هل من جديد؟")
    assert "أين طلبي رقم" not in text, "of what they were told before nothing stands there"
    assert f"/conversations/{mine.pk}" in text
    assert mailed(minutes=90) == []


def test_it_leaves_from_the_mailbox_in_the_name_of_who_wrote_and_says_that_it_is_automatic(
    mine: Conversation, badr: Teammate
) -> None:
    away.writes(mine, "لم يصل بعد.")
    (letter,) = mailed()

    sender = leaving.way_out(letter.delivery).sender
    assert sender == ("ليلى — متجر سدرة", cast.SUPPORT)
    mail = build(leaving.outgoing(letter.delivery, sender)).decode()
    assert "Auto-Submitted: auto-generated\r\n" in mail
    assert "X-Auto-Response-Suppress: OOF, AutoReply\r\n" in mail
    assert f"To: <{badr.email}>\r\n" in mail or f"To: {badr.email}\r\n" in mail
    assert f"Message-ID: {letter.delivery.message_id}\r\n" in mail
    assert letter.delivery.message_id.startswith("<mn-")
    assert letter.delivery.message_id.endswith("@majlis.test>")


@pytest.mark.parametrize(
    ("language", "way", "words"), [("ar", "rtl", "ردًّا منك"), ("en", "ltr", "as your reply")]
)
def test_it_is_written_in_the_readers_language_and_direction(
    mine: Conversation, badr: Teammate, language: str, way: str, words: str
) -> None:
    Teammate.objects.filter(pk=badr.pk).update(language=language)
    away.writes(mine, 'It did not come <img src="https://x.test/a.png">\nhttps://shop.test/48213')
    (letter,) = mailed()

    mail = said(letter)
    assert words in mail["text"]
    html = mail["html"]
    assert html.startswith(f'<div dir="{way}" lang="{language}">')
    assert '<div dir="ltr">\n<p dir="auto">It did not come &lt;img' in html
    assert "<img" not in html
    whole = build(leaving.outgoing(letter.delivery, ("", cast.SUPPORT)))
    assert b"cid:" not in whole


def test_long_words_are_cut_and_of_many_entries_the_newest_five_stand_there(mine: Conversation) -> None:
    for n in range(7):
        away.writes(mine, f"message-{n} " + "س" * (3_000 if n == 6 else 1))
    (letter,) = mailed()

    text = said(letter)["text"]
    assert "message-1 " not in text
    assert "message-2 " in text
    assert "رسالتان أقدم" in text.split("message-2")[0]
    assert max(map(len, text.split("\n"))) <= letter_page.LONGEST


def test_what_a_colleague_said_meanwhile_stands_there_but_a_note_only_by_name(
    mine: Conversation,
) -> None:
    away.writes(mine, "لم يصل بعد.")
    away.notes(mine, "secret: she is a friend", by=cast.salma())
    mine.refresh_from_db()
    outbox.send_reply(
        cast.salma(), mine.pk, text="It is on its way.", seen_seq=mine.seq, submission_key=uuid4()
    )
    (letter,) = mailed()

    assert letter.becomes == "reply"
    text = said(letter)["text"]
    assert "It is on its way." in text
    assert "سلمى" in text
    assert "secret" not in text + said(letter)["html"], "an answer to it goes to the customer"


def test_whoever_gets_a_copy_of_an_answer_is_named(mine: Conversation) -> None:
    away.writes(mine, "لم يصل بعد.", Cc=f"{cast.OMAR}, {cast.SUPPORT}")
    (letter,) = mailed()
    assert f"نسخة إلى \u2068{cast.OMAR}\u2069." in said(letter)["text"]


def test_a_mention_shows_the_note_and_says_that_an_answer_becomes_one(
    mine: Conversation, badr: Teammate
) -> None:
    away.writes(mine, "لم يصل بعد.")
    away.notes(mine, "@بدر هل تعرف شيئًا؟", by=cast.salma(), naming=badr)
    (letter,) = mailed()

    assert letter.becomes == "note"
    assert "هل تعرف شيئًا؟" in said(letter)["text"]
    assert "ملاحظة داخلية" in said(letter)["text"]
    assert said(letter)["from_name"] == "سلمى"


def test_an_assignment_tells_what_the_customer_said_last(badr: Teammate) -> None:
    salma = cast.salma()
    cast.arrive(cast.letter("أين طلبي؟"))
    with changing(Conversation.objects.get().pk) as change:
        assign_to(change, badr, by=salma)
    tell_pending()
    (letter,) = mailed()

    assert letter.becomes == "note"
    assert "أين طلبي؟" in said(letter)["text"]


def test_whoever_is_there_gets_no_letter_until_they_were_gone_for_five_minutes(
    mine: Conversation, badr: Teammate
) -> None:
    away.writes(mine, "لم يصل بعد.")
    seen_at = away.later(minutes=1)
    away.seen(badr, seen_at)

    assert mailed(minutes=3) == []
    assert Notification.objects.get(mail_at__isnull=False).mail_at == seen_at + timedelta(minutes=5)
    assert notice_letters.next_at() == seen_at + timedelta(minutes=5)
    assert mailed(minutes=5.5) == []
    assert len(mailed(minutes=6.5)) == 1
    assert notice_letters.next_at() is None


def test_what_was_read_or_is_a_day_old_is_not_mailed(mine: Conversation) -> None:
    away.writes(mine, "لم يصل بعد.")
    Notification.objects.update(read_at=timezone.now())
    assert mailed() == []
    assert not Notification.objects.filter(mail_at__isnull=False).exists()

    away.writes(mine, "هل من جديد؟")
    assert mailed(minutes=60 * 24 + 1) == []
    assert not Notification.objects.filter(mail_at__isnull=False).exists()


def test_lesson_7_nothing_a_machine_wrote_is_mailed(mine: Conversation, badr: Teammate) -> None:
    entry = away.writes(mine, "I am away", **{"Auto-Submitted": "auto-replied"})
    assert mailed() == []
    Notification.objects.filter(entry_id=entry.pk).update(mail_at=timezone.now())
    assert mailed() == [], "looked at again"
    cast.arrive(cast.letter("from my own address", sender=badr.email))
    with changing(Conversation.objects.latest("pk").pk) as change:
        assign_to(change, badr, by=badr)
    tell_pending()
    own = Notification.objects.filter(entry_id=Entry.objects.latest("pk").pk, teammate=badr)
    assert own.update(mail_at=timezone.now()) == 1
    assert mailed() == []


def test_lesson_17_whoever_lost_the_mailbox_is_told_nothing(mine: Conversation, badr: Teammate) -> None:
    away.writes(mine, "لم يصل بعد.")
    MailboxAccess.objects.filter(teammate=badr).delete()
    assert mailed() == []
    assert not Notification.objects.filter(mail_at__isnull=False).exists()


@pytest.mark.parametrize("what", ["trash", "inactive", "own mailbox", "no way out"])
def test_nothing_is_queued_where_it_must_not_or_cannot(mine: Conversation, badr: Teammate, what: str) -> None:
    away.writes(mine, "لم يصل بعد.")
    if what == "trash":
        with changing(mine.pk) as change:
            trash(change, teammate=cast.salma())
    elif what == "inactive":
        Teammate.objects.filter(pk=badr.pk).update(is_active=False)
    elif what == "own mailbox":
        cast.mailbox(badr.email.upper(), name="x")
    else:
        MailConnection.objects.all().delete()
    assert mailed() == []
    assert not Delivery.objects.filter(entry=None).exists()
    assert not Notification.objects.filter(mail_at__isnull=False).exists()


def test_a_mailbox_that_cannot_receive_promises_no_answer(mine: Conversation) -> None:
    away.writes(mine, "لم يصل بعد.")
    RawMessage.objects.all().delete()
    (letter,) = mailed()
    assert "فوق هذا السطر" not in said(letter)["text"]
    assert "ردًّا منك" not in said(letter)["text"]


def test_lesson_7_so_many_letters_an_hour_then_one_for_the_rest_and_then_none(
    badr: Teammate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert notice_letters.MOST_AN_HOUR + 1 == gate.MOST_AN_HOUR == 20
    monkeypatch.setattr(notice_letters, "MOST_AN_HOUR", 2)
    for one in [away.conversation(f"number {n}", of=badr) for n in range(5)]:
        away.writes(one, "again")

    letters = mailed()

    assert [letter.becomes for letter in letters].count("reply") == 2
    assert said(letters[-1])["subject"].startswith("و")
    assert "٣" in said(letters[-1])["subject"]
    assert letters[-1].becomes == ""
    away.writes(Conversation.objects.latest("pk"), "and again")
    assert mailed(minutes=10) == []
    waiting = Notification.objects.get(mail_at__isnull=False)
    assert waiting.mail_at == letters[-1].created_at + timedelta(hours=1)
    assert len(mailed(minutes=70)) == 1


def test_lesson_7_letters_are_counted_with_all_automatic_mail_and_none_goes_to_a_stopped_address(
    mine: Conversation, badr: Teammate
) -> None:
    away.writes(mine, "لم يصل بعد.")
    assert len(mailed()) == 1
    (counted,) = AutomaticMail.objects.all()
    assert (counted.kind, counted.address, counted.conversation_id) == ("notice", badr.email, mine.pk)

    StoppedAddress.objects.create(address=badr.email, why="flood", at=timezone.now())
    away.writes(mine, "هل من جديد؟")
    assert mailed() == []
    assert AutomaticMail.objects.latest("pk").refused == "stopped"
    assert not Notification.objects.filter(mail_at__isnull=False).exists(), "it stands in the bell"


def test_after_two_letters_that_came_back_no_more_is_sent_for_a_week(
    mine: Conversation, badr: Teammate
) -> None:
    for _ in range(2):
        away.writes(mine, uuid4().hex)
        (letter,) = mailed()
        # A server on the way changed the case of the id.
        report = Bounce((badr.email,), letter.delivery.message_id.upper(), True, "no such user", "5.1.1")
        assert bounce.pin(report, cast.support())
        assert Delivery.objects.get(pk=letter.delivery_id).state == State.FAILED
    away.writes(mine, "third")
    assert mailed() == []
    Delivery.objects.update(settled_at=timezone.now() - timedelta(days=8))
    away.writes(mine, "fourth")
    assert len(mailed()) == 1


def test_one_letter_that_cannot_be_written_waits_and_holds_up_no_other(
    badr: Teammate, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = away.conversation("one", of=badr), away.conversation("two", of=badr)
    for one in (first, second):
        away.writes(one, "again")
    Notification.objects.filter(kind="answered", conversation_id=first.pk).update(mail_at=timezone.now())
    real = letter_words.letter_of

    def broken(teammate: Teammate, told: list[object], *rest: object, **named: object) -> object:
        if told[0].conversation.pk == first.pk:  # type: ignore[attr-defined]
            raise ValueError("broken")
        return real(teammate, told, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(notice_letters, "letter_of", broken)
    assert [letter.conversation_id for letter in mailed()] == [second.pk]
    monkeypatch.undo()
    with monkeypatch.context() as patched:
        patched.setattr(notice_letters, "gather", broken)
        assert mailed(minutes=20) == [], "a whole person's letters wait, too"
    assert [letter.conversation_id for letter in mailed(minutes=40)] == [first.pk]


def test_what_a_letter_told_goes_with_its_conversation_and_by_itself_after_a_month(
    mine: Conversation,
) -> None:
    away.writes(mine, "لم يصل بعد.")
    (letter,) = mailed()
    forget_old_letters(now=letter.created_at + timedelta(days=29))
    assert NoticeLetter.objects.exists()
    with changing(mine.pk) as change:
        trash(change, teammate=cast.salma())
    throw_out(mine.pk, teammate=cast.salma())
    assert not Delivery.objects.filter(pk=letter.delivery_id).exists()

    away.writes(away.conversation(), "لم يصل بعد.")
    (letter,) = mailed()
    forget_old_letters(now=letter.created_at + timedelta(days=31))
    assert not Delivery.objects.filter(pk=letter.delivery_id).exists()


@pytest.mark.django_db(transaction=True)
def test_lesson_6_of_two_at_once_one_writes_and_one_that_dies_leaves_all_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = away.conversation()
    away.writes(mine, "لم يصل بعد.")
    now, results = away.later(), []

    def other() -> None:
        try:
            results.append(notice_letters.mail_due(now=now))
        finally:
            connection.close()

    real = letter_words.letter_of

    def meanwhile(*given: object, **named: object) -> object:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
        return real(*given, **named)  # type: ignore[arg-type]

    # Killed between the letter and the end of its transaction.
    class Killed(BaseException):
        pass

    def die(*_given: object, **_named: object) -> object:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(notice_letters, "_put_off", die)
        notice_letters.mail_due(now=now)
    assert not NoticeLetter.objects.exists()

    assert 0 < (drains.until_letter() or 0) <= 120
    monkeypatch.setattr(notice_letters, "letter_of", meanwhile)
    assert notice_letters.mail_due(now=now) == 1
    assert results == [0]
    assert drains.until_letter() is None
    assert NoticeLetter.objects.count() == 1
    with transaction.atomic():
        assert notice_letters.mail_due(now=now) == 0
    assert Mailbox.objects.count() == 1
    assert Entry.objects.count() == 2
