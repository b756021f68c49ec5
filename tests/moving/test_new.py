"""An export into a folder in which nothing is yet, with the database that Majlis brings along."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from majlis.cli import keys, lock
from majlis.cli.moving import importing
from majlis.cli.moving.folder import MovingError
from tests.cli.conftest import Installation
from tests.folders import new_folder

from .conftest import Place


@pytest.fixture
def new() -> Iterator[Installation]:
    folder = new_folder()
    folder.chmod(0o755)
    yield Installation(folder)
    shutil.rmtree(folder)


def test_a_folder_of_which_nothing_exists_yet_becomes_the_desk(
    full: Place, exported: Path, new: Installation
) -> None:
    looked = new.majlis("import", str(exported), "--dry-run")
    assert looked.returncode == 0, looked.stderr
    assert not new.data.exists()

    done = new.majlis("import", str(exported))
    assert done.returncode == 0, done.stderr
    again = new.majlis("export", str(new.data.parent / "again"))
    assert again.returncode == 0, again.stderr

    for path in sorted((exported / "tables").iterdir()):
        assert (new.data.parent / "again/tables" / path.name).read_bytes() == path.read_bytes(), path.name
    refused = new.majlis("import", str(exported), "--dry-run")
    assert "imported from the export of" in refused.stderr


def test_nothing_is_exported_from_where_nothing_is(new: Installation, tmp_path: Path) -> None:
    done = new.majlis("export", str(tmp_path / "desk"))

    assert done.returncode == 1
    assert "There is no installation in" in done.stderr
    assert not (tmp_path / "desk").exists()


def test_a_running_desk_is_not_filled(exported: Path, new: Installation) -> None:
    keys.make_data_folder(new.config)
    with lock.exclusive(new.data, "run"), pytest.raises(MovingError, match="Stop it first"):
        importing.refuse_running(new.config)

    with lock.exclusive(new.data, "run"):
        done = new.majlis("import", str(exported))
    assert done.returncode == 1
    assert "already at work here (majlis run)" in done.stderr


def test_a_key_that_is_there_is_the_one_that_counts(exported: Path, new: Installation) -> None:
    """Without a key in the export a new one is made; that of a lost one is never made up."""
    (new.data / "postgres").mkdir(parents=True)

    done = new.majlis("import", str(exported))

    assert done.returncode == 2
    assert "secret.key is missing although" in done.stderr
