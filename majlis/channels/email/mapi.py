"""The list of properties inside TNEF ([MS-OXTNEF] 2.1.3.4, [MS-OXPROPS]): numbers of properties and their values."""

from __future__ import annotations

import contextlib
import struct
from dataclasses import dataclass

from majlis.lib import charsets

SUBJECT, SENT_AT = 0x0037, 0x0039
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP, TO = 0x0C1A, 0x0C1F, 0x5D01, 0x0E04
BODY, RTF, HTML, CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
DISPLAY_NAME, DATA, SHORT_NAME, LONG_NAME, MIME_TYPE, CONTENT_ID = (
    0x3001,
    0x3701,
    0x3704,
    0x3707,
    0x370E,
    0x3712,
)
MAX_PROPERTIES = 5000

_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_TEXT, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_MANY = 0x1000
_PAGES = {20127: "us-ascii", 65001: "utf-8", 20866: "koi8-r", 21866: "koi8-u", 10004: "x-mac-arabic",
          708: "asmo-708", 1200: "utf-16-le", 1201: "utf-16-be", 50220: "iso-2022-jp"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A property's value: its bytes, whether they are UTF-16 text, and of a number the number."""

    content: bytes
    is_unicode: bool = False
    number: int = 0


def label(page: int) -> str | None:
    """Return the charset label for a Windows code page number, None for none."""
    if not page:
        return None
    if 28591 <= page <= 28606:
        return f"iso-8859-{page - 28590}"
    return _PAGES.get(page, f"cp{page}")


def text(value: Value | None, page: int) -> str:
    """Return a property's value as text, in that code page where it is not Unicode; "" for none."""
    if value is None:
        return ""
    if value.is_unicode:
        return value.content.decode("utf-16-le", "replace").rstrip("\0")
    return charsets.decode(value.content.rstrip(b"\0"), label(page))[0]


def read(data: bytes) -> dict[int, Value]:
    """Return property number -> its first value, of those that are not named; what is cut off ends the list."""
    found: dict[int, Value] = {}
    with contextlib.suppress(struct.error):
        _read(data, found)
    return found


def _read(data: bytes, found: dict[int, Value]) -> None:
    position = 4
    for _ in range(min(struct.unpack_from("<I", data)[0], MAX_PROPERTIES)):
        kind, number = struct.unpack_from("<HH", data, position)
        position += 4
        if number >= 0x8000:
            (how,) = struct.unpack_from("<I", data, position + 16)
            (size,) = struct.unpack_from("<I", data, position + 20)
            position += 24 + (_padded(size) if how else 0)
        is_many, kind = bool(kind & _MANY), kind & ~_MANY
        is_long = kind in (_TEXT, _UNICODE, _OBJECT, _BINARY)
        count = 1
        if is_many or is_long:
            (count,) = struct.unpack_from("<I", data, position)
            position += 4
        if not is_long and kind not in _FIXED:
            return  # its length is not known, so nothing behind it can be read
        for place in range(min(count, MAX_PROPERTIES)):
            if is_long:
                (size,) = struct.unpack_from("<I", data, position)
                content = data[position + 4 : position + 4 + size]
                position += 4 + _padded(size)
            else:
                content = data[position : position + _FIXED[kind]]
                position += _FIXED[kind]
            if place == 0 and number < 0x8000:
                is_number = kind in (0x02, 0x03, 0x0B, 0x14, 0x40)
                number_of = int.from_bytes(content[:8], "little") if is_number else 0
                found.setdefault(number, Value(content, kind == _UNICODE, number_of))
            if position > len(data):
                return


def _padded(size: int) -> int:
    return size + (-size % 4)
