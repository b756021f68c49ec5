"""Installations on the throwaway server, each with a database and a folder of its own; one is full."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from majlis import config
from majlis.cli.moving import exporting
from majlis.cli.moving.tables import EXPORTED
from tests.folders import new_folder
from tests.plugins import database

ROOT = Path(__file__).resolve().parents[2]
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """An installation that is not running."""

    name: str
    data: Path
    key: str

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MAJLIS_")}
        given = {"MAJLIS_SECRET_KEY": self.key} if self.key else {}
        return {
            **kept,
            **given,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "tests.plain",
            "MAJLIS_DATA": str(self.data),
            "MAJLIS_DATABASE_URL": database.database_url(self.name),
        }

    @property
    def config(self) -> config.Config:
        return config.load(self.environment())

    def python(
        self, *words: str, before: tuple[str, ...] = (), **more: Any
    ) -> subprocess.CompletedProcess[str]:
        """`before`: what stands before the command."""
        return subprocess.run(
            [*before, sys.executable, *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            **more,
        )

    def majlis(self, *words: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "majlis.cli.main", *map(str, words), **more)

    def launch(self, *words: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "majlis.cli.main", *map(str, words)],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def query(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(database.database_url(self.name), autocommit=True) as session:
            done = session.execute(question.encode())
            return done.fetchall() if done.description else []

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table in the order of its first column."""
        with psycopg.connect(database.database_url(self.name)) as session:
            session.execute("set time zone 'UTC'")
            asked = sql.SQL("select to_jsonb(t) from {} t order by 1").format(sql.Identifier(table))
            found = [row for (row,) in session.execute(asked).fetchall()]
        return sorted(found, key=lambda row: json.dumps(row.get("id", row), sort_keys=True).zfill(20))

    def number_of_rows(self) -> int:
        with psycopg.connect(database.database_url(self.name)) as session:
            counts = [
                session.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()
                for name in EXPORTED
            ]
        return sum(row[0] for row in counts if row)


@pytest.fixture(scope="session")
def makes_places(django_db_setup: None) -> Iterator[Callable[..., Place]]:
    """Makes installations: `makes_places(key=…, is_migrated=…, like=…)`; all of them go at the end."""
    made: list[Place] = []

    def make(*, key: str = "", is_migrated: bool = True, like: Place | None = None) -> Place:
        name = f"moving_{os.getpid()}_{next(_numbers)}"
        usual = database.TEMPLATE if is_migrated else "template0"
        database.create_database(name, template=like.name if like else usual)
        place = Place(name, new_folder() / "var", like.key if like else key)
        made.append(place)
        if like is not None:
            shutil.copytree(like.data, place.data)
        return place

    yield make
    for place in made:
        database.drop_database(place.name)
        shutil.rmtree(place.data.parent)


@pytest.fixture(scope="session")
def full(makes_places: Callable[..., Place]) -> Place:
    """A desk with something in every table. Only read from."""
    place = makes_places(key="the key of the full desk, good for nothing else")
    place.data.mkdir()
    done = place.python("-m", "tests.moving.full")
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="session")
def exported(full: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its export, without the key. Only read from."""
    folder = tmp_path_factory.mktemp("exported") / "desk"
    exporting.export(full.config, folder, say=lambda text: None)
    return folder


@pytest.fixture
def empty(makes_places: Callable[..., Place]) -> Place:
    """An installation with tables and nothing in them, with a key of its own."""
    return makes_places(key="another key, of the desk that is still empty")


@pytest.fixture(scope="session")
def moved(exported: Path, makes_places: Callable[..., Place]) -> Place:
    """What the export became in an empty installation with another key. Only read from."""
    place = makes_places(key="the key of the desk that was moved to")
    done = place.majlis("import", exported)
    assert done.returncode == 0, done.stderr
    assert (
        "Enter the passwords of these mailboxes again, or sign in to them: support@majlis.test" in done.stdout
    )
    return place
