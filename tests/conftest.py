"""What every test may use: its own database, and real mail servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.mailhost import MailHost
from tests.plugins import database

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

# Shared machines stall now and then: a slow example is no failure, and a failing one is found again by its blob.
hypothesis.settings.register_profile("majlis", deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile("majlis")


def pytest_configure() -> None:
    """Passwords are hashed cheaply: strength is Django's own affair, and tests sign in often."""
    from django.conf import settings
    from django.test import TransactionTestCase

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Static files under their plain names: the browser tests start the real thing, with names that carry digests.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Every client of a test would look through all of them again before it asks for anything.
    settings.WHITENOISE_AUTOREFRESH = True
    # After tests that commit.
    TransactionTestCase._fixture_teardown = lambda case: database.empty_tables()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This worker's database, copied from the migrated template."""
    from django.db import connections

    name = f"test_{database.worker()}"
    with django_db_blocker.unblock():
        database.migrate_template()
        database.create_database(name)
        database.emptying()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        database.drop_database(name)


@pytest.fixture(scope="session")
def mail_host() -> Iterator[MailHost]:
    """A real Dovecot and Exim, shared by the tests of this process: give each test its own users."""
    with MailHost() as host:
        yield host
