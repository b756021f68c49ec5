"""How wide a picture is, from its first bytes: Outlook for Windows needs to be told. Pure."""

from __future__ import annotations

_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def width_of(content: bytes) -> int:
    """Pixels across of a PNG, GIF or JPEG (ISO/IEC 10918-1, B.2.2); 0 for anything else, and for what is broken."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        return int.from_bytes(content[16:20], "big")
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return int.from_bytes(content[6:8], "little")
    if content[:2] != b"\xff\xd8":
        return 0
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _JPEG_FRAMES:
            return int.from_bytes(content[at + 7 : at + 9], "big")
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0
