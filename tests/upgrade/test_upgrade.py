"""Every released version upgrades to this one in a single step: nothing it held is lost, its tables are as new ones."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from majlis import __version__
from majlis.cli.postgres import programs
from tests.plugins import database
from tests.upgrade.make import counts

HERE = Path(__file__).parent
RELEASES = sorted(path.stem for path in HERE.glob("*.dump"))
LARGEST_BYTES = 1024 * 1024
_LOOK = """
import django
from django.core.management import execute_from_command_line
django.setup()
for words in (["migrate", "--check"], ["check_counters"]):
    execute_from_command_line(["django", *words])
"""


def test_this_version_has_its_dump() -> None:
    assert __version__ in RELEASES


@pytest.mark.parametrize("version", RELEASES)
def test_a_release_upgrades_in_one_step_with_equal_counts_and_to_the_tables_of_a_first_start(
    version: str, tmp_path: Path, django_db_setup: None
) -> None:
    dump = HERE / f"{version}.dump"
    assert dump.stat().st_size <= LARGEST_BYTES
    name = f"upgrade_{version.replace('.', '_')}_{os.getpid()}"
    url = database.create_database(name, template="template0")
    try:
        subprocess.run(
            [programs() / "pg_restore", "--no-owner", "--exit-on-error", "-d", url, dump], check=True
        )
        environment = {
            **os.environ,
            "MAJLIS_DATABASE_URL": url,
            "MAJLIS_DATA": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "tests.plain",
        }
        for command in (
            ["-m", "majlis.cli.main", "upgrade"],
            ["-c", _LOOK],
        ):
            subprocess.run([sys.executable, *command], env=environment, check=True)
        with psycopg.connect(url) as connection:
            held = json.loads((HERE / f"{version}.json").read_text())
            assert counts(connection, held) == held
            applied = set(connection.execute("select app, name from django_migrations").fetchall())
        assert applied >= set(MigrationLoader(None).disk_migrations or ())
        assert schema(url) == schema(database.database_url(f"test_{database.worker()}"))
    finally:
        database.drop_database(name)


def schema(url: str) -> list[str]:
    """Tables, columns in their order, sequences, indexes, constraints, as pg_dump writes them.

    Without casts and brackets: a condition that was restored has them elsewhere than the same one given by a program.
    And without the lines that hold a word of that dump alone.
    """
    dumped = subprocess.run(
        [programs() / "pg_dump", "--schema-only", "--no-owner", "-d", url],
        check=True,
        capture_output=True,
        text=True,
    )
    return [
        re.sub(r"::(character varying|text)|[()\[\]]", "", line)
        for line in dumped.stdout.splitlines()
        if not line.startswith(("\\restrict ", "\\unrestrict "))
    ]
