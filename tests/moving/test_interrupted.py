"""Killed, or without room: an export or import says what it left, and begun again it ends as if nothing had been."""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from majlis.cli.moving import importing
from majlis.cli.moving.folder import MovingError, sum_of
from majlis.cli.moving.tables import EXPORTED
from tests import small_disk

from .conftest import Place
from .test_moving import assert_equal, files, lines

chosen = random.Random(20_261)
TABLES = [name for name in EXPORTED if name != "files_file"]


def kill(place: Place, moment: dict[str, Any], *words: str | Path) -> None:
    done = place.python("-m", "tests.moving.dying", json.dumps(moment), *map(str, words))
    assert done.returncode == -signal.SIGKILL, (moment, done.stdout, done.stderr)


def copied(folder: Path) -> dict[str, tuple[int, int]]:
    """The files of an export as they lie on the disk: written anew, one would be another."""
    found = {path: path.stat() for path in (folder / "files").rglob("*") if path.is_file()}
    return {path.name: (told.st_ino, told.st_mtime_ns) for path, told in found.items()}


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ({"step": chosen.choice(TABLES), "time": 1, "after": 0}, "tables are written anew"),
        ({"step": "files", "time": 1, "after": chosen.randint(5, 60)}, "Going on: the tables of"),
        ({"write": "manifest.json"}, "Going on: the tables of"),
    ],
)
def test_an_export_that_was_killed_goes_on_and_copies_no_file_twice(
    moment: dict[str, Any], says: str, full: Place, exported: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    desk = Place(full.name, shutil.copytree(full.data, tmp_path / "var"), full.key)
    kill(desk, moment, "export", folder)
    before = copied(folder)
    for path in [path for path in desk.config.files.rglob("*") if path.is_file()]:
        if sum_of(path) in before:
            path.unlink()  # who copied it again would find that it is gone
    assert not (folder / "manifest.json").exists()
    with pytest.raises(MovingError, match="is not whole: say `majlis export` for it again"):
        importing.look(full.config, folder)

    done = desk.majlis("export", folder)

    assert done.returncode == 0, done.stderr
    assert says in done.stdout
    assert lines(folder) == lines(exported)
    assert files(folder) == files(exported)
    assert {name: copied(folder)[name] for name in before} == before
    assert not (folder / ".unfinished").exists()


@pytest.mark.parametrize(
    "moment",
    [
        {"step": "files", "time": 2, "after": chosen.randint(5, 60)},
        {"step": chosen.choice(TABLES), "time": 2, "after": 1},
        {"call": "_to_enter"},
    ],
)
def test_an_import_that_was_killed_left_nothing_in_the_tables_and_is_done_again(
    moment: dict[str, Any], full: Place, exported: Path, empty: Place
) -> None:
    kill(empty, moment, "import", exported)
    assert empty.number_of_rows() == 0

    done = empty.majlis("import", exported)

    assert done.returncode == 0, done.stderr
    assert_equal(full, empty, same_key=False)
    stored = [path for path in (empty.data / "files").rglob("*") if path.is_file()]
    assert len(stored) == len({row["digest"] for row in empty.rows("files_file")})


def test_an_import_killed_when_all_is_done_is_not_done_twice(
    full: Place, exported: Path, empty: Place
) -> None:
    kill(empty, {"call": "_told"}, "import", exported)

    again = empty.majlis("import", exported)

    assert again.returncode == 1
    assert "imported from the export of" in again.stderr
    assert_equal(full, empty, same_key=False)


def limit() -> None:
    """No file may grow beyond this, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))


def test_a_file_that_cannot_grow_is_told_and_what_is_there_is_not_called_whole(
    full: Place, exported: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"

    full_disk = full.majlis("export", folder, preexec_fn=limit)

    assert full_disk.returncode == 1
    assert "The export could not be finished, and what lies there is not whole; make room" in full_disk.stderr
    assert "there is no room left on the disk" in full_disk.stderr
    assert "Traceback" not in full_disk.stderr
    assert not (folder / "manifest.json").exists()
    done = full.majlis("export", folder)
    assert done.returncode == 0, done.stderr
    assert lines(folder) == lines(exported)


def test_a_disk_that_is_full_is_told_and_with_room_it_goes_on(
    full: Place, exported: Path, tmp_path: Path
) -> None:
    sizes = [path.stat().st_size for path in (exported / "tables").iterdir()]
    disk, larger = tmp_path / "disk", tmp_path / "larger"
    disk.mkdir()
    before = small_disk.words(disk, size=sum(sizes) + 700 * 1024, largest=max(sizes) - 1, keep=larger)

    full_disk = full.majlis("export", disk / "desk", before=before)

    assert full_disk.returncode == 1, full_disk.stdout + full_disk.stderr
    assert "not whole; make room" in full_disk.stderr
    assert "Traceback" not in full_disk.stderr
    folder = larger / "desk"
    assert folder.is_dir()
    assert not (folder / "manifest.json").exists()
    done = full.majlis("export", folder)
    assert done.returncode == 0, done.stderr
    assert lines(folder) == lines(exported)
    assert files(folder) == files(exported)
