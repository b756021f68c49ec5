"""A web process for the tests: the real gateway over a small WSGI application. Prints its port, then serves."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from majlis.gateway import nudges, server
from majlis.gateway.asgi import application
from majlis.gateway.bridge import Bridge
from majlis.gateway.nudges import Hub

CHUNK = b"x" * 65_536
SCRIPTS = Path(server.__file__).parents[1] / "static" / "majlis" / "js"
TAB = """<!doctype html><title>tab</title><meta name="majlis-live" content="/live">
<meta name="majlis-live-worker" content="/js/live-worker.js"><meta name="majlis-session-tag" content="{tag}">
<script type="module" nonce="n">window.heard = []; {before};
const {{ subscribe }} = await import("/js/live.js"); subscribe((message) => window.heard.push(message));</script>"""
POLICY = "default-src 'none'; script-src 'self' 'nonce-n'; worker-src 'self'; connect-src 'self'"
Start = Callable[..., Any]


class Download:
    """An endless-looking file: tells in a file of the test how much was made, and which thread closed it."""

    streaming = True

    def __init__(self, told: Path, chunks: int) -> None:
        self.told, self.chunks, self.made = told, chunks, 0
        self.thread = threading.current_thread().name

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.chunks):
            self.made += 1
            self.told.with_suffix(".made").write_text(str(self.made))
            yield CHUNK

    def close(self) -> None:
        is_same = threading.current_thread().name == self.thread
        self.told.write_text(json.dumps({"made": self.made, "is_same_thread": is_same}))


def _echo(environ: dict[str, Any]) -> bytes:
    body = environ["wsgi.input"].read()
    told = {name: value for name, value in environ.items() if isinstance(value, str)}
    extra = {"length": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps({**told, **extra, "thread": threading.current_thread().name}).encode()


def _midway() -> Iterator[bytes]:
    yield b"half"
    time.sleep(0.2)  # past the batch's time: the half is on its way
    yield b" of it"
    raise ValueError("midway")


def _hold(environ: dict[str, Any]) -> None:
    release = Path(parse_qs(environ["QUERY_STRING"])["until"][0])
    deadline = time.monotonic() + 10
    while not release.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def _page(path: str, query: dict[str, str], start_response: Start) -> list[bytes]:
    """A page that listens to live events, and its scripts."""
    if path.startswith("/js/"):
        start_response("200 OK", [("Content-Type", "text/javascript")])
        return [(SCRIPTS / path.removeprefix("/js/")).read_bytes()]
    headers = [
        ("Content-Type", "text/html"),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", POLICY),
    ]
    start_response("200 OK", headers)
    before = "delete window.SharedWorker" if "alone" in query else ""
    return [TAB.format(tag=query["who"], before=before).encode()]


def app(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """One path for each behaviour of the bridge, and `/tab` for a browser."""
    path = environ["PATH_INFO"]
    query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    if path == "/tab" or path.startswith("/js/"):
        return _page(path, query, start_response)
    if path == "/fail":
        raise ValueError("on purpose")
    if path == "/unchanged":
        start_response("304 Not Modified", [("Content-Length", "99"), ("ETag", '"1"')])
        return []
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Path", "seen")])
    if path == "/midway":
        return _midway()
    if path == "/download":
        return Download(Path(query["told"]), int(query["chunks"]))
    if path == "/hold":
        _hold(environ)
    return [_echo(environ)]


def main() -> None:
    """Read the arguments, serve until a signal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("conninfo")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--waiting", type=int, default=64)
    parser.add_argument("--limit", type=int, default=4 * 1024 * 1024)
    parser.add_argument("--trust", action="append", default=[])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--stale", type=float, default=nudges.STALE_SECONDS)
    parser.add_argument("--visitors", type=float, default=nudges.VISITORS_SECONDS)
    parser.add_argument("--check", type=float, default=nudges.CHECK_SECONDS)
    options = parser.parse_args()
    nudges.STALE_SECONDS, nudges.CHECK_SECONDS = options.stale, options.check
    hub = Hub(options.conninfo, visitors_seconds=options.visitors)
    bridge = Bridge(app, threads=options.threads, waiting=options.waiting, body_limit_bytes=options.limit)
    listener = server.listen("127.0.0.1", options.port)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    gateway = application(bridge, hub, session_cookie="majlis_session")
    server.run(gateway, hub, listener, trusted_proxies=options.trust)
    bridge.close()


if __name__ == "__main__":
    main()
