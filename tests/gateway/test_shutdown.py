"""The web process stops promptly and cleanly, whatever is open."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg

from majlis.gateway import server
from tests.gateway.client import Listening, eventually, started
from tests.gateway.conftest import wait_until_listening


def test_it_stops_within_two_seconds_with_streams_open(conninfo: str, database: psycopg.Connection) -> None:
    with started(conninfo) as web, ExitStack() as stack:
        wait_until_listening(database, 1)
        streams = [Listening(web, "salma") for _ in range(5)]
        for stream in streams:
            stack.callback(stream.close)
        assert all(stream.next()[0] == "hello" for stream in streams)
        asked_at = time.monotonic()
        assert web.stop() == 0
        assert time.monotonic() - asked_at < 2
        for stream in streams:
            assert stream.next() == ("bye", {"why": "restart"})
            assert stream.next() == ("end", None)


def test_a_request_in_progress_is_answered_before_it_stops(conninfo: str, tmp_path: Path) -> None:
    release = tmp_path / "release"
    answers: list[int] = []
    with started(conninfo) as web:
        asking = threading.Thread(target=lambda: answers.append(web.ask("GET", f"/hold?until={release}")[0]))
        asking.start()
        assert web.ask("GET", "/echo")[0] == 200
        stopping = threading.Thread(target=web.stop)
        stopping.start()
        assert eventually(lambda: refuses(web.port))
        release.touch()
        asking.join(10)
        stopping.join(10)
    assert answers == [200]


def refuses(port: int) -> bool:
    """Say whether nobody listens on `port` any more."""
    try:
        server.listen("127.0.0.1", port).close()
    except OSError:
        return False
    return True


def test_several_web_processes_may_share_a_port_when_asked_to() -> None:
    first = server.listen("127.0.0.1", 0, reuse_port=True)
    second = server.listen("127.0.0.1", first.getsockname()[1], reuse_port=True)
    assert first.getsockname() == second.getsockname()
    second.close()
    first.close()
