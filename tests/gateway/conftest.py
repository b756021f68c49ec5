"""A PostgreSQL of its own for the gateway's tests: they end backends and lock tables."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from majlis.cli.postgres import EmbeddedPostgres
from tests.gateway.client import Listening, Web, eventually, started

# The columns of the rooms' tables that the gateway reads.
TABLES = """
    create table people_teammate (id bigint primary key, is_active bool not null, role text not null);
    create table people_mailbox (id bigint primary key);
    create table people_mailboxaccess (teammate_id bigint not null, mailbox_id bigint not null);
    create table people_session (session_key text primary key, session_data text not null,
        expire_date timestamptz not null, teammate_id bigint);
    create table channels_widget (id bigint primary key, brand_id bigint not null, is_on bool not null, sites jsonb not null);
    create table channels_visitor (id bigint primary key, widget_id bigint not null, digest text not null unique,
        identity text not null, is_shown bool not null default true);
    create table channels_chatthread (conversation_id bigint primary key, visitor_id bigint);
"""
SALMA, BADR, NOURA = 1, 2, 3
SUPPORT, SALES, BILLING = 11, 12, 13
PEOPLE = f"""
    truncate people_teammate, people_mailbox, people_mailboxaccess, people_session;
    insert into people_mailbox values ({SUPPORT}), ({SALES}), ({BILLING});
    insert into people_teammate values ({SALMA}, true, 'owner'), ({BADR}, true, 'agent'), ({NOURA}, true, 'agent');
    insert into people_mailboxaccess values ({BADR}, {SUPPORT}), ({BADR}, {BILLING}), ({NOURA}, {SALES});
    insert into people_session values
        ('salma', '', now() + interval '1 day', {SALMA}),
        ('salma''s phone', '', now() + interval '1 day', {SALMA}), ('badr', '', now() + interval '1 day', {BADR}),
        ('noura', '', now() + interval '1 day', {NOURA}), ('nobody', '', now() + interval '1 day', null),
        ('late', '', now() - interval '1 second', {SALMA});
"""


@pytest.fixture(scope="session")
def conninfo() -> Iterator[str]:
    """A server with the four tables the gateway reads."""
    folder = Path(tempfile.mkdtemp(prefix="majlis-gw-"))
    postgres = EmbeddedPostgres(
        folder / "data", settings={"fsync": "off", "autovacuum": "off", "synchronous_commit": "off"}
    )
    try:
        postgres.start()
        text = make_conninfo(**postgres.database.parameters())
        with psycopg.connect(text, autocommit=True) as connection:
            connection.execute(TABLES)
        yield text
    finally:
        postgres.stop(in_a_hurry=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(conninfo: str) -> Iterator[psycopg.Connection]:
    """The writing side, with the cast as it was at the start."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(PEOPLE)
        yield connection


@pytest.fixture
def notify(database: psycopg.Connection) -> Callable[[dict[str, Any]], None]:
    """Send one notification as the actions do."""

    def send(nudge: dict[str, Any]) -> None:
        payload = json.dumps(nudge, separators=(",", ":"))
        database.execute("select pg_notify(%s, %s)", ["majlis", payload])

    return send


@pytest.fixture(scope="module")
def web(conninfo: str) -> Iterator[Web]:
    """A web process that the tests of one file share."""
    with started(conninfo) as running, psycopg.connect(conninfo, autocommit=True) as connection:
        wait_until_listening(connection, 1)
        yield running


def wait_until_listening(database: psycopg.Connection, processes: int) -> None:
    """Wait until so many web processes listen: who opens a stream before is told to reload, rightly."""
    query = (
        "select count(*) from pg_stat_activity where application_name = %s and state = 'idle' and query = %s"
    )

    def is_listening() -> bool:
        row = database.execute(query, ["majlis gateway listen", "listen majlis"]).fetchone()
        return row == (processes,)

    assert eventually(is_listening)


@pytest.fixture
def listen(web: Web, database: psycopg.Connection) -> Iterator[Callable[[str], Listening]]:
    """Open a stream as somebody and wait for its greeting."""
    with ExitStack() as stack:

        def connect(session_key: str) -> Listening:
            stream = Listening(web, session_key)
            stack.callback(stream.close)
            assert stream.status == 200
            assert stream.next()[0] == "hello"
            return stream

        yield connect
