"""The throwaway database: every test begins with what the migrations left, on a server nobody else can reach."""

from __future__ import annotations

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests.plugins import database


@pytest.mark.django_db
@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_writes_is_gone_in_the_next(turn: str):
    assert not ContentType.objects.filter(app_label="left by a test").exists(), turn
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
