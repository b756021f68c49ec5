"""A visitor says something and reads what is answered; nobody reads another's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from majlis.channels.chat.models import Visitor
from majlis.channels.outbox import send_reply
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.note import add_note
from majlis.conversations.models import Conversation, Entry, Status
from majlis.people.models import Customer
from tests import cast
from tests.channels.chat import shop

pytestmark = pytest.mark.django_db


def test_what_a_visitor_says_is_a_conversation_of_the_widgets_mailbox_with_the_page_and_no_query():
    visitor = shop.Visitor(shop.widget())
    told = visitor.say("هل يصل الطقم إلى جدة؟")
    assert visitor.status == 200
    conversation = shop.newest()
    entry = conversation.entries.get()
    assert (conversation.channel, conversation.mailbox_id) == ("chat", cast.support().pk)
    assert entry.text == "هل يصل الطقم إلى جدة؟"
    assert (entry.details or {})["page"] == "https://shop.example/coffee/dallah"
    assert conversation.waiting_since is not None
    assert told["entry"]["body"] == [["p", {"dir": "auto"}, "هل يصل الطقم إلى جدة؟"]]
    assert told["token"]


def test_the_same_said_twice_is_there_once():
    visitor, key = shop.Visitor(shop.widget()), str(uuid4())
    first = visitor.say("مرة", key=key)
    again = visitor.say("مرة", key=key)
    assert first["entry"]["seq"] == again["entry"]["seq"]
    assert Entry.objects.count() == 1


def test_first_words_whose_answer_was_lost_make_nobody_twice():
    widget, key = shop.widget(), str(uuid4())
    first, again = shop.Visitor(widget), shop.Visitor(widget)
    lost = first.say("مرحبا", key=key)  # and the answer, with the token in it, never came
    told = again.say("مرحبا", key=key)
    assert (told["conversation"]["id"], again.token) == (lost["conversation"]["id"], first.token)
    assert Entry.objects.count() == Conversation.objects.count() == Customer.objects.count() == 1
    assert again.say("هل من أحد؟", conversation=told["conversation"]["id"])["entry"]["seq"] == 2
    other = shop.Visitor(shop.widget(of=shop.brand("أخرى")), address="203.0.113.9")
    assert other.say("مرحبا", key=key)["conversation"]["id"] != lost["conversation"]["id"]


def test_a_key_opens_nothing_after_an_hour():
    widget, key = shop.widget(), str(uuid4())
    layla, later = shop.Visitor(widget), shop.Visitor(widget)
    number = layla.say("مرحبا", key=key)["conversation"]["id"]
    Visitor.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert later.say("من هنا؟", key=key)["conversation"]["id"] != number
    assert later.token != layla.token


def test_an_answer_stands_in_the_chat_at_once_and_nothing_leaves():
    visitor = shop.Visitor(shop.widget())
    number = visitor.say("هل يصل؟")["conversation"]["id"]
    badr = cast.badr()
    posted = _answer(number, "نعم، الأربعاء.")
    assert not hasattr(posted, "delivery")
    seen = visitor.ask("since", conversation=number, since=1)
    (answer,) = [one for one in seen["entries"] if one["who"] == "team"]
    assert (answer["name"], answer["body"]) == (badr.name, [["p", {"dir": "auto"}, "نعم، الأربعاء."]])
    assert Conversation.objects.get(pk=number).status == Status.WAITING


def test_notes_are_never_told():
    visitor = shop.Visitor(shop.widget())
    number = visitor.say("هل يصل؟")["conversation"]["id"]
    with changing(number) as change:
        add_note(change, teammate=cast.badr(), text="سرّ", html="", submission_key=uuid4())
    told = visitor.ask("open")
    assert "سرّ" not in str(told)
    assert "سرّ" not in str(visitor.ask("since", conversation=number, since=0))


def test_a_visitor_never_reads_anothers_conversation():
    widget = shop.widget()
    layla, stranger = shop.Visitor(widget), shop.Visitor(widget, address="203.0.113.9")
    number = layla.say("رقم بطاقتي")["conversation"]["id"]
    stranger.say("أنا غريب")
    for what in ("since", "read", "typing", "address", "end"):
        told = stranger.ask(what, conversation=number, since=0, seq=9, address="x@y.example")
        assert (stranger.status, told["error"]) == (404, "not_found"), what
    assert stranger.say("دخيل", conversation=number)["error"] == "not_found"
    other = shop.Visitor(shop.widget(of=shop.brand("أخرى")), address="203.0.113.9")
    other.token = layla.token
    assert other.ask("since", conversation=number, since=0)["error"] == "unknown_visitor"
    assert other.status == 401


def test_looking_makes_nobody():
    visitor = shop.Visitor(shop.widget())
    told = visitor.ask("open")
    assert told["conversation"] is None
    assert not visitor.token
    assert Customer.objects.count() == 0


def test_what_a_visitor_reads_is_marked_and_counted():
    visitor = shop.Visitor(shop.widget())
    number = visitor.say("هل يصل؟")["conversation"]["id"]
    answer = _answer(number, "نعم")
    assert visitor.ask("here") == {"shown": True, "unread": 1}
    visitor.ask("read", conversation=number, seq=answer.seq)
    assert visitor.ask("here")["unread"] == 0
    visitor.ask("read", conversation=number, seq=1)
    assert visitor.ask("here")["unread"] == 0


def test_files_go_with_a_message_and_only_their_visitor_can_send_them():
    widget = shop.widget()
    visitor, stranger = shop.Visitor(widget), shop.Visitor(widget, address="203.0.113.9")
    kept = visitor.upload("فاتورة.txt", "المبلغ".encode())
    stranger.say("أنا")
    assert stranger.say("ملف", files=[kept["id"]])["error"] == "unknown_file"
    told = visitor.say("", files=[kept["id"]])
    (file,) = told["entry"]["files"]
    assert file["name"] == "فاتورة.txt"
    fetched = visitor.fetch(file["url"])
    assert b"".join(fetched.streaming_content) == "المبلغ".encode()
    assert fetched["Content-Disposition"].startswith("attachment")
    assert visitor.fetch(file["url"][:-2] + "xx").status_code == 404


def test_a_page_that_says_it_is_a_picture_is_saved_and_never_shown():
    visitor = shop.Visitor(shop.widget())
    kept = visitor.upload("صورة.png", b"<script>alert(1)</script>", "image/png")
    (file,) = visitor.say("صورة", files=[kept["id"]])["entry"]["files"]
    fetched = visitor.fetch(file["url"])
    assert fetched["Content-Type"] == "application/octet-stream"
    assert fetched["Content-Disposition"].startswith("attachment")
    assert b"".join(fetched.streaming_content) == b"<script>alert(1)</script>"
    assert "sandbox" in fetched["Content-Security-Policy"]


def test_who_closed_is_written_to_again_in_the_same_place():
    visitor = shop.Visitor(shop.widget())
    number = visitor.say("هل يصل؟")["conversation"]["id"]
    told = visitor.say("أنا مرة أخرى", conversation=number)
    assert told["conversation"]["id"] == number
    assert visitor.say("سؤال آخر")["conversation"]["id"] != number


def _answer(number: int, text: str) -> Entry:
    seen = Conversation.objects.get(pk=number).seq
    return send_reply(cast.badr(), number, text=text, seen_seq=seen, submission_key=uuid4()).entry


def test_the_panel_is_called_as_the_team_and_the_brand_are():
    widget = shop.widget(of=shop.brand("سدرة", name_latin="Sidra"))
    assert shop.Visitor(widget).ask("open")["name"] == "الدعم · سدرة"
    assert shop.Visitor(widget).ask("open", language="en-GB")["name"] == "Support · Sidra"
