"""What comes back to whoever posts: as much as happened, whether or not it had to be asked for."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from majlis.channels.models import Delivery
from majlis.conversations import inbox
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close
from majlis.conversations.actions.note import add_note
from majlis.conversations.models import Attachment, Conversation, Entry, Status
from majlis.files.models import File
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation() -> Conversation:
    cast.badr()
    cast.arrive(cast.letter("السلام عليكم، لم يصلني الطلب."))
    return Conversation.objects.get()


@pytest.fixture
def badr(conversation: Conversation) -> Client:
    client = Client()
    client.force_login(cast.badr())
    return client


def post(client: Client, conversation: Conversation, **changed: Any) -> Any:
    """Post a reply as the page does that stands where `conversation` was loaded."""
    sent = {"text": "وعليكم السلام", "seen": conversation.seq, "key": str(uuid4()), **changed}
    return client.post(
        f"/conversations/{conversation.pk}/replies", sent, headers={"HX-Request": "true", "Accept": "*/*"}
    )


def still(response: Any) -> str:
    """A fragment without the seconds that run down in it."""
    return re.sub(r'data-seconds="\d+"', "", response.content.decode()).strip()


STATE = '<div class="rowx" id="thread-state">'


def is_part(answered: Any, told: Any) -> bool:
    """Claims that an answer holds the entries of a catch-up and, if any of it, the same state of the bar."""
    entries, mark, state = still(answered).partition(STATE)
    return still(told).startswith(entries.strip()) and mark + state in still(told)


def asked(client: Client, conversation: Conversation) -> Any:
    return client.get(f"/conversations/{conversation.pk}/entries?since={conversation.seq}")


def test_the_answer_is_what_the_page_would_have_been_told(badr: Client, conversation: Conversation) -> None:
    answered = post(badr, conversation)
    told = asked(badr, conversation)
    assert answered["X-Majlis-Seq"] == told["X-Majlis-Seq"]
    assert is_part(answered, told)
    assert STATE in still(answered)


def test_the_second_reply_brings_no_bar_that_did_not_change(badr: Client, conversation: Conversation) -> None:
    post(badr, conversation)
    conversation.refresh_from_db()
    answered = post(badr, conversation, text="وأيضا")
    assert "وأيضا" in still(answered)
    assert STATE not in still(answered)
    assert is_part(answered, asked(badr, conversation))


def test_a_colleague_stays_named_in_the_bar(badr: Client, conversation: Conversation) -> None:
    salma = cast.salma()
    Conversation.objects.update(assignee=salma)
    answered = post(badr, conversation)
    assert salma.name in still(answered)
    assert is_part(answered, asked(badr, conversation))


def test_what_others_wrote_meanwhile_comes_along(badr: Client, conversation: Conversation) -> None:
    with changing(conversation.pk) as change:
        add_note(change, teammate=cast.salma(), text="انتظر قليلا", submission_key=uuid4())
    answered = post(badr, conversation, force="1")
    assert "انتظر قليلا" in still(answered)
    assert still(answered) == still(asked(badr, conversation))


def test_a_closed_conversation_comes_back_with_its_whole_head(
    badr: Client, conversation: Conversation
) -> None:
    with changing(conversation.pk) as change:
        close(change, teammate=cast.badr())
    conversation.refresh_from_db()
    answered = still(post(badr, conversation))
    assert 'id="thread-head"' in answered
    conversation.refresh_from_db()
    assert conversation.status == Status.WAITING


def test_a_page_that_sends_json_is_understood(badr: Client, conversation: Conversation) -> None:
    address = f"/conversations/{conversation.pk}/replies"
    kept = {"text": "تم الشحن\r\nاليوم", "seen": str(conversation.seq), "key": str(uuid4()), "close": "1"}
    headers = {"HX-Request": "true", "Accept": "*/*"}
    first = badr.post(address, kept, content_type="application/json", headers=headers)
    again = badr.post(address, kept, content_type="application/json", headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert Entry.objects.get(kind="reply").text == "تم الشحن\nاليوم"
    conversation.refresh_from_db()
    assert conversation.status == Status.CLOSED


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '"text"', '{"text": 5}', '{"text": {"a": 1}, "seen": null}', "\xff"]
)
def test_what_is_no_json_of_ours_is_an_empty_reply(
    badr: Client, conversation: Conversation, body: str
) -> None:
    response = badr.post(
        f"/conversations/{conversation.pk}/replies",
        body.encode("latin-1"),
        content_type="application/json",
        headers={"HX-Request": "true", "Accept": "*/*"},
    )
    assert response.status_code == 422
    assert response["X-Majlis-Refused"] == "empty"


def test_who_answers_has_read_it(badr: Client, conversation: Conversation) -> None:
    post(badr, conversation)
    (row,), _ = inbox.page("all", teammate_id=cast.badr().pk, mailbox_ids=[conversation.mailbox_id])
    assert not row.is_unread


def test_who_answers_over_something_unseen_has_not_read_it_by_posting(
    badr: Client, conversation: Conversation
) -> None:
    response = badr.post(
        f"/conversations/{conversation.pk}/replies",
        {"text": "وعليكم السلام", "seen": 0, "force": "1", "key": str(uuid4())},
        headers={"Accept": "text/html"},
    )
    assert response.status_code == 302
    (row,), _ = inbox.page("all", teammate_id=cast.badr().pk, mailbox_ids=[conversation.mailbox_id])
    assert row.is_unread


def test_files_go_without_a_word(badr: Client, conversation: Conversation) -> None:
    invoice = SimpleUploadedFile("فاتورة.pdf", b"%PDF-1.7", "application/pdf")
    answered = post(badr, conversation, text="", files=[invoice])
    assert answered.status_code == 200
    assert "فاتورة.pdf" in still(answered)
    entry = Entry.objects.get(kind="reply")
    assert (entry.text, Attachment.objects.get().entry) == ("", entry)
    assert Delivery.objects.get().entry == entry
    assert is_part(answered, asked(badr, conversation))
    conversation.refresh_from_db()
    assert conversation.snippet == "فاتورة.pdf"


def test_files_for_a_conversation_one_may_not_see_are_not_even_kept(conversation: Conversation) -> None:
    noura = Client()
    noura.force_login(cast.noura())
    invoice = SimpleUploadedFile("a.pdf", b"%PDF-1.7 of noura", "application/pdf")
    before = File.objects.count()
    assert post(noura, conversation, text="", files=[invoice]).status_code == 404
    assert File.objects.count() == before


def test_posting_asks_as_much_of_a_long_conversation_as_of_a_short_one(
    badr: Client, conversation: Conversation
) -> None:
    def asked_for() -> int:
        conversation.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            assert post(badr, conversation).status_code == 200
        return len(queries)

    asked_for()  # the first one assigns
    few = asked_for()
    salma = cast.salma()
    for n in range(300):
        with changing(conversation.pk) as change:
            add_note(change, teammate=salma, text=f"note {n}", submission_key=uuid4())
    assert asked_for() == few
    assert few <= 6
