"""`majlis backup` and `majlis restore`: what was saved comes back whole, and a bad file touches nothing."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from majlis import config
from majlis.cli import backup, database, keys, restore
from majlis.cli.backup import BackupError
from majlis.cli.postgres import EmbeddedPostgres
from majlis.config import Config
from majlis.lib import backups
from tests.folders import new_folder

from .conftest import Installation, wait_until

QUICK = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
LETTER = "files/ab/abcdef"


def settings(data: Path) -> Config:
    return config.load({"MAJLIS_DATA": str(data), "MAJLIS_LMTP_PORT": "0"})


@pytest.fixture(scope="module")
def saved() -> Iterator[Config]:
    """An installation with two letters in its table and one file; its database runs. Only read from."""
    place = new_folder()
    made = settings(place / "var")
    keys.make_data_folder(made)
    made = keys.ensure_secret(made)
    (made.data / LETTER).parent.mkdir()
    (made.data / LETTER).write_bytes(b"raw mail" * 50_000)
    (made.files / ".being-written").write_bytes(b"half")
    server = EmbeddedPostgres(made.data, settings=QUICK)
    server.start()
    with database.connect(server.database) as session:
        session.execute("create extension pg_trgm")
        session.execute("create table letters (number int primary key, line text)")
        session.execute("insert into letters values (1, 'مرحبا'), (2, 'hello')")
    yield replace(made, database=server.database)
    server.stop()
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def whole(saved: Config) -> Path:
    """A backup of all of it."""
    return backup.make(saved, saved.data.parent / "whole.majlis").path


def letters_of(restored: Config) -> object:
    with database.reachable(restored, "test") as live:
        return database.ask(live.database, "select string_agg(line, ',' order by number) from letters")


def test_a_backup_brings_back_database_files_and_key(saved: Config, folder: Path) -> None:
    made = backup.make(saved, folder / "all.majlis")
    target = settings(folder / "elsewhere")

    done = restore.restore(target, made.path)

    assert (made.files, made.has_key, done.files, done.has_key, done.aside) == (1, True, 1, True, None)
    noted = backups.last(saved.data)
    assert noted is not None
    assert noted.path == made.path
    assert letters_of(target) == "مرحبا,hello"
    assert (target.data / LETTER).read_bytes() == b"raw mail" * 50_000
    assert target.secret_file.read_text().strip() == saved.secret
    assert target.secret_file.stat().st_mode & 0o777 == 0o600
    assert made.path.stat().st_mode & 0o777 == 0o600
    names = {path.name for path in target.data.iterdir()}
    assert names == {"postgres", "files", "secret.key", "lock", "log", "run"}


def test_a_backup_names_what_is_in_it_with_sums(saved: Config, folder: Path) -> None:
    backup.make(saved, folder / "all.majlis")

    with tarfile.open(folder / "all.majlis") as tar:
        assert tar.getnames() == ["database.dump", LETTER, "secret.key", "manifest.json"]
        member = tar.extractfile("manifest.json")
        assert member is not None
        manifest = json.load(member)

    assert manifest["members"][LETTER]["bytes"] == 400_000
    assert all(len(entry["sha256"]) == 64 for entry in manifest["members"].values())
    assert [path.name for path in folder.iterdir()] == ["all.majlis"]


def test_without_the_key_it_is_not_in_the_file_and_the_next_start_asks_for_it(
    saved: Config, folder: Path
) -> None:
    made = backup.make(saved, folder / "all.majlis", with_key=False)
    target = settings(folder / "elsewhere")

    done = restore.restore(target, made.path)

    assert saved.secret is not None
    assert saved.secret.encode() not in made.path.read_bytes()
    assert not done.has_key
    with pytest.raises(config.ConfigError, match=r"secret\.key is missing although"):
        keys.ensure_secret(target)


def test_a_full_data_folder_is_refused_and_with_force_moved_aside(whole: Path, folder: Path) -> None:
    target = settings(folder / "elsewhere")
    restore.restore(target, whole)
    (target.data / LETTER).write_bytes(b"newer")

    with pytest.raises(BackupError, match="already holds an installation"):
        restore.restore(target, whole)
    assert (target.data / LETTER).read_bytes() == b"newer"

    done = restore.restore(target, whole, is_forced=True)
    assert done.aside is not None
    assert (done.aside / LETTER).read_bytes() == b"newer"
    assert (done.aside / "postgres" / "PG_VERSION").exists()
    assert (target.data / LETTER).read_bytes() == b"raw mail" * 50_000
    assert letters_of(target) == "مرحبا,hello"


def test_a_backup_without_files_leaves_the_files_where_they_are(saved: Config, folder: Path) -> None:
    small = backup.make(saved, folder / "small.majlis", with_files=False)
    assert (noted := backups.last(saved.data)) is None or noted.path != small.path, "it is no whole one"
    target = settings(folder / "elsewhere")
    keys.make_data_folder(target)
    shutil.copytree(saved.files, target.files, dirs_exist_ok=True)

    restore.restore(target, small.path, is_forced=True)

    assert (target.data / LETTER).read_bytes() == b"raw mail" * 50_000
    assert letters_of(target) == "مرحبا,hello"


@pytest.mark.parametrize("damage", ["cut short", "one byte", "not a backup", "empty", "climbing out"])
def test_a_damaged_backup_touches_nothing(whole: Path, folder: Path, damage: str) -> None:
    good = whole.read_bytes()
    bad = folder / "bad.majlis"
    if damage == "climbing out":
        with tarfile.open(bad, "w") as tar:
            tar.addfile(tarfile.TarInfo("files/../../outside"))
    else:
        at = good.index(b"raw mail")
        flipped = good[:at] + b"R" + good[at + 1 :]
        contents = {
            "cut short": good[: len(good) // 2],
            "one byte": flipped,
            "not a backup": b"Dear Layla, " * 1000,
            "empty": b"",
        }
        bad.write_bytes(contents[damage])
    target = settings(folder / "elsewhere")
    target.files.mkdir(parents=True)
    (target.files / "mine").write_text("kept")

    with pytest.raises(BackupError, match=r"damaged or not a backup.*Nothing was changed"):
        restore.restore(target, bad, is_forced=True)

    assert sorted(path.name for path in target.data.iterdir()) == ["files", "lock"]
    assert (target.files / "mine").read_text() == "kept"
    assert not (folder / "outside").exists()


def test_a_file_that_exists_is_not_overwritten(saved: Config, folder: Path) -> None:
    (folder / "all.majlis").write_text("older backup")

    with pytest.raises(BackupError, match="exists already"):
        backup.make(saved, folder / "all.majlis")

    assert (folder / "all.majlis").read_text() == "older backup"


def test_a_backup_made_while_majlis_runs_is_restored_by_the_command(installation: Installation) -> None:
    installation.start()
    installation.query("insert into kept values ('while running')")
    file = installation.data.parent / "now.majlis"

    made = installation.majlis("backup", str(file))
    refused = installation.majlis("restore", str(file), "--force")
    installation.stop()
    wait_until(lambda: not installation.left())
    restored = installation.majlis("restore", str(file), "--force")

    assert (made.returncode, refused.returncode, restored.returncode) == (0, 3, 0), restored.stderr
    assert "The secret key is inside" in made.stdout
    assert "already at work here (majlis run)" in refused.stderr
    assert "What was there before is in" in restored.stdout
    installation.start()
    assert installation.query("select line from kept") == [("while running",)]
