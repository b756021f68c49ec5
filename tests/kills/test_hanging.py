"""A mail that hangs whoever reads it ends in quarantine, and those behind it arrive; slowness alone is no guilt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from majlis.channels.actions.accept import accept
from majlis.channels.models import RawMessage
from majlis.channels.problems import pack
from majlis.conversations.models import Entry
from majlis.flow import alone, arrival
from majlis.journal.models import Event
from tests import cast
from tests.polling import until

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT_SECONDS = 1.0
WORKER = [sys.executable, "-m", "majlis.cli.main", "worker"]
WAYS = ["turning", "matching", "waiting"]  # a loop; a regular expression; a wait that needs no processor


@pytest.fixture(autouse=True)
def is_impatient(points: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process that is started gives a mail one second."""
    (points / "limit").write_text(str(LIMIT_SECONDS))
    monkeypatch.setenv("MAJLIS_LMTP_PORT", "0")
    monkeypatch.setattr("majlis.flow.limit.LIMIT_SECONDS", LIMIT_SECONDS)


def put(text: str, *, hangs: str = "") -> RawMessage:
    content = cast.letter(text, headers={"X-Hangs": hangs} if hangs else None)
    return accept(cast.support().pk, content, route="lmtp", envelope_from=cast.LAYLA)


def arrived() -> list[str]:
    return [text.strip() for text in Entry.objects.order_by("pk").values_list("text", flat=True)]


def one_worker() -> tuple[int, str]:
    """A worker until it ends by itself: its status and what it wrote."""
    done = subprocess.run(WORKER, capture_output=True, text=True, check=False, timeout=30)
    return done.returncode, done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_a_worker_ends_when_a_mail_takes_too_long(way: str) -> None:
    raw = put("endless", hangs=way)

    status, said = one_worker()

    raw.refresh_from_db()
    assert status == -signal.SIGPROF
    assert (raw.attempts, raw.taken_in_at, raw.quarantined_at) == (1, None, None)
    assert f"_hang_{way}" in said
    if way != "matching":  # it lets no other thread say a word; the next attempt does
        assert f"raw message {raw.pk} has been read for more than 1 s: this process ends now" in said


def test_a_mail_that_hangs_every_time_stands_in_quarantine_and_those_behind_it_arrive() -> None:
    hanging, healthy = put("endless", hangs="matching"), put("healthy")

    for attempt in range(arrival.ATTEMPTS):
        status, said = one_worker()
        assert status == -signal.SIGPROF
        assert (f"raw message {hanging.pk}: the attempt before this one came to no end" in said) == bool(
            attempt
        )
    with subprocess.Popen(WORKER) as fourth:
        try:
            until(
                lambda: RawMessage.objects.filter(pk=healthy.pk).exclude(taken_in_at=None),
                "healthy mail",
                timeout=60,
            )
            assert fourth.poll() is None
        finally:
            fourth.terminate()

    hanging.refresh_from_db()
    assert hanging.quarantined_at is not None
    assert hanging.error == pack("slow", n="1")
    assert arrived() == ["healthy"]
    (event,) = Event.objects.filter(kind="raw.quarantined")
    assert event.data == {"raw": hanging.pk, "why": hanging.error}


@pytest.mark.parametrize("way", WAYS)
def test_the_attempt_in_a_process_of_its_own_has_the_limit_too(way: str) -> None:
    raw = put("endless", hangs=way)

    assert alone.why_deadly(raw.pk) == pack("slow", n="1")


@contextmanager
def locked_customers() -> Iterator[None]:
    """Somebody holds a lock on a table that every mail needs."""
    with psycopg.connect(os.environ["MAJLIS_DATABASE_URL"]) as other:
        other.execute("lock table people_customer in access exclusive mode")
        yield


def waits_for_the_lock(*, longer_than: float) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            " and clock_timestamp() - query_start > make_interval(secs => %s)",
            [longer_than],
        )
        return cursor.fetchone() is not None


def test_a_database_that_waits_ends_no_worker_and_blames_no_mail() -> None:
    raw = put("patient")

    with subprocess.Popen(WORKER) as worker:
        try:
            with locked_customers():
                until(lambda: waits_for_the_lock(longer_than=2 * LIMIT_SECONDS), "a long wait", timeout=20)
            until(arrived, "the mail")
            assert worker.poll() is None
        finally:
            worker.terminate()

    raw.refresh_from_db()
    assert (raw.attempts, raw.quarantined_at) == (1, None)


def test_a_process_of_its_own_that_waits_for_the_database_decides_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = put("patient")
    RawMessage.objects.filter(pk=raw.pk).update(attempts=arrival.ATTEMPTS)

    with locked_customers(), monkeypatch.context() as patched:
        patched.setattr(alone, "_PATIENCE_SECONDS", 4.0)
        with pytest.raises(alone.Undecided):
            arrival.take_in(raw.pk)
    arrival.take_in(raw.pk)

    raw.refresh_from_db()
    assert raw.taken_in_at is not None
    assert raw.quarantined_at is None


_READS_UNTIL_TOLD = """
import signal, sys, time
from majlis.flow import limit
looks, put_off = [], signal.setitimer
signal.setitimer = lambda *given: looks.append(given) or put_off(*given)
limit.watch()
with limit.reading(7):
    while len(looks) < 4:  # it has been seen reading
        time.sleep(0.01)
    print("reads", flush=True)
    sys.stdin.readline()
print("done", flush=True)
"""


def test_the_time_a_process_was_stopped_is_not_the_mails() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _READS_UNTIL_TOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reads\n"
        reader.send_signal(signal.SIGSTOP)
        goes_on_at = time.monotonic() + 2 * LIMIT_SECONDS
        until(lambda: time.monotonic() > goes_on_at, "twice the limit")
        reader.send_signal(signal.SIGCONT)
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "done\n"
        assert reader.wait(10) == 0
