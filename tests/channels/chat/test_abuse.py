"""What nobody decent sends: refused in a sentence, and the inbox stands as before."""

from __future__ import annotations

import orjson
import pytest

from majlis.conversations.models import Conversation, Entry
from tests.channels.chat import shop

pytestmark = pytest.mark.django_db


def test_a_page_of_another_site_is_refused():
    thief = shop.Visitor(shop.widget(), origin="https://shop.example.evil.test")
    told = thief.say("أهلًا")
    assert (thief.status, told["error"]) == (403, "wrong_site")
    assert Conversation.objects.count() == 0


def test_a_widget_without_sites_stands_anywhere():
    visitor = shop.Visitor(shop.widget(sites=()), origin="https://any.example")
    visitor.say("أهلًا")
    assert visitor.headers["Access-Control-Allow-Origin"] == "https://any.example"
    assert "Set-Cookie" not in visitor.headers


def test_a_flood_is_stopped_and_told_when_to_go_on():
    visitor = shop.Visitor(shop.widget())
    answers = [visitor.say(f"رقم {number}") for number in range(34)]
    assert visitor.status == 429
    assert answers[-1]["error"] == "too_often"
    assert 0 < int(visitor.headers["Retry-After"]) <= 60
    assert Entry.objects.count() == 30


def test_a_flood_of_new_visitors_from_one_address_is_stopped():
    widget = shop.widget()
    refused = [
        told for _ in range(25) if (told := shop.Visitor(widget).say("أهلًا")).get("error") == "too_often"
    ]
    assert len(refused) == 5
    assert Conversation.objects.count() == 20
    assert "error" not in shop.Visitor(widget, address="203.0.113.99").say("أهلًا")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"text": ""}, "empty"),
        ({"text": "   \n "}, "empty"),
        ({"text": "س" * 5_001}, "too_long"),
        ({"text": ["a"]}, "empty"),
        ({"text": "x", "key": "no uuid"}, "not_understood"),
        ({"text": "x", "files": ["no uuid"]}, "not_understood"),
        ({"text": "x", "conversation": "7; drop table"}, "not_a_number"),
        ({"text": "x", "conversation": True}, "not_a_number"),
        ({"text": "x", "conversation": 10**30}, "not_a_number"),
    ],
)
def test_what_makes_no_sense_is_refused_clearly(said, code):
    visitor = shop.Visitor(shop.widget())
    told = visitor.say(**{"text": "x", **said})
    assert (visitor.status, told["error"]) == (400, code)
    assert told["say"]
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff\xfe", b'{"text": "\\ud800"}', b"1"])
def test_a_body_that_is_no_question_is_refused(body):
    visitor = shop.Visitor(shop.widget())
    visitor.post("say", body)
    assert visitor.status == 400


def test_a_body_that_is_too_large_is_refused():
    visitor = shop.Visitor(shop.widget())
    visitor.post("say", b'{"text": "' + b"x" * 70_000 + b'"}')
    assert visitor.status == 413


def test_a_script_in_every_field_is_text_and_nothing_else():
    script = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    visitor = shop.Visitor(shop.widget())
    told = visitor.say(
        script, page=f"https://shop.example/{script}", language=script, zone=script, name=script
    )
    (entry,) = Entry.objects.all()
    assert entry.text == script
    (node,) = told["entry"]["body"]
    assert node[0] == "p"
    assert "".join(part for part in node[2:] if isinstance(part, str)) == script
    assert visitor.ask("open", language=script)["name"].startswith("الدعم")


def test_pages_that_are_none_are_not_kept():
    visitor = shop.Visitor(shop.widget())
    for page in ("javascript:alert(1)", "file:///etc/passwd", "https://user:pass@shop.example/x", "::"):
        visitor.say("أهلًا", page=page)
        details = Entry.objects.order_by("-pk")[0].details
        assert (details or {}).get("page", "") in ("", "https://shop.example/x")


def test_a_large_file_and_too_many_of_them_are_refused():
    visitor = shop.Visitor(shop.widget())
    assert visitor.upload("big.bin", b"x" * (10 * 1024 * 1024 + 1))["error"] == "file_too_large"
    refused = [told for number in range(22) if (told := visitor.upload(f"{number}.txt", b"x")).get("error")]
    assert refused


def test_what_is_unknown_is_not_there():
    visitor = shop.Visitor(shop.widget())
    visitor.widget.key = "nobody"
    assert visitor.ask("open")["error"] == "no_such_widget"
    assert visitor.status == 404
    assert orjson.loads(visitor.fetch("/chat/nobody/open").content or b"{}") == {}


def test_a_flood_of_any_question_is_stopped_by_where_it_comes_from(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("majlis.public.chat.asking.MOST_ASKED", 5)
    widget = shop.widget()
    asked = [shop.Visitor(widget).ask("here").get("error", "") for _ in range(7)]
    assert asked == [""] * 5 + ["too_often"] * 2
    assert shop.Visitor(widget, address="203.0.113.99").ask("here")["shown"]
