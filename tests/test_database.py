"""The throwaway database: every test begins with what the migrations left, on a server nobody else can reach."""

from __future__ import annotations

import select

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, close_old_connections, connection, transaction

from majlis.database import Statement, execute_after, execute_last
from majlis.people.models import Team
from tests.plugins import database

NAME = "insert into django_content_type (app_label, model) values (%s, %s)"


@pytest.mark.django_db
@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_writes_is_gone_in_the_next(turn: str):
    assert not ContentType.objects.filter(app_label="left by a test").exists(), turn
    ContentType.objects.create(app_label="left by a test", model=turn)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_commits_is_gone_in_the_next_and_what_migrations_made_is_there(turn: str):
    assert not Team.objects.exists(), turn
    assert not ContentType.objects.filter(app_label="left by a test").exists(), turn
    assert ContentType.objects.filter(app_label="people", model="team").exists(), turn
    Team.objects.create(name="committed")
    ContentType.objects.create(app_label="left by a test", model=turn)


@pytest.mark.django_db
def test_django_uses_this_workers_copy_of_the_template():
    assert connection.settings_dict["NAME"] == f"test_{database.worker()}"
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from django_migrations")
        assert cursor.fetchone()[0] > 0


def test_the_server_listens_on_no_network_and_its_folder_is_private():
    with psycopg.connect(database.database_url("postgres")) as session:
        settings: dict[str, str] = dict(
            session.execute(
                "select name, setting from pg_settings where name in ('listen_addresses', 'fsync')"
            ).fetchall()
        )
    assert settings == {"listen_addresses": "", "fsync": "off"}
    assert database.server_folder().stat().st_mode & 0o077 == 0


def test_a_test_can_have_a_database_of_its_own(django_db_setup: None):
    url = database.create_database("own_of_a_test")
    try:
        with psycopg.connect(url) as session:
            assert session.execute("select count(*) > 0 from django_migrations").fetchone() == (True,)
    finally:
        database.drop_database("own_of_a_test")


def count() -> int:
    """How many of this test's rows another session sees."""
    with psycopg.connect(database.database_url(f"test_{database.worker()}")) as session:
        row = session.execute("select count(*) from django_content_type where app_label = 'last'").fetchone()
    return int(row[0]) if row else 0


@pytest.mark.django_db(transaction=True)
class TestTheLastStatement:
    """A statement that travels with the COMMIT."""

    def test_it_is_there_with_the_commit_and_not_before(self) -> None:
        with transaction.atomic():
            ContentType.objects.create(app_label="last", model="first")
            execute_last(NAME, ["last", "last"])
            assert count() == 0
            assert ContentType.objects.filter(app_label="last").count() == 1  # not even here
        assert count() == 2

    def test_its_error_comes_at_the_end_and_nothing_stays(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            ContentType.objects.create(app_label="last", model="one")
            execute_last(NAME, ["last", "one"])
        assert count() == 0
        ContentType.objects.create(app_label="last", model="the connection works on")
        assert count() == 1

    def test_an_error_of_the_block_takes_it_along(self) -> None:
        with pytest.raises(LookupError), transaction.atomic():
            execute_last(NAME, ["last", "one"])
            raise LookupError
        with transaction.atomic():
            ContentType.objects.create(app_label="last", model="another")
        assert count() == 1

    def test_within_an_outer_block_it_is_executed_at_once(self) -> None:
        with transaction.atomic():
            with transaction.atomic():
                execute_last(NAME, ["last", "inner"])
            assert ContentType.objects.filter(app_label="last").count() == 1
            execute_last(NAME, ["last", "outer"])
        assert count() == 2

    def test_what_comes_after_it_is_said_once_the_rows_are_there_and_never_without_them(self) -> None:
        said: list[Statement] = []

        def word() -> Statement | None:
            return said.pop() if said else None

        with psycopg.connect(database.database_url(f"test_{database.worker()}"), autocommit=True) as other:
            other.execute("listen a_word")
            for model in ("one", "one"):  # the second time it is there already
                said[:] = [("select pg_notify('a_word', %s)", [model])]
                try:
                    with transaction.atomic():
                        execute_last(NAME, ["last", model])
                        execute_after(word)
                except IntegrityError:
                    said.clear()
            heard = [notice.payload for notice in other.notifies(timeout=5, stop_after=1)]
            assert heard == ["one"]
            assert count() == 1
            assert list(other.notifies(timeout=0.2)) == []


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_left_before_the_next_request() -> None:
    def pid() -> int:
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            (found,) = cursor.fetchone()
        return int(found)

    connection.health_check_enabled = True  # type: ignore[attr-defined]
    try:
        before = pid()
        close_old_connections()
        assert pid() == before
        with psycopg.connect(database.database_url("postgres"), autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s)", [before])
        assert select.select([connection.connection.pgconn.socket], [], [], 10)[0], "the server says good-bye"
        close_old_connections()
        assert pid() != before
    finally:
        connection.health_check_enabled = False  # type: ignore[attr-defined]
