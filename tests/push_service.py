"""A push service of the tests' own, on this machine, and browsers that subscribed to it."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from majlis.channels.push_sealing import packed, point_of
from tests.polling import until


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Browser:
    """The keys of one browser, and what it was pushed."""

    service: PushService
    name: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def endpoint(self) -> str:
        return f"{self.service.url}{self.name}"

    def handed_in(self) -> dict[str, str]:
        """What its page tells the desk."""
        point = packed(point_of(self.private))
        return {"endpoint": self.endpoint, "key": point, "auth": packed(self.secret)}

    def requests(self) -> list[Received]:
        """What its push service was handed for it."""
        return [one for one in self.service.received if one.path == f"/{self.name}"]

    def pushed(self) -> list[dict[str, Any]]:
        """What was pushed to it, opened with its own keys by somebody else's code."""
        return [
            json.loads(http_ece.decrypt(one.body, private_key=self.private, auth_secret=self.secret))
            for one in self.requests()
        ]

    def waits_for(self, number: int) -> list[dict[str, Any]]:
        """`pushed`, once there are so many."""
        until(lambda: len(self.requests()) >= number, f"{number} pushes to {self.name}")
        return self.pushed()


class PushService:
    """Answers 201, or what `answers` says of a browser: (status, headers) in their order; None hangs until the end."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: dict[str, list[tuple[int, dict[str, str]] | None]] = {}
        self._end = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.received.append(Received(self.path, dict(self.headers.items()), body))
                planned = service.answers.get(self.path[1:], [])
                answer = planned.pop(0) if planned else (201, {})
                if answer is None:
                    service._end.wait(30)
                    return
                self.send_response(answer[0])
                for name, value in answer[1].items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._end.set()
        self._server.shutdown()
        self._server.server_close()

    def browser(self, name: str) -> Browser:
        """A browser that subscribed here; its address ends with `name`."""
        return Browser(self, name)
