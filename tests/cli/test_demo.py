"""`majlis demo`: the made-up shop from the command line, and what the worker does for the button."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from majlis.cli.demo import bar
from tests.plugins import database

from .conftest import Installation

_OWNER = "from tests import cast; cast.salma()"
_ASKED = """
import threading
from majlis.cli.demo import carry_out
from majlis.people.models import Demo
Demo.objects.update_or_create(pk=1, defaults={"asked": "remove"})
carry_out(threading.Event())
print("asked:", repr(Demo.objects.get().asked), Demo.objects.get().problem)
"""


@pytest.fixture
def with_tables(django_db_setup: None) -> Iterator[str]:
    """The address of a database in which nothing is but the tables."""
    name = f"demo_{os.getpid()}"
    yield database.create_database(name)
    database.drop_database(name)


def test_it_is_made_and_removed_and_says_what_is_missing(
    installation: Installation, with_tables: str
) -> None:
    without_tables = installation.majlis("demo")
    assert without_tables.returncode == 1
    assert "The tables are not there yet" in without_tables.stderr
    installation.extra = {"MAJLIS_DATABASE_URL": with_tables}
    without_owner = installation.majlis("demo")
    assert without_owner.returncode == 1
    assert "There is no owner yet" in without_owner.stderr
    installation.majlis("manage", "shell", "--no-imports", "-c", _OWNER)

    made = installation.majlis("demo", "--conversations", "18")
    again = installation.majlis("demo")
    counted = installation.majlis("manage", "check_counters")
    removed = installation.majlis("demo", "--remove")

    assert made.stdout.startswith("Made the demo shop: 18 conversations of ")
    assert again.returncode == 1
    assert "is here already" in again.stderr
    assert counted.returncode == 0
    assert removed.stdout.startswith("Removed the demo shop: 18 conversations of ")

    # What the button asked for and cannot be is told, and not tried for ever.
    asked = installation.majlis("manage", "shell", "--no-imports", "-c", _ASKED)
    assert asked.stdout.splitlines()[-1] == "asked: '' demo_missing"


def test_the_bar_is_full_at_the_end() -> None:
    assert bar(0, 0, width=4) == "[····]"
    assert bar(1, 2, width=4) == "[██··]"
    assert bar(7, 7, width=4) == "[████]"
