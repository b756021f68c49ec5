"""`majlis run`: comes up, says where, stays up, and leaves nothing behind however it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import psycopg
import pytest

from majlis.cli import processes

from .conftest import Installation, wait_until


def test_the_first_start_makes_everything_and_prints_the_address_and_the_first_visit(
    new_installation: Installation,
) -> None:
    new_installation.start()

    wait_until(lambda: "First visit" in new_installation.said())
    assert f"is running: http://localhost:{new_installation.port}" in new_installation.said()
    assert "http://localhost/first/secret" in new_installation.said()
    assert {"web", "worker", "postgres", "supervisor"} <= new_installation.look().keys()
    assert new_installation.query("select count(*) from kept") == [(0,)]
    assert (new_installation.data / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_later_start_asks_neither_for_migrations_nor_for_the_owner_again(
    new_installation: Installation,
) -> None:
    new_installation.data.mkdir()
    (new_installation.data / "owner").touch()
    new_installation.start()
    wait_until((new_installation.data / "postgres" / "majlis.owned").exists)
    assert new_installation.stop() == 0

    new_installation.start()

    assert (new_installation.data / "upgrades").read_text() == "once\n"
    assert "First visit" not in new_installation.said()


def test_where_no_compiled_modules_may_lie_beside_the_source_they_are_kept_with_the_data(
    installation: Installation,
) -> None:
    installation.extra = {"PYTHONDONTWRITEBYTECODE": "1"}
    installation.start()

    assert list((installation.data / "cache").rglob("config.*.pyc"))


def test_neither_a_worker_that_will_not_stop_nor_what_it_started_is_left(installation: Installation) -> None:
    installation.extra = {"MAJLIS_TEST_WORKER": "stubborn"}
    installation.start()
    wait_until(lambda: "sleep" in installation.look())
    before = time.monotonic()

    assert installation.stop() == 0

    assert time.monotonic() - before < 5
    assert installation.left() == []
    assert "worker did not stop in time and is ended." in installation.said()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_within_five_seconds(
    installation: Installation, number: signal.Signals
) -> None:
    installation.start()
    before = time.monotonic()

    assert installation.stop(number) == 0

    assert time.monotonic() - before < 5
    assert installation.left() == []
    assert "Stopped." in installation.said()
    assert not (installation.data / "postgres" / "postmaster.pid").exists()


def test_killing_the_supervisor_ends_everything_and_closes_the_database_cleanly(
    installation: Installation,
) -> None:
    installation.start()
    installation.query("insert into kept values ('committed')")

    installation.stop(signal.SIGKILL)

    wait_until(lambda: installation.left() == [])
    assert not (installation.data / "postgres" / "postmaster.pid").exists()
    installation.start()
    assert installation.query("select line from kept") == [("committed",)]


def test_a_killed_database_comes_back_with_what_was_committed(installation: Installation) -> None:
    installation.start()
    installation.query("insert into kept values ('committed')")
    before = installation.look()["postgres"]

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: "starting it again" in installation.said())
    wait_until(partial(_has_successor, installation, "postgres", before))
    wait_until(lambda: _answers(installation))
    assert installation.query("select line from kept") == [("committed",)]


def test_database_and_supervisor_killed_together_do_not_stop_the_next_start(
    installation: Installation,
) -> None:
    installation.start()
    there = installation.look()

    os.kill(there["postgres"], signal.SIGKILL)
    installation.stop(signal.SIGKILL)

    installation.start()
    assert installation.query("select count(*) from kept") == [(0,)]


def test_a_backend_that_goes_on_computing_does_not_keep_the_database_down(installation: Installation) -> None:
    installation.start()
    busy = threading.Thread(target=_compute, args=(installation,))
    busy.start()
    wait_until(lambda: _computing(installation))
    backends = processes.working_in(installation.data / "postgres")

    os.kill(installation.look()["postgres"], signal.SIGKILL)

    busy.join(30)
    wait_until(lambda: _answers(installation))
    assert not [process.pid for process in backends if processes.is_alive(process.pid)]


def test_a_second_start_says_so_and_changes_nothing(installation: Installation) -> None:
    installation.start()

    second = installation.majlis("run")

    assert second.returncode == 3
    assert f"process {installation.look()['supervisor']}" in second.stderr
    assert _answers(installation)


def test_a_taken_port_is_named_before_anything_is_started(new_installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", new_installation.port)):
        refused = new_installation.majlis("run")

    assert refused.returncode == 4
    assert f"Port {new_installation.port} on 127.0.0.1 is already used" in refused.stderr
    assert "MAJLIS_PORT" in refused.stderr
    assert not (new_installation.data / "postgres").exists()


def test_processes_that_die_are_started_again(installation: Installation) -> None:
    installation.start()
    before = installation.look()

    for name in ("web", "worker"):
        os.kill(before[name], signal.SIGKILL)

    for name in ("web", "worker"):
        wait_until(partial(_has_successor, installation, name, before[name]))
        assert f"{name} was ended by SIGKILL; starting it again in 0.5 s." in installation.said()


def test_nothing_is_started_over_tables_that_could_not_be_brought_up_to_date(
    new_installation: Installation,
) -> None:
    new_installation.extra = {"MAJLIS_TEST_UPGRADE": "fails"}
    new_installation.launch()

    wait_until(new_installation.has_ended)

    assert new_installation.process is not None
    assert new_installation.process.returncode == 1
    assert "could not be brought up to date" in new_installation.said()
    assert processes.working_in(new_installation.data / "postgres") == []


def test_the_supervisor_loads_neither_django_nor_a_database_driver() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, majlis.cli.main, majlis.cli.supervisor; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    ).stdout.split()

    assert "majlis.cli.supervisor" in loaded
    assert not {"django", "psycopg", "asyncio", "uvicorn"} & set(loaded)


def _has_successor(installation: Installation, name: str, before: int) -> bool:
    return installation.look().get(name, before) != before


def _answers(installation: Installation) -> bool:
    try:
        return installation.query("select 1") == [(1,)]
    except psycopg.OperationalError:
        return False


def _computing(installation: Installation) -> bool:
    rows = installation.query("select count(*) from pg_stat_activity where query like 'do $$%'")
    return rows == [(1,)]


def _compute(installation: Installation) -> None:
    try:
        installation.query("do $$ begin loop perform 1; end loop; end $$")
    except psycopg.OperationalError:
        return
