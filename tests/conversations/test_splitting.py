"""Part of a conversation becomes one of its own, and mail goes with it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from majlis.channels import opened, outbox
from majlis.conversations import queries
from majlis.conversations.models import Conversation, Entry
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Client:
    client = Client()
    client.force_login(cast.badr())
    return client


@pytest.fixture
def one() -> Conversation:
    """Layla asks, Badr answers, Layla asks something else."""
    cast.arrive(cast.letter("where is it", headers={"Message-ID": "<a1@x.test>"}))
    found = Conversation.objects.get()
    outbox.send_reply(cast.badr(), found.pk, text="on its way", seen_seq=found.seq, submission_key=uuid4())
    cast.arrive(
        cast.letter("and the invoice?", headers={"Message-ID": "<a2@x.test>", "In-Reply-To": "<a1@x.test>"})
    )
    found.refresh_from_db()
    return found


def said(number: int) -> list[str]:
    return [entry.text.strip() for entry in opened.entries(number)]


def test_what_is_chosen_stands_by_itself_and_its_replies_find_it(page: Client, one: Conversation) -> None:
    last = Entry.objects.get(text__startswith="and the")
    answer = page.post(f"/conversations/{one.pk}/splits", {"subject": "الفاتورة", "entry": [last.pk]})
    made = Conversation.objects.exclude(pk=one.pk).get()
    assert (made.subject, made.customer, made.assignee) == ("الفاتورة", one.customer, cast.badr())
    assert (said(one.pk), said(made.pk)) == (["where is it", "on its way"], ["and the invoice?"])
    one.refresh_from_db()
    assert made.waiting_since is not None
    assert one.waiting_since is None
    cast.arrive(cast.letter("so?", headers={"Message-ID": "<a3@x.test>", "In-Reply-To": "<a2@x.test>"}))
    assert said(made.pk)[-1] == "so?"
    assert queries.counters_off() == []

    # The line in both leads to the other; a page that stood there takes its lines anew.
    assert f'href="/conversations/{made.pk}"' in page.get(f"/conversations/{one.pk}").content.decode()
    assert f'href="/conversations/{one.pk}"' in page.get(f"/conversations/{made.pk}").content.decode()
    assert "data-anew" in page.get(f"/conversations/{one.pk}/entries?since=1").content.decode()

    # Undone, it is as before.
    assert f"/conversations/{one.pk}/splits/{made.pk}" in answer["X-Majlis-Told"]
    assert page.delete(f"/conversations/{one.pk}/splits/{made.pk}").status_code == 204
    assert said(one.pk) == ["where is it", "on its way", "and the invoice?", "so?"]
    assert queries.counters_off() == []


def test_a_reply_that_was_split_off_brings_its_answers_along_by_its_token(
    page: Client, one: Conversation
) -> None:
    reply = Entry.objects.get(kind="reply")
    page.post(f"/conversations/{one.pk}/splits", {"subject": "الشحن", "entry": [reply.pk]})
    made = Conversation.objects.exclude(pk=one.pk).get()
    assert made.status == "waiting"
    headers = {"Message-ID": "<a4@x.test>", "In-Reply-To": reply.message_id}
    cast.arrive(cast.letter("thanks", headers=headers))
    assert said(made.pk) == ["on its way", "thanks"]


def test_what_makes_no_sense_is_refused(page: Client, one: Conversation) -> None:
    every = list(Entry.objects.values_list("pk", flat=True))
    for sent, code in (
        ({"subject": "x"}, "nothing_chosen"),
        ({"subject": "x", "entry": [10**9]}, "nothing_chosen"),
        ({"subject": "x", "entry": every}, "nothing_left"),
        ({"subject": " ", "entry": every[:1]}, "no_subject"),
    ):
        assert page.post(f"/conversations/{one.pk}/splits", sent)["X-Majlis-Refused"] == code
    assert Conversation.objects.count() == 1


def test_nobody_else_may(page: Client, one: Conversation) -> None:
    cast.salma()
    page.force_login(cast.noura())
    for path in ("split", "splits", "calls", "splits/1"):
        answer = page.delete if path == "splits/1" else page.post if path == "splits" else page.get
        assert answer(f"/conversations/{one.pk}/{path}").status_code == 404
    page.logout()
    assert page.get(f"/conversations/{one.pk}/split").status_code == 302


class TestCalls:
    def test_a_call_stands_in_the_thread_and_nothing_leaves(self, page: Client, one: Conversation) -> None:
        form = page.get(f"/conversations/{one.pk}/calls").content.decode()
        assert "choice" in form
        sent = {
            "direction": "in",
            "number": "+966 55 000 0000",
            "minutes": "٤٫٥",
            "text": "سألت عن الفاتورة",
            "key": uuid4().hex,
        }
        for _ in range(2):  # the same submission twice is one call
            assert page.post(f"/conversations/{one.pk}/calls", sent).status_code == 204
        call = Entry.objects.get(kind="call")
        assert call.details == {"direction": "in", "seconds": 270, "number": "+966 55 000 0000"}
        assert not hasattr(call, "delivery")
        shown = page.get(f"/conversations/{one.pk}").content.decode()
        assert "phone-incoming" in shown
        assert "+966 55 000 0000" in shown

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"direction": "up"}, "no_such_direction"),
            ({"text": " "}, "empty"),
            ({"minutes": "long"}, "bad_length"),
            ({"minutes": "-1"}, "bad_length"),
            ({"minutes": "nan"}, "bad_length"),
            ({"minutes": "1441"}, "bad_length"),
            ({"number": "1" * 41}, "number_too_long"),
        ],
    )
    def test_what_is_no_call_is_refused(
        self, page: Client, one: Conversation, changed: dict[str, str], code: str
    ) -> None:
        sent = {"direction": "out", "number": "", "minutes": "", "text": "x", **changed}
        assert page.post(f"/conversations/{one.pk}/calls", sent)["X-Majlis-Refused"] == code
        assert not Entry.objects.filter(kind="call").exists()
