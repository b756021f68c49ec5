"""Requests cross from ASGI to WSGI whole, within bounds, and streams stop when nobody listens."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.gateway.client import Web, eventually, started

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def narrow(conninfo: str) -> Iterator[Web]:
    """One thread, one place in the queue, behind a proxy that is trusted."""
    with started(conninfo, "--threads", "1", "--waiting", "1", "--trust", "127.0.0.0/8") as running:
        yield running


def echo(web: Web, path: str = "/echo", **options: Any) -> dict[str, Any]:
    status, _, body = web.ask("POST" if "body" in options else "GET", path, **options)
    assert status == 200
    told: dict[str, Any] = json.loads(body)
    return told


def test_an_upload_in_chunks_arrives_whole_with_its_length(web: Web) -> None:
    parts = [bytes([number % 251]) * 100_000 for number in range(30)]  # past the 1 MiB kept in memory

    told = echo(web, body=iter(parts), headers={"transfer-encoding": "chunked"}, encode_chunked=True)

    assert told["length"] == 3_000_000
    assert told["CONTENT_LENGTH"] == "3000000"
    assert told["sha256"] == hashlib.sha256(b"".join(parts)).hexdigest()
    assert "HTTP_TRANSFER_ENCODING" not in told


def test_a_short_body_and_no_body_arrive_too(web: Web) -> None:
    assert echo(web, body=b"subject=%D9%85")["length"] == 14
    assert echo(web)["CONTENT_LENGTH"] == "0"


def test_a_body_past_the_limit_is_refused_before_it_is_read(web: Web) -> None:
    headers = {"content-length": "5000000", "expect": "100-continue"}
    asked_at = time.monotonic()
    status, _, body = web.ask("POST", "/echo", headers=headers)  # sends no body: none is asked for
    assert (status, body) == (413, b"Too large: at most 4 MiB.\n")
    assert time.monotonic() - asked_at < 2


def test_a_body_in_chunks_past_the_limit_is_refused_and_the_sender_learns_it(web: Web) -> None:
    parts = iter([b"x" * MIB] * 6)
    status, headers, body = web.ask(
        "POST", "/echo", body=parts, headers={"transfer-encoding": "chunked"}, encode_chunked=True
    )
    assert status == 413
    assert headers["connection"] == "close"
    assert body == b"Too large: at most 4 MiB.\n"


def test_a_header_with_an_underscore_is_dropped(web: Web) -> None:
    told = echo(web, headers={"X-Role": "agent", "X_Role": "owner", "Proxy": "http://evil"})
    assert told["HTTP_X_ROLE"] == "agent"
    assert "HTTP_PROXY" not in told


def test_a_path_keeps_its_bytes(web: Web) -> None:
    told = echo(web, "/" + quote("المحادثات/٣") + "/a%2Fb?q=%D9%85&r=1")
    assert told["PATH_INFO"].encode("latin-1").decode() == "/المحادثات/٣/a/b"
    assert told["QUERY_STRING"] == "q=%D9%85&r=1"


def test_nobody_is_believed_about_forwarding_unless_configured(web: Web, narrow: Web) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil"}

    told = echo(web, headers=headers)
    assert (told["wsgi.url_scheme"], told["REMOTE_ADDR"]) == ("http", "127.0.0.1")
    assert not [name for name in told if name.startswith("HTTP_X_FORWARDED")]

    told = echo(narrow, headers=headers)
    assert (told["wsgi.url_scheme"], told["REMOTE_ADDR"]) == ("https", "203.0.113.9")
    assert not [name for name in told if name.startswith("HTTP_X_FORWARDED")]


def test_head_is_answered_without_a_body_and_the_connection_goes_on(web: Web, tmp_path: Path) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
    for path in ("/echo", f"/download?chunks=4&told={tmp_path / 'told'}", "/unchanged"):
        connection.request("HEAD", path)
        response = connection.getresponse()
        assert response.status in (200, 304)
        assert response.read() == b""
    connection.close()


def test_not_modified_carries_no_length(web: Web) -> None:
    status, headers, body = web.ask("GET", "/unchanged")
    assert (status, headers.get("content-length"), body) == (304, None, b"")


def test_an_exception_is_a_500_and_the_thread_goes_on(web: Web) -> None:
    for _ in range(5):
        assert web.ask("GET", "/fail")[0] == 500
    assert echo(web)["PATH_INFO"] == "/echo"


def test_an_exception_midway_cuts_the_answer_so_that_half_is_not_taken_for_the_whole(web: Web) -> None:
    with pytest.raises(http.client.IncompleteRead):
        web.ask("GET", "/midway")


def test_the_same_few_threads_answer_everything(web: Web) -> None:
    with ThreadPoolExecutor(12) as clients:
        threads = {told["thread"] for told in clients.map(lambda _: echo(web), range(60))}
    assert len(threads) <= 4


def test_a_download_arrives_whole(web: Web, tmp_path: Path) -> None:
    status, headers, body = web.ask("GET", f"/download?chunks=40&told={tmp_path / 'told'}")
    assert status == 200
    assert headers["transfer-encoding"] == "chunked"
    assert len(body) == 40 * 65_536


def test_a_download_waits_for_its_client_and_stops_when_the_client_has_gone(web: Web, tmp_path: Path) -> None:
    told = tmp_path / "told"
    connection = socket.create_connection(("127.0.0.1", web.port), timeout=10)
    with connection:
        connection.sendall(f"GET /download?chunks=2000&told={told} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert connection.recv(10_000).startswith(b"HTTP/1.1 200")
        # Nothing more is read: of 125 MiB no more may be made than the sockets hold.
        assert eventually(lambda: told.with_suffix(".made").exists())
    assert eventually(told.exists)
    end = json.loads(told.read_text())
    assert end["made"] < 1000
    assert end["is_same_thread"]


def test_past_the_queue_the_answer_is_try_again_and_the_others_are_served(
    narrow: Web, tmp_path: Path
) -> None:
    release = tmp_path / "release"
    with ThreadPoolExecutor(3) as clients:
        asked = [clients.submit(narrow.ask, "GET", f"/hold?until={release}") for _ in range(3)]
        first = next(as_completed(asked, timeout=8)).result()
        release.touch()
        statuses = sorted(future.result()[0] for future in asked)
    assert first[0] == 503
    assert first[1]["retry-after"] == "2"
    assert statuses == [200, 200, 503]
    assert narrow.ask("GET", "/echo")[0] == 200
