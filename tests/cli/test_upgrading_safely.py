"""An upgrade loses nothing, whatever happens to it: it fails, it is killed, the disk is full, rows go missing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from majlis import __version__
from majlis.cli import kept
from majlis.cli.kept import next_path
from majlis.config import load
from tests import small_disk
from tests.plugins import database
from tests.polling import until

from .conftest import ROOT

_HELD = "insert into people_installation (id, company, language, time_zone, region) values (1,'مجلس','ar','UTC','SA')"


class Desk:
    """A database of this version on the tests' own server, over which `majlis` of a later one runs."""

    def __init__(self, folder: Path, url: str) -> None:
        self.data = folder / "var"
        self.mark = folder / "mark"
        self.url = url
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "MAJLIS_DATA": str(self.data),
            "MAJLIS_DATABASE_URL": url,
            "MAJLIS_TEST_MARK": str(self.mark),
            "DJANGO_SETTINGS_MODULE": "tests.cli.later.settings",
        }

    def command(self, *words: str, how: str = "well", prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*prefix, sys.executable, "-m", "majlis.cli.main", *words],
            env={**self.environment, "MAJLIS_TEST_MIGRATION": how},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def upgrade(self, *words: str, how: str = "well", prefix: tuple[str, ...] = ()) -> tuple[int, str]:
        """The exit status, and all that was said."""
        process = self.command("upgrade", *words, how=how, prefix=prefix)
        out, err = process.communicate(timeout=60)
        return process.returncode, out + err

    def backups(self) -> list[Path]:
        return kept.backups(load(self.environment))

    def holds(self) -> tuple[bool, int]:
        """Whether the later table is there, and how many installations."""
        with psycopg.connect(self.url) as session:
            row = session.execute(
                "select to_regclass('later_table') is not null, (select count(*) from people_installation)"
            ).fetchone()
        assert row is not None
        return row


def kill(process: subprocess.Popen[str]) -> None:
    """With SIGKILL; what it started may live on and hold its output."""
    with process:
        process.kill()


@pytest.fixture
def desk(folder: Path, django_db_setup: None) -> Iterator[Desk]:
    name = f"later_{os.getpid()}"
    made = Desk(folder, database.create_database(name))
    with psycopg.connect(made.url) as session:
        session.execute(_HELD)
    yield made
    database.drop_database(name)


def test_a_dry_run_says_all_and_changes_nothing(desk: Desk) -> None:
    status, said = desk.upgrade("--dry-run")

    assert status == 0, said
    assert "would carry out 1 migration:\n  later.0001_later\n" in said
    assert "A backup first: " in said
    assert "All of it is one transaction" in said
    assert desk.holds() == (False, 1)
    assert desk.backups() == []


def test_a_rehearsal_upgrades_a_copy_says_how_it_went_and_leaves_nothing(desk: Desk) -> None:
    status, said = desk.upgrade("--rehearse")

    assert status == 0, said
    assert "counted before and after: all are there" in said
    assert "ok      links between rows: all " in said
    assert "The rehearsal went well" in said
    assert desk.holds() == (False, 1)
    assert sorted(path.name for path in desk.data.iterdir()) == ["files"]


def test_a_rehearsal_of_what_fails_says_where_and_changes_nothing(desk: Desk) -> None:
    status, said = desk.upgrade("--rehearse", how="fails")

    assert status == 1
    assert "The copy could not be upgraded: The upgrade failed in later.0001_later" in said
    assert "This was a rehearsal: nothing was changed." in said
    assert desk.holds() == (False, 1)


def test_an_upgrade_counts_every_row_and_tables_grow_only_where_a_migration_says_so(desk: Desk) -> None:
    status, said = desk.upgrade(how="adds")

    assert status == 0, said
    assert "counted before and after: all are there" in said
    assert desk.holds() == (True, 1)
    (saved,) = desk.backups()
    assert saved.name.startswith("before-")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("fails", "The upgrade failed in later.0001_later: the letters do not fit."),
        ("loses", "would lose or double something: people_installation held 1 rows and now holds 0."),
    ],
)
def test_one_that_fails_or_loses_rows_leaves_the_database_as_it_was(desk: Desk, how: str, words: str) -> None:
    status, said = desk.upgrade(how=how)

    assert status == 1
    assert words in said
    assert "The database is as it was" in said
    assert desk.holds() == (False, 1)
    assert desk.backups() == []  # tried again at every start, they would fill the disk


def test_one_that_cannot_be_undone_says_how_to_bring_the_backup_back(desk: Desk) -> None:
    status, said = desk.upgrade(how="fails in parts")

    (saved,) = desk.backups()
    assert status == 1
    assert f"bring the backup back: majlis restore {saved} --force" in said


def test_one_killed_while_it_migrates_is_gone_on_with_by_the_next(desk: Desk) -> None:
    process = desk.command("upgrade", how="waits")
    until(desk.mark.exists, "the migration runs", timeout=30)
    kill(process)
    assert desk.holds() == (False, 1)

    status, said = desk.upgrade()

    assert status == 0, said
    assert desk.holds() == (True, 1)


def test_one_killed_while_it_saves_leaves_no_half_backup(desk: Desk) -> None:
    backups = desk.data / "backups"
    with psycopg.connect(desk.url) as holding:  # pg_dump waits for this table
        holding.execute("lock table people_installation in access exclusive mode")
        process = desk.command("upgrade")
        until(lambda: list(backups.glob(".before-*/database.dump")), "the backup is being made", timeout=30)
        kill(process)
    assert list(backups.glob(".before-*"))
    assert desk.backups() == []

    status, said = desk.upgrade()

    assert status == 0, said
    assert [path.name for path in backups.iterdir()] == [desk.backups()[0].name]


@pytest.mark.parametrize(
    ("room", "words"),
    [(-1024 * 1024, "there is no room for it"), (2 * 1024 * 1024, "The upgrade has not begun")],
)
def test_a_full_disk_refuses_before_anything_changed(desk: Desk, room: int, words: str) -> None:
    """`room`: bytes above the size of the database, which holds so much noise that its backup passes that."""
    (desk.data / "backups").mkdir(parents=True)
    with psycopg.connect(desk.url, autocommit=True) as session:
        session.execute("create table noise (line bytea)")
        session.execute("insert into noise values (%s)", [os.urandom(20 * 1024 * 1024)])
        row = session.execute("select pg_database_size(current_database())").fetchone()
    assert row is not None
    size = row[0] + room
    small = small_disk.words(desk.data / "backups", size=size, largest=10 * 1024 * 1024)

    status, said = desk.upgrade(prefix=small)

    assert status == 1
    assert words in said
    assert "Traceback" not in said
    if "begun" in words and small_disk.is_mountable():
        assert "No space left" in said
    assert "othing was changed" in said
    assert desk.holds() == (False, 1)


def test_the_three_newest_backups_are_kept_and_the_first_of_this_version(tmp_path: Path) -> None:
    config = load({"MAJLIS_DATA": str(tmp_path)})
    kept.folder(config).mkdir()
    versions = ["0.0.1", __version__, *(f"{__version__}.{later}" for later in range(1, 4))]
    names = [f"before-{version}-2026010{at}T000000Z.majlis" for at, version in enumerate(versions)]
    for at, name in enumerate(names):
        (kept.folder(config) / name).write_text(name)
        os.utime(kept.folder(config) / name, (at, at))

    removed = kept.prune(config)

    assert sorted(path.name for path in removed) == names[:1]
    assert kept.backups(config)[0].name == names[-1]


def test_two_backups_of_one_second_have_names_of_their_own(tmp_path: Path) -> None:
    config = load({"MAJLIS_DATA": str(tmp_path)})
    now = datetime(2026, 5, 3, 9, tzinfo=UTC)
    names = []
    for _ in range(3):
        path = next_path(config, now)
        path.parent.mkdir(exist_ok=True)
        path.touch()
        names.append(path.name)
    assert len(set(names)) == 3
    assert names == sorted(names)
