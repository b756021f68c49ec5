"""A visitor hears of their own conversations, of what was said to them alone, and until they are taken away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from majlis.channels.chat import tokens
from majlis.gateway import visitors
from majlis.gateway.stream import Stream
from majlis.gateway.visiting import Visit, Visitors
from tests.gateway.client import Visiting, Web, eventually, started
from tests.gateway.conftest import SUPPORT, wait_until_listening

Notify = Callable[[dict[str, Any]], None]
Connect = Callable[..., Visiting]

SHOP, OFF, ELSEWHERE = 1, 2, 3
# Layla at two browsers, as the shop says; Omar and somebody else, whom nobody knows.
LAYLA, LAYLAS_PHONE, OMAR, STRANGER, AT_OFF, NAMESAKE = 1, 2, 3, 4, 5, 6
PEOPLE = {
    "layla": (LAYLA, SHOP, "c-17"),
    "layla's phone": (LAYLAS_PHONE, SHOP, "c-17"),
    "omar": (OMAR, SHOP, ""),
    "stranger": (STRANGER, SHOP, ""),
    "off": (AT_OFF, OFF, ""),
    "namesake": (NAMESAKE, ELSEWHERE, "c-17"),  # of another brand
}
THREADS = {70: LAYLA, 71: OMAR, 72: STRANGER, 73: NAMESAKE}
LAYLAS, OMARS = 70, 71


@pytest.fixture(autouse=True)
def people(database: psycopg.Connection) -> None:
    """The visitors and their conversations as they were at the start."""
    database.execute(
        "truncate channels_widget, channels_visitor, channels_chatthread;"
        " insert into channels_widget values"
        """ (1, 1, true, '["https://shop.example"]'), (2, 1, false, '[]'), (3, 2, true, '[]')"""
    )
    for name, (number, widget, identity) in PEOPLE.items():
        row = [number, widget, tokens.digest(name), identity]
        database.execute("insert into channels_visitor values (%s, %s, %s, %s)", row)
    for thread in THREADS.items():
        database.execute("insert into channels_chatthread values (%s, %s)", thread)


@pytest.fixture(scope="module")
def web(conninfo: str) -> Iterator[Web]:
    """A web process that looks five times a second whether visitors still stand."""
    with (
        started(conninfo, "--visitors", "0", "--check", "0.2") as running,
        psycopg.connect(conninfo, autocommit=True) as one,
    ):
        wait_until_listening(one, 1)
        yield running


@pytest.fixture
def visit(web: Web) -> Iterator[Connect]:
    """Open a stream as somebody and wait for its greeting."""
    with ExitStack() as stack:

        def connect(token: str, **options: Any) -> Visiting:
            stream = Visiting(web, token, **options)
            stack.callback(stream.close)
            assert stream.status == 200
            assert stream.next()[0] == "hello"
            return stream

        yield connect


def said(number: int, seq: int, kinds: str = "reply.posted") -> dict[str, Any]:
    """What an action tells of a change."""
    return {"c": number, "s": seq, "k": kinds, "m": SUPPORT}


def heard(number: int, seq: int) -> tuple[str, dict[str, int]]:
    """What a visitor hears of it: no kind, no mailbox."""
    return "nudge", {"c": number, "s": seq}


def test_the_token_is_known_by_the_same_digest_on_both_sides() -> None:
    assert visitors.digest("layla") == tokens.digest("layla")


def test_everybody_hears_of_their_own_conversations_at_each_of_their_browsers(
    visit: Connect, notify: Notify
) -> None:
    layla, phone, omar, namesake = (
        visit("layla"),
        visit("layla's phone"),
        visit("omar"),
        visit("namesake", origin="x"),
    )

    for number in THREADS:
        notify(said(number, 2, "customer.wrote,status.changed"))
    for number in THREADS:
        notify(said(number, 3))

    assert [layla.next(), layla.next()] == [heard(LAYLAS, 2), heard(LAYLAS, 3)]
    assert [phone.next(), phone.next()] == [heard(LAYLAS, 2), heard(LAYLAS, 3)]
    assert [omar.next(), omar.next()] == [heard(OMARS, 2), heard(OMARS, 3)]
    assert [namesake.next(), namesake.next()] == [heard(73, 2), heard(73, 3)]


def test_what_the_team_does_by_itself_is_never_told(visit: Connect, notify: Notify) -> None:
    layla = visit("layla")
    for kinds in (
        "note.added",
        "assigned",
        "tag.added,priority.changed",
        "snoozed",
        "counts",
        "visited",
        "typing",
    ):
        notify(said(LAYLAS, 2, kinds))
    notify({"k": "presence", "m": SUPPORT, "c": LAYLAS, "t": 1, "d": "note", "n": "سلمى"})
    notify({"k": "presence", "m": SUPPORT, "c": LAYLAS, "t": 1, "d": "read", "n": "سلمى"})
    notify({"k": "notice", "t": 1, "m": SUPPORT, "c": LAYLAS})
    notify(said(LAYLAS, 9))
    assert layla.next() == heard(LAYLAS, 9)


def test_somebody_writing_and_somebody_reading_shows(visit: Connect, notify: Notify) -> None:
    layla = visit("layla")
    writing = {"k": "presence", "m": SUPPORT, "c": LAYLAS, "t": 1, "d": "reply", "n": "سلمى", "v": 5}
    notify(writing)
    assert layla.next() == ("typing", {"c": LAYLAS, "n": "سلمى"})
    notify({**writing, "d": ""})
    assert layla.next() == ("typing", {"c": LAYLAS, "n": ""})
    notify({"k": "seen", "m": SUPPORT, "c": LAYLAS, "s": 4})
    assert layla.next() == ("seen", {"c": LAYLAS, "s": 4})


def test_a_conversation_that_begins_is_heard_at_each_browser_from_then_on(
    visit: Connect, notify: Notify
) -> None:
    layla, phone, omar = visit("layla"), visit("layla's phone"), visit("omar")
    notify({"k": "chat", "c": 80, "v": [LAYLA, LAYLAS_PHONE]})
    notify(said(80, 2))
    assert [layla.next(), layla.next()] == [heard(80, 0), heard(80, 2)]
    assert [phone.next(), phone.next()] == [heard(80, 0), heard(80, 2)]
    notify(said(OMARS, 2))
    assert omar.next() == heard(OMARS, 2)


def test_who_goes_leaves_nothing_behind_and_who_comes_again_hears_again(
    visit: Connect, notify: Notify
) -> None:
    async def come_and_go() -> dict[str, Any]:
        here, stream = Visitors(), Stream("omar", visitors.NOBODY, _swallow)
        here.add(stream, Visit(OMAR, (OMARS,), ()), since=here.mark())
        here.take({"c": 81, "v": [OMAR]}, "chat")
        here.remove(stream)
        here.remove(stream)
        return {name: kept for name, kept in vars(here).items() if kept and not name.startswith("_begun")}

    assert asyncio.run(come_and_go()) == {}
    visit("omar").close()
    again = visit("omar")
    notify(said(OMARS, 2))
    assert again.next() == heard(OMARS, 2)


def test_what_begins_while_the_database_is_asked_is_not_missed() -> None:
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message["body"])

    async def come() -> None:
        here = Visitors()
        for begun_before in range(3):
            here.take({"c": 50 + begun_before, "v": [OMAR]}, "chat")
        mark = here.mark()
        here.take({"c": 81, "v": [OMAR]}, "chat")
        here.take({"c": 82, "v": [STRANGER]}, "chat")
        here.add(Stream("omar", visitors.NOBODY, send), Visit(OMAR, (OMARS,), ()), since=mark)
        for number in (50, 81, 82, OMARS):
            here.take(said(number, 2), "reply.posted")
        here.apply(
            "omar", Visit(OMAR, (OMARS,), ()), since=mark
        )  # a look that began as early takes nothing away
        here.take(said(81, 3), "reply.posted")
        await asyncio.sleep(0)  # the writer's turn

    asyncio.run(come())
    told = [json.loads(line[6:]) for line in b"".join(sent).splitlines() if line.startswith(b"data: ")]
    assert told == [{"c": 81, "s": 2}, {"c": OMARS, "s": 2}, {"c": 81, "s": 3}]


async def _swallow(_message: Any) -> None:
    """A line that takes everything."""


def test_a_conversation_found_at_a_look_makes_its_visitor_reload_and_is_heard_then(
    visit: Connect, notify: Notify, database: psycopg.Connection
) -> None:
    omar = visit("omar")
    database.execute("insert into channels_chatthread values (90, %s)", [OMAR])
    assert omar.next() == ("reload", {})
    notify(said(90, 2))
    assert omar.next() == heard(90, 2)


def test_a_conversation_that_is_no_longer_theirs_is_no_longer_heard(
    visit: Connect, notify: Notify, database: psycopg.Connection
) -> None:
    omar = visit("omar")
    database.execute(
        "update channels_chatthread set visitor_id = %s where conversation_id = %s", [STRANGER, OMARS]
    )
    stranger = visit("stranger")
    database.execute("insert into channels_chatthread values (91, %s)", [OMAR])
    assert omar.next() == ("reload", {})
    notify(said(OMARS, 2))
    notify(said(91, 2))
    assert omar.next() == heard(91, 2)
    assert stranger.next() == heard(OMARS, 2)


@pytest.mark.parametrize(
    "taken",
    [
        "delete from channels_visitor where id = 3",
        "update channels_widget set is_on = false where id = 1",
    ],
    ids=["visitor", "widget"],
)
def test_a_stream_ends_when_its_visitor_or_widget_is_taken_away(
    taken: str, visit: Connect, notify: Notify, database: psycopg.Connection
) -> None:
    omar = visit("omar")
    database.execute(taken.encode())
    assert omar.next() == ("bye", {"why": "signed-out"})
    assert omar.next() == ("end", None)


def test_who_may_not_hear_is_told_why(web: Web) -> None:
    for token, origin, status, code in [
        ("nobody", "https://shop.example", 401, "unknown_visitor"),
        ("", "https://shop.example", 401, "unknown_visitor"),
        ("off", "https://shop.example", 401, "unknown_visitor"),
        ("omar", "https://elsewhere.example", 403, "wrong_site"),
        ("omar", "null", 403, "wrong_site"),
    ]:
        refused = web.ask(
            "POST", "/chat/any/live", body=f'{{"token": "{token}"}}', headers={"origin": origin}
        )
        assert (refused[0], code in refused[2].decode()) == (status, True), (token, origin)
        assert refused[1]["access-control-allow-origin"] == origin
    for body in ("", "[]", "{", '{"token": 7}', "x" * 3_000):
        assert web.ask("POST", "/chat/any/live", body=body)[0] == 401, body[:9]
    assert web.ask("GET", "/chat/any/live")[0] == 405


def test_who_the_chat_is_not_shown_to_is_refused_until_they_have_a_conversation(
    web: Web, visit: Connect, database: psycopg.Connection
) -> None:
    database.execute("update channels_visitor set is_shown = false")
    database.execute("delete from channels_chatthread where visitor_id = %s", [STRANGER])
    body, headers = '{"token": "stranger"}', {"origin": "https://shop.example"}
    status, _, told = web.ask("POST", "/chat/any/live", body=body, headers=headers)
    assert (status, "not_shown" in told.decode()) == (403, True)
    visit("omar")
    database.execute("update channels_visitor set is_shown = true")
    visit("stranger")


def test_a_widget_without_sites_may_stand_anywhere(visit: Connect) -> None:
    assert visit("namesake", origin="https://elsewhere.example").headers["access-control-allow-origin"]


def test_one_visitor_holds_at_most_twelve_streams(web: Web, visit: Connect) -> None:
    first = visit("omar")
    for _ in range(11):
        visit("omar")
    asked = {"body": '{"token": "omar"}', "headers": {"origin": "https://shop.example"}}
    status, headers, _ = web.ask("POST", "/chat/any/live", **asked)
    assert (status, headers["retry-after"]) == (429, "10")
    visit("layla")
    first.close()

    def is_let_in() -> bool:
        stream = Visiting(web, "omar")
        stream.close()
        return stream.status == 200

    assert eventually(is_let_in)


def test_after_a_lost_connection_what_began_meanwhile_is_heard_too(
    visit: Connect, notify: Notify, database: psycopg.Connection
) -> None:
    omar = visit("omar")
    database.execute("insert into channels_chatthread values (92, %s)", [OMAR])
    ended = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'majlis gateway listen'"
    database.execute(ended)
    assert [omar.next(), omar.next()] == [
        ("reload", {}),
        ("reload", {}),
    ]  # it listens again; it found what began
    notify(said(92, 2))
    assert omar.next() == heard(92, 2)


def test_a_restart_says_bye(conninfo: str, database: psycopg.Connection) -> None:
    with started(conninfo) as web:
        wait_until_listening(database, 2)
        omar = Visiting(web, "omar")
        assert omar.next()[0] == "hello"
        assert web.stop() == 0
        assert [omar.next(), omar.next()] == [("bye", {"why": "restart"}), ("end", None)]
        omar.close()


def test_without_a_database_the_answer_is_try_again() -> None:
    with started("host=/nowhere dbname=majlis") as web:
        status, headers, body = web.ask("POST", "/chat/any/live", body='{"token": "omar"}')
        assert (status, headers["retry-after"]) == (503, "2")
        assert b"busy" in body
