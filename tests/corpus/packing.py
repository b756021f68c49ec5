"""How winmail.dat is written down: attributes and properties of TNEF, and the packed rich text in it."""

from __future__ import annotations

import struct

MESSAGE = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage


def attribute(level: int, number: int, kind: int, data: bytes) -> bytes:
    """Return one attribute with its checksum. level: 1 message, 2 file."""
    return struct.pack("<BHHI", level, number, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def prop(number: int, value: str | bytes | int, *, ansi: str = "", is_object: bool = False) -> bytes:
    """Return one property: text as UTF-16 (or in `ansi`), bytes as binary, a number as LONG."""
    if isinstance(value, int):
        return struct.pack("<HHI", 3, number, value)
    if isinstance(value, str):
        kind = 0x1E if ansi else 0x1F
        content = f"{value}\0".encode(ansi or "utf-16-le")
    else:
        kind, content = (0x0D if is_object else 0x102), value
    return struct.pack("<HHII", kind, number, 1, len(content)) + content + b"\0" * (-len(content) % 4)


def named(value: str) -> bytes:
    """Return a property with a name of its own, which a reader has to step over."""
    content = f"{value}\0".encode("utf-16-le")
    head = (
        struct.pack("<HH", 0x1F, 0x8001)
        + b"\1" * 16
        + struct.pack("<II", 1, 6)
        + "abc".encode("utf-16-le")
        + b"\0\0"
    )
    return head + struct.pack("<II", 1, len(content)) + content + b"\0" * (-len(content) % 4)


def props(*found: bytes) -> bytes:
    """Return a list of properties."""
    return struct.pack("<I", len(found)) + b"".join(found)


def stream(*attributes: bytes, page: int = 1256) -> bytes:
    """Return a whole TNEF stream."""
    head = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x9006, 8, struct.pack("<I", 0x10000))
    return head + attribute(1, 0x9007, 6, struct.pack("<II", page, 0)) + b"".join(attributes)


def file(title: bytes, content: bytes, *found: bytes) -> bytes:
    """Return the attributes of one file: where it begins, its title, its bytes, its properties."""
    out = attribute(2, 0x9002, 6, b"\1\0" + b"\0" * 12) + attribute(2, 0x8010, 1, title + b"\0")
    if content:
        out += attribute(2, 0x800F, 6, content)
    return out + attribute(2, 0x9005, 6, props(*found))


def packed(rtf: bytes) -> bytes:
    """Return rich text packed without any saving (every byte a literal), as [MS-OXRTFCP] allows."""
    body = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    return struct.pack("<II4sI", len(body) + 12, len(rtf), b"LZFu", 0) + body
