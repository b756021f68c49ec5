"""The web process and the worker come from one loaded program, and live and die apart from each other."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from majlis.cli import processes
from tests.kills import running
from tests.polling import until

from .conftest import Installation, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each is started by itself")
_SHARED_KIB = 20 * 1024


@pytest.fixture
def majlis() -> Iterator[running.Installation]:
    with running.installation() as made:
        made.start()
        until(lambda: made.pid_of("worker"), "the worker")
        yield made


def the_pid_of(majlis: running.Installation, what: str) -> int:
    """Of the one process called so."""
    (pid,) = majlis.pid_of(what)
    return pid


def shared_kib(pid: int) -> int:
    """How much of what a process wrote, or inherited written, it has in common with another: without a fork nothing."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Shared_Dirty:"))


def own_parent(pid: int) -> int:
    return next(one.parent for one in processes.everybody() if one.pid == pid)


def test_they_share_what_both_have_read_and_nothing_else(majlis: running.Installation) -> None:
    assert majlis.process is not None
    web, worker = the_pid_of(majlis, "web"), the_pid_of(majlis, "worker")

    assert own_parent(worker) == own_parent(web) == majlis.process.pid
    assert os.getpgid(worker) == os.getsid(worker) == worker
    assert os.getpgid(web) == web
    assert shared_kib(worker) > _SHARED_KIB


def test_either_that_is_killed_is_started_again_and_the_other_goes_on(majlis: running.Installation) -> None:
    web, worker = the_pid_of(majlis, "web"), the_pid_of(majlis, "worker")

    os.kill(web, signal.SIGKILL)
    until(lambda: majlis.pid_of("web") not in ([], [web]), "another web process")
    assert majlis.pid_of("worker") == [worker]

    second = the_pid_of(majlis, "web")
    os.kill(worker, signal.SIGKILL)
    until(lambda: majlis.pid_of("worker") not in ([], [worker]), "another worker")
    assert majlis.pid_of("web") == [second]
    assert "web was ended by SIGKILL; starting it again in 0.5 s." in majlis.log()
    assert "worker was ended by SIGKILL; starting it again in 0.5 s." in majlis.log()


def test_both_end_with_who_started_them(majlis: running.Installation) -> None:
    assert majlis.process is not None
    web, worker = the_pid_of(majlis, "web"), the_pid_of(majlis, "worker")

    majlis.process.kill()
    majlis.process.wait()

    until(lambda: not processes.is_alive(web) and not processes.is_alive(worker), "their end")


def test_a_stop_lets_the_worker_end_by_itself(majlis: running.Installation) -> None:
    status, seconds = majlis.stop()

    assert status == 0
    assert seconds < 5
    assert "did not stop in time" not in majlis.log()
    assert majlis.left() == []


def test_a_web_process_that_ends_before_it_has_started_the_worker_leaves_it_to_be_started_alone(
    installation: Installation,
) -> None:
    installation.extra = {"MAJLIS_TEST_BOTH": "ends"}
    installation.start()

    wait_until(lambda: "worker" in installation.look())
    assert "web ended with status 1; starting it again in 0.5 s." in installation.said()
    assert installation.stop() == 0
    assert installation.left() == []
