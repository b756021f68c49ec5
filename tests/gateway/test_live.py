"""A nudge reaches those who may see it and nobody else; a stream ends with its session."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.gateway.client import Listening, Web, eventually, started
from tests.gateway.conftest import BADR, BILLING, NOURA, SALES, SALMA, SUPPORT, wait_until_listening

Listen = Callable[[str], Listening]
Notify = Callable[[dict[str, Any]], None]
ENTRY = {"c": 7, "s": 3, "k": "entry", "m": SUPPORT}
ELSEWHERE = {"c": 8, "s": 1, "k": "entry", "m": SALES}


def test_a_nudge_reaches_those_who_may_see_its_mailbox(listen: Listen, notify: Notify) -> None:
    salma, badr, noura = listen("salma"), listen("badr"), listen("noura")

    notify(ENTRY)
    notify(ELSEWHERE)

    assert badr.next() == ("nudge", ENTRY)
    assert noura.next() == ("nudge", ELSEWHERE)  # her first: the other never came
    assert [salma.next(), salma.next()] == [("nudge", ENTRY), ("nudge", ELSEWHERE)]


def test_what_names_no_mailbox_or_is_no_nudge_reaches_nobody(
    listen: Listen, notify: Notify, database: psycopg.Connection
) -> None:
    salma = listen("salma")
    for payload in ("", "nonsense", "[1]", '"x"', '{"m":11}', '{"k":"entry"}', '{"k":"entry","m":[11]}'):
        database.execute("select pg_notify('majlis', %s)", [payload])
    notify({"k": "counts", "m": BILLING})
    assert salma.next() == ("nudge", {"k": "counts", "m": BILLING})


def test_the_stream_is_kept_by_no_cache_and_no_proxy(web: Web, listen: Listen) -> None:
    headers = listen("salma").headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize("session_key", ["", "unknown", "nobody", "late"])
def test_without_a_standing_session_there_is_no_stream(
    web: Web, database: psycopg.Connection, session_key: str
) -> None:
    for method in ("GET", "HEAD"):
        status, headers, _ = web.ask(method, "/live", headers={"cookie": f"majlis_session={session_key}"})
        assert status == 401
        assert headers["content-type"].startswith("text/plain")


def test_asking_with_head_opens_nothing(web: Web, database: psycopg.Connection) -> None:
    assert web.ask("HEAD", "/live", headers={"cookie": "x=1; majlis_session=salma"})[0] == 200
    assert web.ask("POST", "/live", headers={"cookie": "majlis_session=salma"})[0] == 405


def test_another_sites_page_gets_no_stream(web: Web, database: psycopg.Connection) -> None:
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200)):
        headers = {"cookie": "majlis_session=salma", "sec-fetch-site": site}
        assert web.ask("HEAD", "/live", headers=headers)[0] == status


def test_one_session_holds_at_most_twenty_streams(web: Web, listen: Listen) -> None:
    first = listen("badr")
    for _ in range(19):
        listen("badr")
    cookie = {"cookie": "majlis_session=badr"}
    assert web.ask("GET", "/live", headers=cookie)[0] == 429
    listen("salma")
    first.close()
    assert eventually(lambda: web.ask("HEAD", "/live", headers=cookie)[0] == 200)


def test_a_stream_ends_within_five_seconds_of_its_session_even_unannounced(
    listen: Listen, notify: Notify, database: psycopg.Connection
) -> None:
    fallen = [listen("badr"), listen("noura"), listen("salma")]
    staying = listen("salma's phone")
    fallen_at = time.monotonic()
    database.execute("delete from people_session where session_key = 'badr'")
    database.execute("update people_session set expire_date = now() where session_key = 'salma'")
    database.execute("update people_teammate set is_active = false where id = %s", [NOURA])
    for stream in fallen:
        assert stream.next() == ("bye", {"why": "signed-out"})
        assert stream.next() == ("end", None)
    assert time.monotonic() - fallen_at < 5
    notify(ENTRY)
    assert staying.next() == ("nudge", ENTRY)


def test_an_announced_sign_out_ends_the_stream_at_once(
    listen: Listen, notify: Notify, database: psycopg.Connection
) -> None:
    badr = listen("badr")
    fallen_at = time.monotonic()
    database.execute("delete from people_session where session_key = 'badr'")
    notify({"k": "access", "t": BADR})
    assert badr.next() == ("bye", {"why": "signed-out"})
    assert time.monotonic() - fallen_at < 1


def test_a_mailbox_taken_away_sends_no_more_nudges(
    listen: Listen, notify: Notify, database: psycopg.Connection
) -> None:
    badr = listen("badr")
    taken_at = time.monotonic()
    database.execute("delete from people_mailboxaccess where mailbox_id = %s", [SUPPORT])
    assert badr.next() == ("reload", {})
    assert time.monotonic() - taken_at < 5
    notify(ENTRY)
    notify({"k": "counts", "m": BILLING})
    assert badr.next() == ("nudge", {"k": "counts", "m": BILLING})


def test_a_mailbox_given_sends_nudges_at_once(
    listen: Listen, notify: Notify, database: psycopg.Connection
) -> None:
    noura = listen("noura")
    database.execute("insert into people_mailboxaccess values (%s, %s)", [NOURA, SUPPORT])
    notify({"k": "access", "t": NOURA})
    assert noura.next(1.5) == ("reload", {})
    notify(ENTRY)
    assert noura.next() == ("nudge", ENTRY)


def test_an_owner_who_becomes_an_agent_sees_only_what_was_given(
    listen: Listen, notify: Notify, database: psycopg.Connection
) -> None:
    salma = listen("salma")
    database.execute("insert into people_mailboxaccess values (%s, %s)", [SALMA, SALES])
    database.execute("update people_teammate set role = 'agent' where id = %s", [SALMA])
    notify({"k": "access", "t": SALMA})
    assert salma.next(1.5) == ("reload", {})
    notify(ENTRY)
    notify(ELSEWHERE)
    assert salma.next() == ("nudge", ELSEWHERE)


def end_backends(database: psycopg.Connection, name: str) -> int:
    cursor = database.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s", [name]
    )
    return len(cursor.fetchall())


def test_after_a_lost_connection_everybody_reloads_and_nothing_more_is_missed(
    listen: Listen, notify: Notify, database: psycopg.Connection
) -> None:
    badr, noura = listen("badr"), listen("noura")

    assert end_backends(database, "majlis gateway listen") == 1

    assert badr.next() == ("reload", {})
    assert noura.next() == ("reload", {})
    for seq in range(100):
        notify({**ENTRY, "s": seq})
    assert [badr.next()[1]["s"] for _ in range(100)] == list(range(100))


def test_a_lost_checking_connection_is_replaced_unnoticed(
    web: Web, listen: Listen, database: psycopg.Connection
) -> None:
    listen("badr")
    assert end_backends(database, "majlis gateway check") == 1
    assert listen("salma").status == 200


@pytest.mark.usefixtures("web")  # which listens too
def test_while_rights_cannot_be_checked_nobody_is_told_anything(
    conninfo: str, database: psycopg.Connection, notify: Notify
) -> None:
    with started(conninfo, "--stale", "2.5") as web:
        wait_until_listening(database, 2)
        badr = Listening(web, "badr")
        assert badr.next()[0] == "hello"
        with psycopg.connect(conninfo) as other, other.transaction():
            other.execute("lock table people_session in access exclusive mode")
            locked_at = time.monotonic()
            assert eventually(lambda: time.monotonic() - locked_at > 2.8)
            notify(ENTRY)
            # The server tells by whole pages (8 kB) how far its listeners have come: these fill the one ENTRY is on.
            for _ in range(3):
                notify({"k": "counts", "m": SUPPORT, "filling": "." * 7_000})
            waits = "select pg_notification_queue_usage() > 0"
            assert eventually(lambda: database.execute(waits).fetchone() == (False,))
            other.execute("delete from people_mailboxaccess where mailbox_id = %s", [SUPPORT])
        assert badr.next() == ("reload", {})
        assert badr.next() == ("reload", {})
        notify({"k": "counts", "m": BILLING})
        assert badr.next() == ("nudge", {"k": "counts", "m": BILLING})
        badr.close()


def test_without_a_database_the_answer_is_try_again(conninfo: str) -> None:
    with started("host=/nowhere dbname=majlis") as web:
        status, headers, _ = web.ask("GET", "/live", headers={"cookie": "majlis_session=salma"})
        assert (status, headers["retry-after"]) == (503, "2")
        assert web.ask("GET", "/echo")[0] == 200
