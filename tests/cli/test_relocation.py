"""The embedded database moves to a server of one's own over TCP, and back: the same rows, and no way to mix them up."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from majlis.cli import lock
from majlis.cli.postgres import EmbeddedPostgres

from .conftest import Installation, wait_until


@pytest.fixture
def external(folder: Path) -> Iterator[str]:
    """A second server, which listens on the network and wants a password; the address of its empty database."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = {"fsync": "off", "listen_addresses": "127.0.0.1", "port": str(port)}
    server = EmbeddedPostgres(folder / "external", settings=settings)
    server.prepare()
    (server.cluster / "pg_hba.conf").write_text("local all all trust\nhost all all all scram-sha-256\n")
    try:
        server.start()
        inside = f"postgresql://majlis@/majlis?host={server.database.host}&port={port}"
        with psycopg.connect(inside, autocommit=True) as session:
            session.execute("alter role majlis password 'سر'")
            session.execute("create database desk")
        yield f"postgresql://majlis:%D8%B3%D8%B1@127.0.0.1:{port}/desk"
    finally:
        server.stop()


def lines(made: Installation) -> list[tuple[object, ...]]:
    return made.query("select line from kept order by 1")


def fill(made: Installation) -> None:
    made.start()
    made.query("create table django_migrations (id serial primary key, app text, name text)")
    made.query("insert into kept values ('مرحبا'), ('hello')")
    made.stop()
    wait_until(lambda: not made.left())


def test_a_database_moves_out_and_back_with_all_its_rows(installation: Installation, external: str) -> None:
    fill(installation)

    looked = installation.majlis("database", "move", "--to", external, "--dry-run")
    assert looked.returncode == 0, looked.stderr
    assert "Nothing was changed" in looked.stdout
    assert (installation.data / "postgres" / "PG_VERSION").exists()

    out = installation.majlis("database", "move", "--to", external)
    assert out.returncode == 0, out.stderr
    assert "2 rows in 2 tables compared, by number and by sum: all are the same." in out.stdout
    assert "Now set MAJLIS_DATABASE_URL" in out.stdout
    assert "D8%B3" not in out.stdout
    (aside,) = installation.data.glob("before-move-*/postgres/PG_VERSION")
    assert aside.exists()

    forgotten = installation.majlis("run")  # without the setting: it would be an empty desk
    assert forgotten.returncode == 1
    assert "The database was moved to 127.0.0.1:" in forgotten.stderr
    told = installation.majlis("doctor")
    assert told.returncode == 1
    assert "PROBLEM database: the settings name one that was moved away" in told.stdout

    installation.extra["MAJLIS_DATABASE_URL"] = external
    installation.start()
    assert lines(installation) == [("hello",), ("مرحبا",)]
    installation.query("insert into kept values ('outside')")
    running = installation.majlis("database", "move", "--to", "embedded")
    assert running.returncode == 3
    assert "already at work here (majlis run)" in running.stderr
    installation.stop()
    wait_until(lambda: not installation.left())

    with psycopg.connect(external):
        used = installation.majlis("database", "move", "--to", "embedded")
    assert used.returncode == 1
    assert "The database is in use (1 connection open): stop Majlis everywhere first." in used.stderr

    back = installation.majlis("database", "move", "--to", "embedded")
    assert back.returncode == 0, back.stderr
    assert "3 rows in 2 tables compared" in back.stdout
    assert "moved to embedded" in installation.majlis("run").stderr

    del installation.extra["MAJLIS_DATABASE_URL"]
    installation.start()
    assert lines(installation) == [("hello",), ("outside",), ("مرحبا",)]


def test_a_target_that_holds_something_or_is_somebodys_is_refused(
    installation: Installation, external: str
) -> None:
    fill(installation)
    with psycopg.connect(external, autocommit=True) as session:
        session.execute("create table theirs (line text)")

    occupied = installation.majlis("database", "move", "--to", external)
    wrong = installation.majlis("database", "move", "--to", "mysql://here/there")
    same = installation.majlis("database", "move", "--to", "embedded")
    with lock.exclusive(installation.data, "backup"):
        busy = installation.majlis("database", "move", "--to", external)

    assert [done.returncode for done in (occupied, wrong, same, busy)] == [1, 1, 1, 3]
    assert "is not empty: make a new database there" in occupied.stderr
    assert "--to: the value is not an address like postgresql://" in wrong.stderr
    assert "is the embedded one already" in same.stderr
    assert (installation.data / "postgres" / "PG_VERSION").exists()
