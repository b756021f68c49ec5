"""Mail written by hand: headers (RFC 2047) and parts (RFC 2045, 2046), all in base64. Pure, and fast."""

from __future__ import annotations

from base64 import b64encode, encodebytes
from collections.abc import Sequence

_LONGEST_WORD = 30  # bytes of a text in one encoded word: 40 signs, and lines stay short


def header(name: str, value: str) -> str:
    """A header line; what is not ASCII becomes encoded words, a line each."""
    return f"{name}: {encoded(value)}\r\n"


def encoded(text: str) -> str:
    """Plain where it may be, else encoded words that never part a character."""
    if text.isascii():
        return text
    words, held = [], b""
    for sign in text:
        more = sign.encode()
        if len(held) + len(more) > _LONGEST_WORD:
            words.append(held)
            held = b""
        held += more
    words.append(held)
    return "\r\n ".join(f"=?utf-8?B?{b64encode(word).decode()}?=" for word in words)


def named(name: str, address: str) -> str:
    """A name with its address, as it stands in From and To."""
    said = encoded(name) if not name.isascii() else f'"{name}"'
    return f"{said} <{address}>"


def part(kind: str, content: bytes, *headers: str) -> bytes:
    """One part with its content."""
    body = encodebytes(content).replace(b"\n", b"\r\n")
    told = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{''.join(headers)}\r\n"
    return told.encode() + body


def text(kind: str, said: str) -> bytes:
    """A part of text."""
    return part(f"{kind}; charset=utf-8", said.encode())


def several(kind: str, parts: Sequence[bytes], mark: str) -> bytes:
    """Parts in one (mixed, alternative, related), parted by `mark`."""
    inside = b"".join(f"--{mark}\r\n".encode() + one + b"\r\n" for one in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n'.encode()
        + inside
        + f"--{mark}--\r\n".encode()
    )
