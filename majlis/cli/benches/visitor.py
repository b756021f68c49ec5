"""A teammate's browser, as far as its bytes go: one lasting connection, little CPU of its own."""

from __future__ import annotations

import json
import re
import secrets
import socket
import string
from uuid import uuid4

from majlis.cli.benches.place import BenchError

_LENGTH = re.compile(rb"(?i)content-length: *(\d+)")
_LETTERS = string.ascii_letters + string.digits
TEXT = (
    "شكرا لتواصلك معنا. شحنا القطعة الباقية اليوم وتصلك خلال يومين، ورقم التتبع في حسابك. نعتذر عن التأخير. "
    * 3
)
_TEXT = json.dumps(TEXT, ensure_ascii=False)  # once: a browser's work is not measured, but takes from what is


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

    def get(self, path: str) -> bytes:
        """A whole page, its body. Raises BenchError unless it answers 200."""
        return self._ask(f"GET {path} HTTP/1.1\r\n{self._head}Accept: text/html\r\n\r\n".encode(), path)

    def reply(self, number: int, *, seen: int) -> bytes:
        """Post a reply as the desk's script does; the fragment that comes back. Raises BenchError unless it answers 200."""
        path = f"/conversations/{number}/replies"
        body = f'{{"text":{_TEXT},"seen":"{seen}","key":"{uuid4()}"}}'.encode()
        head = (
            f"POST {path} HTTP/1.1\r\n{self._head}Accept: */*\r\nHX-Request: true\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body, path)

    def note(self, number: int) -> bytes:
        """Add a note as the desk's script does; the fragment that comes back. Raises BenchError unless it answers 200."""
        path = f"/conversations/{number}/notes"
        body = f'{{"text":{_TEXT},"key":"{uuid4()}"}}'.encode()
        head = (
            f"POST {path} HTTP/1.1\r\n{self._head}Accept: */*\r\nHX-Request: true\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body, path)

    def _ask(self, request: bytes, path: str) -> bytes:
        self._connection.sendall(request)
        received = self._connection.recv(262_144)
        while received and b"\r\n\r\n" not in received:
            received += self._connection.recv(262_144)
        head, _, body = received.partition(b"\r\n\r\n")
        status = int(head[9:12] or 0)
        declared = _LENGTH.search(head)
        length = int(declared[1]) if declared else 0
        while len(body) < length and (more := self._connection.recv(262_144)):
            body += more
        if status != 200:
            raise BenchError(f"{path} answered {status}: {body[:500].decode(errors='replace')}")
        return body
