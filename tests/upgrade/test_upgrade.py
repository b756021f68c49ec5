"""Every released version upgrades to this one in a single step, and nothing it held is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from majlis import __version__
from majlis.cli.postgres import programs
from tests.plugins import database
from tests.upgrade.make import counts

HERE = Path(__file__).parent
RELEASES = sorted(path.stem for path in HERE.glob("*.dump"))
LARGEST_BYTES = 1024 * 1024


def test_this_version_has_its_dump() -> None:
    assert __version__ in RELEASES


@pytest.mark.parametrize("version", RELEASES)
def test_a_release_upgrades_in_one_step_with_equal_counts(version: str, tmp_path: Path) -> None:
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
            "DJANGO_SETTINGS_MODULE": "majlis.settings",
        }
        for command in (["migrate", "--verbosity", "0"], ["migrate", "--check"], ["check_counters"]):
            subprocess.run([sys.executable, "-m", "django", *command], env=environment, check=True)
        with psycopg.connect(url) as connection:
            held = json.loads((HERE / f"{version}.json").read_text())
            assert counts(connection, held) == held
    finally:
        database.drop_database(name)
