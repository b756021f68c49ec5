"""How the corpus is written down: header lines and a body put together with the line ends of the wire."""

from __future__ import annotations

import base64


def b64(text: str, charset: str = "utf-8") -> bytes:
    """Return `text` in that charset as base64, without line breaks."""
    return base64.b64encode(text.encode(charset))


def qp(text: str, charset: str = "utf-8") -> bytes:
    """Return `text` in that charset with every byte beyond plain letters as =XX."""
    return b"".join(
        bytes([c]) if 32 < c < 127 and c not in b"=?_" else b"=%02X" % c for c in text.encode(charset)
    )


def message(*lines: bytes | str, body: bytes | str = b"", end: bytes = b"\r\n") -> bytes:
    """Return the header lines, an empty line and the body; text is written as UTF-8, line ends become `end`."""
    head = [line.encode() if isinstance(line, str) else line for line in lines]
    content = body.encode() if isinstance(body, str) else body
    return end.join([*head, b"", content.replace(b"\n", end)]) + end


LAYLA = "From: Layla <layla@customer.example>"
OMAR = "From: Omar <omar@customer.example>"
TO = "To: support@shop.example"
DATE = "Date: Mon, 3 Nov 2025 10:15:00 +0300"
MIME = "MIME-Version: 1.0"


def plain(number: str) -> tuple[str, ...]:
    """Return the headers of an ordinary message by Layla with that number in its id."""
    return (LAYLA, TO, DATE, f"Message-ID: <{number}@customer.example>", MIME)
