"""A teammate who is away answers the letter: their words go on once, to whom the letter said, or are given back."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.utils import timezone

from majlis.channels import outbox
from majlis.channels import queries as leaving
from majlis.channels.actions.accept import accept
from majlis.channels.email.above import LINES
from majlis.channels.email.parsing import Address, parse
from majlis.channels.models import Delivery, MailOptions, NoticeLetter, RawMessage
from majlis.conversations import drafts
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.draft import save_draft
from majlis.conversations.actions.merge import merge
from majlis.conversations.actions.trash import trash
from majlis.conversations.models import Attachment, Conversation, Entry, Participant
from majlis.flow import by_mail
from majlis.flow.arrival import take_in_pending
from majlis.people import queries as people
from majlis.people.actions.signatures import of_teammate
from majlis.people.models import MailboxAccess, Notification, Teammate
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
def letter(badr: Teammate) -> NoticeLetter:
    """Badr was told by mail that Layla wrote again."""
    away.writes(away.conversation(of=badr), "لم يصل بعد.")
    return mailed()[0]


@pytest.fixture
def mention(badr: Teammate) -> NoticeLetter:
    """Badr was told by mail that Salma named him in a note."""
    away.notes(away.conversation(of=badr), "@بدر هل تعرف؟", by=cast.salma(), naming=badr)
    return mailed()[0]


def answer(
    letter: NoticeLetter,
    text: str,
    *,
    sender: str = "badr@majlis.test",
    files: tuple[tuple[str, bytes], ...] = (),
    quotes: bool = True,
    headers: dict[str, str] | None = None,
) -> bytes:
    """The mail by which somebody answers a letter."""
    quoted = "".join(f"> {line}\n" for line in said(letter)["text"].split("\n")) if quotes else ""
    attribution = f"On Mon, 2 Nov 2026 at 10:00, ليلى <{cast.SUPPORT}> wrote:\n\n" if quotes else ""
    named = {
        "Message-ID": f"<{uuid4().hex}@phone.test>",
        "In-Reply-To": letter.delivery.message_id.upper(),
        **(headers or {}),
    }
    subject = f"Re: {said(letter)['subject']}"
    raw = cast.letter(
        f"{text}\n\n{attribution}{quoted}", sender=sender, name="B.", subject=subject, headers=named
    )
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def arrive(raw: bytes, *, envelope_from: str = "badr@majlis.test") -> RawMessage:
    """It comes into the support mailbox."""
    row = accept(cast.support().pk, raw, route="lmtp", envelope_from=envelope_from)
    take_in_pending(cast.support().pk)
    row.refresh_from_db()
    assert row.taken_in_at is not None
    return row


def replies() -> list[Entry]:
    return list(Entry.objects.filter(kind="reply").order_by("pk"))


def told() -> list[str]:
    """The letters that say why an answer was not taken."""
    return [said(one)["text"] for one in NoticeLetter.objects.filter(becomes="told").order_by("pk")]


def test_the_answer_goes_to_the_customer_alone_as_written_with_its_file_and_signature(
    letter: NoticeLetter, badr: Teammate
) -> None:
    of_teammate(badr, "<p>بدر، خدمة العملاء</p>")
    raw = arrive(answer(letter, "يصلك غدًا.\n\n-- \nBadr (mobile)", files=(("فاتورة.pdf", b"%PDF"),)))

    (entry,) = replies()
    assert (entry.text, entry.teammate, entry.conversation_id) == ("يصلك غدًا.", badr, letter.conversation_id)
    assert (entry.raw_id, raw.entry_id) == (raw.file_id, entry.pk)
    assert [one.name for one in Attachment.objects.filter(entry=entry)] == ["فاتورة.pdf"]
    delivery = Delivery.objects.get(entry=entry)
    mail = leaving.outgoing(delivery, ("بدر", cast.SUPPORT))
    assert mail.recipients == [cast.LAYLA]
    assert "بدر، خدمة العملاء" in mail.signature
    assert mail.in_reply_to == Entry.objects.filter(kind="message").order_by("-pk")[0].message_id
    assert LINES["ar"] not in mail.text
    assert Participant.objects.count() == 1
    assert Conversation.objects.get().status == "waiting"
    assert told() == []
    assert not Notification.objects.filter(teammate=badr, read_at=None).exists(), "what was answered was read"


def test_lesson_6_the_same_mail_again_sends_nothing_again(letter: NoticeLetter) -> None:
    raw = answer(letter, "يصلك غدًا.")
    first = arrive(raw)
    assert arrive(raw).entry_id == first.entry_id
    # As if the process had died after the reply and before the mail was settled.
    Entry.objects.filter(pk=first.entry_id or 0).update(message_key=None, raw=None)
    assert arrive(raw).entry_id == first.entry_id
    assert len(replies()) == 1
    assert Delivery.objects.filter(entry__isnull=False).count() == 1
    assert Conversation.objects.count() == 1


def test_an_answer_to_what_was_internal_is_a_note_and_never_leaves(
    mention: NoticeLetter, badr: Teammate
) -> None:
    raw = arrive(answer(mention, "نعم، أعرف.", files=(("a.pdf", b"%PDF"),)))

    note = Entry.objects.latest("pk")
    assert (note.kind, note.text, note.teammate, note.raw_id) == ("note", "نعم، أعرف.", badr, raw.file_id)
    assert Attachment.objects.get().entry == note
    assert not Delivery.objects.filter(entry__isnull=False).exists()
    assert replies() == []
    assert arrive(answer(mention, "", quotes=False, files=(("b.pdf", b"2"),))).entry_id, (
        "files may stand alone"
    )
    arrive(answer(mention, ""))
    assert "لم يكن فوق السطر شيء." in told()[0]


def test_lesson_12_when_somebody_wrote_meanwhile_it_becomes_a_draft_and_a_letter_says_so_once(
    letter: NoticeLetter, badr: Teammate
) -> None:
    mine = Conversation.objects.get()
    outbox.send_reply(cast.salma(), mine.pk, text="ليلى، غدًا.", seen_seq=mine.seq, submission_key=uuid4())
    raw = answer(letter, "يصلك بعد غد.", files=(("a.pdf", b"%PDF"),))
    for _ in range(2):
        assert arrive(raw).entry_id is None

    assert [one.text for one in replies()] == ["ليلى، غدًا."]
    draft = drafts.of_conversation(badr, mine.pk)["reply"]
    assert (draft.text, [one["name"] for one in draft.files]) == ("يصلك بعد غد.", ["a.pdf"])
    (words,) = told()
    assert "كتب أحدهم في المحادثة" in words
    assert "مسودةً لك" in words
    assert f"/conversations/{mine.pk}" in words
    last = NoticeLetter.objects.get(becomes="told")
    assert said(last)["in_reply_to"].endswith("@phone.test>")
    assert leaving.outgoing(last.delivery, ("", cast.SUPPORT)).is_automatic

    # A second answer finds that draft: it stands in the letter, and the draft stays as it is.
    arrive(answer(letter, "كلام آخر."))
    assert drafts.of_conversation(badr, mine.pk)["reply"].text == "يصلك بعد غد."
    assert "كلام آخر." in told()[1]


def test_what_was_merged_trashed_or_empty_is_given_back(letter: NoticeLetter, badr: Teammate) -> None:
    arrive(answer(letter, "  "))
    assert "لم يكن فوق السطر شيء." in told()[0]

    mine = Conversation.objects.get()
    with changing(mine.pk) as change:
        trash(change, teammate=cast.salma())
    arrive(answer(letter, "one"))
    assert "سلة المحذوفات" in told()[1]
    assert drafts.of_conversation(badr, mine.pk)["reply"].text == "one"
    Conversation.objects.filter(pk=mine.pk).update(deleted_at=None, shelf="desk")

    other = away.conversation(of=badr)
    merge(mine.pk, other.pk, teammate=badr, mailbox_ids=people.mailbox_ids_visible_to(badr))
    arrive(answer(letter, "two"))
    assert "دُمجت المحادثة" in told()[2]
    assert f"/conversations/{other.pk}" in told()[2]
    assert replies() == []
    assert Conversation.objects.count() == 2


def test_what_is_too_large_is_given_back_without_its_files(
    letter: NoticeLetter, badr: Teammate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("majlis.conversations.actions.draft.MOST_BYTES", 10)
    arrive(answer(letter, "here", files=(("a.pdf", b"12345"), ("b.pdf", b"678901"))))
    assert replies() == []
    draft = drafts.of_conversation(badr, letter.conversation_id or 0)["reply"]
    assert (draft.text, [one["name"] for one in draft.files]) == ("here", ["a.pdf"])
    assert "الملفات" in told()[0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"X-Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"Subject": "خارج المكتب: عودتي الأحد"},
        {},
    ],
)
def test_lesson_7_what_a_machine_answers_is_nothing(letter: NoticeLetter, headers: dict[str, str]) -> None:
    raw = answer(letter, "I am away until Sunday.")
    if "Subject" in headers:
        raw = raw.replace(b"Subject: ", b"X-Subject: ") + b""
        raw = b"Subject: =?utf-8?b?2K7Yp9ix2Kwg2KfZhNmF2YPYqtio?=\n" + raw
    else:
        raw = "".join(f"{name}: {value}\n" for name, value in headers.items()).encode() + raw
    before = Entry.objects.count()

    arrive(raw, envelope_from="" if not headers else "badr@majlis.test")

    assert (Entry.objects.count(), Conversation.objects.count()) == (before, 1)
    assert told() == []
    assert not Delivery.objects.filter(entry__isnull=False).exists()


def test_lesson_7_an_absence_that_does_not_say_so_does_not_go_round(
    letter: NoticeLetter, badr: Teammate
) -> None:
    mine = Conversation.objects.get()
    for n in range(4):
        for waiting in mailed() if n else [letter]:
            arrive(answer(waiting, "I am away.", quotes=False))
        away.writes(mine, f"I am away, too. {n}")
    assert [one.text for one in replies()] == ["I am away."]
    # It answers what it is told, too: as a note, and nobody is told of that any more.
    count = len(told())
    for last in NoticeLetter.objects.filter(becomes="told"):
        arrive(answer(last, "I am away.", quotes=False))
        arrive(answer(last, "", quotes=False))
    assert len(told()) == count
    assert len(replies()) == 1
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("why", ["from another", "two senders", "inactive", "no access", "too old", "import"])
def test_lesson_2_whoever_else_bears_the_token_gets_into_no_thread_by_it(
    letter: NoticeLetter, badr: Teammate, why: str
) -> None:
    raw, moment = answer(letter, "Pay to this account."), None
    if why == "from another":
        raw = answer(
            letter, "Pay to this account.", sender="mallory@evil.test", headers={"Reply-To": badr.email}
        )
    elif why == "two senders":
        raw = raw.replace(b"\nTo:", b"\nFrom: mallory@evil.test\nTo:", 1)
        assert parse(raw).sender == Address("B.", badr.email)
    elif why == "inactive":
        Teammate.objects.filter(pk=badr.pk).update(is_active=False)
    elif why == "no access":
        MailboxAccess.objects.filter(teammate=badr).delete()
    elif why == "too old":
        moment = letter.created_at + by_mail.TAKEN_FOR + timedelta(hours=1)
        NoticeLetter.objects.update(created_at=timezone.now() - by_mail.TAKEN_FOR - timedelta(hours=1))
    accept(cast.support().pk, raw, route="lmtp", envelope_from="x@y.test", is_historic=why == "import")
    take_in_pending(cast.support().pk)

    assert moment is None or moment > letter.created_at
    assert replies() == []
    assert told() == []
    mine = Conversation.objects.get(pk=letter.conversation_id or 0)
    assert not mine.entries.filter(text__contains="Pay").exists()
    assert [one.address for one in Participant.objects.filter(conversation=mine)] == [cast.LAYLA]
    other = Conversation.objects.exclude(pk=mine.pk).get()
    assert "Pay to this account." in other.entries.get().text
    # Nor does it when the customer's own mail names it.
    if why == "from another":
        named = {"In-Reply-To": letter.delivery.message_id}
        cast.arrive(cast.letter("mine", headers=named))
        assert Entry.objects.get(text__startswith="mine").conversation_id not in (mine.pk, other.pk)


def test_an_answer_that_does_not_come_from_their_address_is_none(
    letter: NoticeLetter, badr: Teammate
) -> None:
    """The token proves that somebody has the letter; the server's checks, that they write from there."""
    MailOptions.objects.create(mailbox=cast.support(), verdict_server="mx.majlis.test")
    results = {"Authentication-Results": "mx.majlis.test; dmarc=fail header.from=majlis.test"}
    arrive(answer(letter, "تم الإلغاء", headers=results))
    assert replies() == []
    assert Conversation.objects.count() == 2
    arrive(answer(letter, "تم الإلغاء", headers={"Authentication-Results": "mx.majlis.test; dmarc=pass"}))
    assert len(replies()) == 1


def test_a_forged_token_is_no_token(letter: NoticeLetter, badr: Teammate) -> None:
    theirs = letter.delivery.message_id
    forged = theirs.replace("-", "-1", 1)
    arrive(answer(letter, "hello", headers={"In-Reply-To": forged}))
    assert replies() == []
    assert Conversation.objects.count() == 2


def test_a_letter_that_comes_back_to_a_mailbox_of_ours_is_nothing(letter: NoticeLetter) -> None:
    before = Entry.objects.count()
    cast.arrive(
        cast.letter(
            said(letter)["text"], sender=cast.SUPPORT, headers={"Message-ID": letter.delivery.message_id}
        )
    )
    assert (Entry.objects.count(), Conversation.objects.count()) == (before, 1)


def test_a_deleted_conversation_is_told_and_a_draft_of_theirs_is_left_alone(
    letter: NoticeLetter, badr: Teammate
) -> None:
    mine = letter.conversation_id or 0
    save_draft(badr, mine, "reply", version=0, text="begun")
    outbox.send_reply(cast.salma(), mine, text="x", seen_seq=letter.seen_seq, submission_key=uuid4())
    arrive(answer(letter, "mine"))
    assert drafts.of_conversation(badr, mine)["reply"].text == "begun"
    assert "مسودة أخرى" in told()[0]
    Conversation.objects.filter(pk=mine).delete()
    arrive(answer(letter, "gone?"))
    assert "حُذفت المحادثة" in told()[1]
    assert "gone?" in told()[1]


def test_mail_without_a_token_asks_the_database_nothing_more(
    letter: NoticeLetter, django_assert_num_queries: object
) -> None:
    row = RawMessage.objects.order_by("pk")[0]
    mail = parse(cast.letter("x", headers={"In-Reply-To": "<a@b.test>", "References": "<mn-1@x> <c@d.test>"}))
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert by_mail.take(row, mail, key="k", files=[]) is None
