"""`majlis export` and `majlis import`: what comes out of a desk makes an equal one."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from majlis.cli.moving import exporting, importing
from majlis.cli.moving import folder as places
from majlis.cli.moving.folder import MovingError
from majlis.cli.moving.pace import Pace
from majlis.cli.moving.tables import EXPORTED, FILES, SECRETS

from .conftest import Place


def manifest(of: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((of / "manifest.json").read_text())
    return found


def lines(of: Path) -> dict[str, list[str]]:
    return {path.name: path.read_text().split("\n") for path in sorted((of / "tables").iterdir())}


def files(of: Path) -> dict[str, str]:
    return {
        str(path.relative_to(of / "files")): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (of / "files").rglob("*")
        if path.is_file()
    }


def bytes_by_id(place: Place) -> dict[int, bytes]:
    return {
        row["id"]: (place.data / "files" / row["digest"][:2] / row["digest"][2:]).read_bytes()
        for row in place.rows(FILES)
    }


def export(place: Place, to: Path, *, with_key: bool = False) -> Path:
    exporting.export(place.config, to, with_key=with_key, say=lambda text: None)
    return to


def assert_equal(one: Place, other: Place, *, same_key: bool) -> None:
    """Every row of every table; of files the bytes, of secrets only with the key."""
    for table in EXPORTED:
        left_out = () if same_key else ("digest",) if table == FILES else SECRETS.get(table, ())
        expected, found = (
            [
                {name: value for name, value in row.items() if name not in left_out}
                for row in place.rows(table)
            ]
            for place in (one, other)
        )
        assert found == expected, table
    assert bytes_by_id(other) == bytes_by_id(one)


def test_an_export_names_every_row_and_file_with_sums(full: Place, exported: Path) -> None:
    told = manifest(exported)

    assert sorted(told["tables"]) == sorted(EXPORTED)
    empty = [name for name, table in told["tables"].items() if not table["rows"]]
    assert empty == [], "tests/moving/full.py leaves a table without a row: nothing is proved about it"
    for name, table in told["tables"].items():
        content = (exported / table["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == table["sha256"]
        rows = [json.loads(line) for line in content.splitlines() if line]
        assert len(rows) == table["rows"] == len(full.rows(name))
        assert all(list(row) == table["columns"] for row in rows)
        assert [row[table["primary_key"][0]] for row in rows] == sorted(
            row[table["primary_key"][0]] for row in rows
        )
    for row in map(json.loads, (exported / "tables/files_file.jsonl").read_bytes().splitlines()):
        content = (exported / "files" / row["sha256"][:2] / row["sha256"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (row["sha256"], row["size"])
    assert {path.name for path in exported.iterdir()} == {"files", "manifest.json", "tables"}
    for path in [exported, *exported.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_times_are_iso_8601_in_utc(exported: Path) -> None:
    row = json.loads((exported / "tables/journal_event.jsonl").read_text().split("\n")[0])
    assert row["at"].endswith("+00:00")
    assert row["at"][10] == "T"


def test_a_dry_run_finds_nothing_wrong_and_changes_nothing(exported: Path, empty: Place) -> None:
    looked = empty.majlis("import", exported, "--dry-run")

    assert looked.returncode == 0, looked.stderr
    assert "can be imported" in looked.stdout
    assert empty.number_of_rows() == 0
    assert not empty.data.exists()


def test_an_empty_installation_becomes_the_same_desk(
    full: Place, exported: Path, moved: Place, tmp_path: Path
) -> None:
    assert_equal(full, moved, same_key=False)
    again = export(moved, tmp_path / "again")
    assert lines(again) == lines(exported)
    assert files(again) == files(exported)
    assert {**manifest(again), "taken_at": ""} == {**manifest(exported), "taken_at": ""}
    assert moved.majlis("manage", "check_counters").returncode == 0
    assert not (moved.data / ".importing").exists()

    with pytest.raises(
        MovingError, match=re.escape(f"imported from the export of {manifest(exported)['taken_at']}")
    ):
        importing.refuse_filled(moved.config)


def test_with_the_key_everything_is_equal_and_it_becomes_the_key_here(
    full: Place, makes_places: Callable[..., Place], tmp_path: Path
) -> None:
    taken = export(full, tmp_path / "desk", with_key=True)
    new = makes_places()

    done = new.majlis("import", taken)

    assert done.returncode == 0, done.stderr
    assert "passwords" not in done.stdout
    assert (taken / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (new.data / "secret.key").read_text().strip() == full.key
    assert_equal(full, new, same_key=True)


def test_without_the_key_no_secret_leaves(full: Place, exported: Path) -> None:
    held = [row["in_password"] for row in full.rows("channels_mailconnection") if row["in_password"]]
    everything = b"".join(path.read_bytes() for path in (exported / "tables").iterdir())

    assert held
    assert b"gAAAA" not in everything
    assert full.key.encode() not in everything
    assert manifest(exported)["tables"]["channels_mailconnection"]["left_out"] == [
        "in_password",
        "smtp_password",
    ]


def test_another_key_is_not_overwritten(full: Place, empty: Place, tmp_path: Path) -> None:
    taken = export(full, tmp_path / "desk", with_key=True)

    refused = empty.majlis("import", taken)
    assert refused.returncode == 1
    assert "there is another one here (MAJLIS_SECRET_KEY)" in refused.stderr
    assert empty.number_of_rows() == 0

    done = empty.majlis("import", taken, "--without-key")
    assert done.returncode == 0, done.stderr
    assert "Enter the passwords" in done.stdout
    assert_equal(full, empty, same_key=False)


_LATER = """
from majlis.channels.connections import imap_settings
from majlis.channels.models import Delivery, MailConnection
from majlis.channels.problems import ConnectionProblem
from majlis.conversations.models import Entry
from tests import cast
sent = Delivery.objects.filter(entry__mailbox=cast.support(), state="sent").order_by("pk").last()
customer = sent.entry.conversation.participants.get(is_customer=True).address
cast.arrive(cast.letter("شكرًا", sender=customer, headers={"In-Reply-To": sent.message_id}))
last = Entry.objects.order_by("pk").last()
print(last.conversation_id == sent.entry.conversation_id, last.pk)
try:
    print(imap_settings(MailConnection.objects.get(mailbox=cast.support())).password)
except ConnectionProblem as problem:
    print(problem.code)
"""


def test_with_another_key_answers_still_find_their_conversation_and_the_password_is_asked_for(
    moved: Place, exported: Path, makes_places: Callable[..., Place]
) -> None:
    copy = makes_places(like=moved)
    next_entry = manifest(exported)["tables"]["conversations_entry"]["next_number"]

    done = copy.majlis("manage", "shell", "--no-imports", "-c", _LATER)

    assert done.stdout.split() == ["True", str(next_entry), "secret"], done.stderr


@pytest.mark.parametrize("words", [[], ["--dry-run"]])
def test_a_desk_with_anything_in_it_is_left_alone(words: list[str], full: Place, exported: Path) -> None:
    before = full.number_of_rows()

    refused = full.majlis("import", exported, *words)

    assert refused.returncode == 1
    assert "is not empty" in refused.stderr
    assert full.number_of_rows() == before


def spoil_a_line(of: Path) -> None:
    path = of / "tables/people_customer.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"id":', b'"Id":', 1))


def lose_a_table(of: Path) -> None:
    (of / "tables/people_customer.jsonl").unlink()


def lose_a_row_that_others_name(of: Path) -> None:
    path = of / "tables/people_mailbox.jsonl"
    kept = path.read_bytes().splitlines(keepends=True)[1:]
    path.write_bytes(b"".join(kept))
    told = manifest(of)
    sum_ = hashlib.sha256(b"".join(kept)).hexdigest()
    told["tables"]["people_mailbox"] |= {"rows": len(kept), "sha256": sum_}
    (of / "manifest.json").write_text(json.dumps(told))


def change_a_file(of: Path) -> None:
    path = next(path for path in sorted((of / "files").rglob("*")) if path.is_file())
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])


def take_the_end_away(of: Path) -> None:
    (of / "manifest.json").unlink()


def come_from_the_future(of: Path) -> None:
    told = manifest(of)
    told["schema"]["people"].append("9999_later")
    (of / "manifest.json").write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (spoil_a_line, "people_customer.jsonl is damaged: line 1 has other fields"),
        (lose_a_table, "people_customer.jsonl is damaged: its file is missing"),
        (lose_a_row_that_others_name, "is not in people_mailbox"),
        (change_a_file, "is not as it was when it was written"),
        (take_the_end_away, "is not an export of Majlis"),
        (come_from_the_future, "people.9999_later is not known here"),
    ],
)
def test_what_is_not_whole_is_refused_with_the_fault_and_changes_nothing(
    harm: Callable[[Path], None], words: str, exported: Path, empty: Place, tmp_path: Path
) -> None:
    copied = shutil.copytree(exported, tmp_path / "desk")
    harm(copied)

    with pytest.raises(MovingError, match=re.escape(words)) as refused:
        importing.look(empty.config, copied)
    assert "Nothing was changed" in str(refused.value)
    assert not empty.data.exists()


def test_a_file_that_changed_is_found_before_any_row_goes_in(
    exported: Path, empty: Place, tmp_path: Path
) -> None:
    copied = shutil.copytree(exported, tmp_path / "desk")
    change_a_file(copied)

    done = empty.majlis("import", copied)

    assert done.returncode == 1
    assert "is not as it was when it was written. The desk is as empty as before" in done.stderr
    assert empty.number_of_rows() == 0


def test_a_folder_with_something_else_or_a_whole_export_is_not_written_to(
    full: Place, exported: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter").write_text("dear")

    with pytest.raises(MovingError, match="holds a whole export already"):
        export(full, exported)
    with pytest.raises(MovingError, match="is not empty"):
        export(full, tmp_path / "mine")
    with pytest.raises(MovingError, match="does not exist"):
        export(full, tmp_path / "none/here")


def test_bytes_that_were_gone_or_wrong_are_told_and_stay_so(
    full: Place, makes_places: Callable[..., Place], empty: Place, tmp_path: Path
) -> None:
    worn = Place(full.name, shutil.copytree(full.data, tmp_path / "var"), full.key)
    gone, wrong, as_wrong = (row["digest"] for row in full.rows(FILES)[:3])
    (worn.data / "files" / gone[:2] / gone[2:]).unlink()
    for digest in (wrong, as_wrong):
        (worn.data / "files" / digest[:2] / digest[2:]).write_bytes(b"")

    done = exporting.export(worn.config, tmp_path / "desk")
    assert (done.files.missing, done.files.damaged) == (1, 2)
    imported = empty.majlis("import", tmp_path / "desk")

    assert imported.returncode == 0, imported.stderr
    assert lines(export(empty, tmp_path / "again")) == lines(tmp_path / "desk")


def test_a_moment_is_exported_while_the_desk_goes_on(full: Place, tmp_path: Path) -> None:
    """A row written after the first table was read is in no table."""
    seen: list[str] = []

    class Telling(Pace):
        def begin(self, step: str, whole: int, **more: Any) -> None:
            if step == "channels_delivery":
                full.query("insert into people_department (name) values ('later')")
            seen.append(step)
            super().begin(step, whole, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting, "Pace", Telling)
        taken = export(full, tmp_path / "desk")
    full.query("delete from people_department where name = 'later'")

    assert seen.index("channels_delivery") < seen.index("people_department")
    assert "later" not in (taken / "tables/people_department.jsonl").read_text()
    assert places.read_json(taken / "manifest.json")["tables"]["people_department"]["rows"]
