"""A colleague without an account is asked by mail, and the answer comes back as a note that no customer sees."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from majlis.channels import queries as leaving
from majlis.channels.email.building import build
from majlis.channels.models import Delivery, MailConnection, RawMessage
from majlis.conversations.actions.merge import merge
from majlis.conversations.models import Conversation, Entry, Participant, Question
from majlis.people import queries as people
from majlis.people.models import Customer
from tests import cast

pytestmark = pytest.mark.django_db
MAJED = "majed@company.test"


@pytest.fixture
def page() -> Client:
    client = Client()
    client.force_login(cast.badr())
    return client


@pytest.fixture
def conversation(page: Client) -> Conversation:
    cast.arrive(cast.letter("when does it come?", headers={"Message-ID": "<a1@x.test>"}))
    return Conversation.objects.get()


def ask(page: Client, conversation: Conversation, **changed: object) -> object:
    sent = {
        "name": "ماجد",
        "address": MAJED,
        "text": "هل وصلت الشحنة؟",
        "entry": [Entry.objects.order_by("pk")[0].pk],
        "key": uuid4().hex,
        **changed,
    }
    return page.post(f"/conversations/{conversation.pk}/questions", sent)


def answer(text: str, *, sender: str = MAJED, **headers: str) -> None:
    named = {"In-Reply-To": Delivery.objects.get().message_id, **headers}
    cast.arrive(cast.letter(text, sender=sender, name="Majed A.", subject="Re: question", headers=named))


def test_the_question_leaves_and_the_answer_becomes_a_note(page: Client, conversation: Conversation) -> None:
    assert ask(page, conversation).status_code == 204  # type: ignore[attr-defined]
    delivery = Delivery.objects.get()
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="localhost", smtp_user="x")
    assert leaving.way_out(delivery).sender[1] == cast.SUPPORT
    mail = leaving.outgoing(delivery, ("بدر", cast.SUPPORT))
    assert mail.to == [("", MAJED)]
    assert "> when does it come?" in mail.text
    assert (mail.in_reply_to, list(mail.references)) == ("", [])
    assert b"Auto-Submitted" not in build(mail)
    assert "hourglass" in page.get(f"/conversations/{conversation.pk}").content.decode()

    answer("نعم، أمس.\n\nOn Mon, 2 Nov 2026 at 10:00, support wrote:\n> هل وصلت الشحنة؟")
    note = Entry.objects.order_by("pk").last()
    assert note is not None
    assert (note.kind, note.conversation, note.from_name) == ("note", conversation, "ماجد")
    assert note.text.strip() == "نعم، أمس."
    question = Question.objects.get()
    assert (question.answer, question.answered_at is not None) == (note, True)
    assert Conversation.objects.count() == 1
    assert list(Participant.objects.values_list("address", flat=True)) == [cast.LAYLA]
    assert not Customer.objects.filter(addresses__address=MAJED).exists()
    shown = page.get(f"/conversations/{conversation.pk}").content.decode()
    assert "hourglass" not in shown
    assert "نعم، أمس." in shown


def test_the_customer_gets_nothing_of_it(page: Client, conversation: Conversation) -> None:
    from majlis.channels import outbox

    ask(page, conversation)
    answer("secret")
    conversation.refresh_from_db()
    sent = outbox.send_reply(
        cast.badr(), conversation.pk, text="قريبًا", seen_seq=conversation.seq, submission_key=uuid4()
    )
    mail = leaving.outgoing(Delivery.objects.get(entry=sent.entry), ("", cast.SUPPORT))
    assert mail.recipients == [cast.LAYLA]
    whole = build(mail).decode()
    assert "secret" not in mail.text + (mail.quoted.text if mail.quoted else "")
    assert Delivery.objects.get(entry=None).message_id not in whole


def test_an_automatic_answer_is_none_and_joins_nothing(page: Client, conversation: Conversation) -> None:
    ask(page, conversation)
    answer("I am away", **{"Auto-Submitted": "auto-replied"})
    assert Question.objects.get().answered_at is None
    assert Entry.objects.filter(text__contains="away").count() == 0
    assert Conversation.objects.count() == 1
    assert RawMessage.objects.filter(taken_in_at=None).count() == 0
    answer("back again: yes")
    assert Question.objects.get().answered_at is not None


def test_from_another_address_it_is_a_note_in_that_name_and_the_same_mail_twice_is_one(
    page: Client, conversation: Conversation
) -> None:
    ask(page, conversation)
    for _ in range(2):
        answer(
            "from home",
            sender="majed@home.test",
            **{"Message-ID": "<h1@home.test>", "Date": "Mon, 2 Nov 2026 10:00:00 +0000"},
        )
    notes = Entry.objects.filter(text__contains="from home")
    assert [note.from_name for note in notes] == ["Majed A."]
    assert Participant.objects.count() == 1


def test_an_answer_after_a_merge_lands_in_the_target(page: Client, conversation: Conversation) -> None:
    ask(page, conversation)
    cast.arrive(cast.letter("other", headers={"Message-ID": "<b1@x.test>"}))
    other = Conversation.objects.exclude(pk=conversation.pk).get()
    badr = cast.badr()
    merge(conversation.pk, other.pk, teammate=badr, mailbox_ids=people.mailbox_ids_visible_to(badr))
    answer("yes")
    assert Entry.objects.get(text__startswith="yes").conversation == other


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"address": "majed"}, "bad_address"),
        ({"address": cast.SUPPORT}, "own_address"),
        ({"address": cast.LAYLA.upper()}, "takes_part"),
        ({"name": " "}, "no_name"),
        ({"text": " "}, "empty"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    page: Client, conversation: Conversation, changed: dict[str, str], code: str
) -> None:
    assert ask(page, conversation, **changed)["X-Majlis-Refused"] == code  # type: ignore[index]
    assert not Question.objects.exists()
    assert not Delivery.objects.exists()


def test_nobody_without_the_mailbox_asks(page: Client, conversation: Conversation) -> None:
    cast.salma()
    page.force_login(cast.noura())
    assert ask(page, conversation).status_code == 404  # type: ignore[attr-defined]
    assert page.get(f"/conversations/{conversation.pk}/questions").status_code == 404
    page.logout()
    assert page.get(f"/conversations/{conversation.pk}/questions").status_code == 302
