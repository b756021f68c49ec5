"""A teammate's browser, as far as its bytes go: one lasting connection, little CPU of its own."""

from __future__ import annotations

import json
import secrets
import socket
import string
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from majlis.cli.benches.place import BenchError

_LETTERS = string.ascii_letters + string.digits
TEXT = (
    "شكرا لتواصلك معنا. شحنا القطعة الباقية اليوم وتصلك خلال يومين، ورقم التتبع في حسابك. نعتذر عن التأخير. "
    * 3
)
_TEXT = json.dumps(TEXT, ensure_ascii=False)  # once: a browser's work is not measured, but takes from what is


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Visitor:
    """Signed in by `session`, with a CSRF cookie and its token as a page sends them."""

    def __init__(self, port: int, *, session: str, cookie: str, csrf: str) -> None:
        secret = "".join(secrets.choice(_LETTERS) for _ in range(32))
        self._connection = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            f"Host: localhost:{port}\r\nCookie: {cookie}={session}; {csrf}={secret}\r\nX-CSRFToken: {secret}\r\n"
            f"Origin: http://localhost:{port}\r\nUser-Agent: Mozilla/5.0\r\nAccept-Language: ar,en\r\n"
        )

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def get(self, path: str) -> Answer:
        """A whole page. Raises BenchError unless it answers 200."""
        return self._ask(f"GET {path} HTTP/1.1\r\n{self._head}Accept: text/html\r\n\r\n".encode(), path)

    def reply(self, number: int, *, seen: int) -> Answer:
        """Post a reply as the desk's script does. Raises BenchError unless it answers 200."""
        path = f"/conversations/{number}/replies"
        body = f'{{"text":{_TEXT},"seen":"{seen}","key":"{uuid4()}"}}'.encode()
        head = (
            f"POST {path} HTTP/1.1\r\n{self._head}Accept: */*\r\nHX-Request: true\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body, path)

    def _ask(self, request: bytes, path: str) -> Answer:
        self._connection.sendall(request)
        received = self._connection.recv(262_144)
        while received and b"\r\n\r\n" not in received:
            received += self._connection.recv(262_144)
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split(" ")[1]) if first else 0
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        while len(body) < length and (more := self._connection.recv(262_144)):
            body += more
        if status != 200:
            raise BenchError(f"{path} answered {status}: {body[:500].decode(errors='replace')}")
        return Answer(status, headers, body)
