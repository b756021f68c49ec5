"""Small pictures and papers, made here: PNG (RFC 2083) and PDF 1.4 by their rules. Pure."""

from __future__ import annotations

import struct
import zlib
from random import Random

_PALETTES = (
    ((244, 232, 214), (168, 112, 62), (92, 58, 36)),
    ((226, 236, 232), (54, 120, 110), (22, 62, 60)),
    ((246, 226, 222), (186, 84, 92), (88, 34, 52)),
    ((232, 230, 244), (96, 92, 158), (42, 40, 84)),
)


def photo(random: Random, *, width: int = 320, height: int = 240) -> bytes:
    """A PNG of a bottle on a table, in one of a few colourings, perhaps with a crack through it."""
    light, middle, dark = random.choice(_PALETTES)
    neck, body = width // 14, width // random.randrange(5, 8)
    crack = random.randrange(height // 3, height // 2)
    rows = bytearray()
    for y in range(height):
        half = neck if height // 8 < y < height // 3 else body if height // 3 <= y < height * 5 // 6 else 0
        beside = bytes(dark if y > height * 3 // 4 else light) * (width // 2 - half)
        shine = min(half, max(1, half // 5))
        side = bytes(middle) * (half - shine)
        inside = bytearray(side + bytes(light) * (2 * shine) + side)
        if half and (at := (y - crack) * 2) in range(2 * half - 3):
            inside[3 * at : 3 * at + 9] = bytes(light) * 3
        rows += b"\0" + beside + inside + beside  # each line says first that it is not filtered
    return _png(width, height, bytes(rows))


def _png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 6))
        + chunk(b"IEND", b"")
    )


def paper(title: str, lines: list[str]) -> bytes:
    """A PDF of one page with a title and lines, in Latin letters (the font that every reader has)."""
    said = [f"BT /F1 18 Tf 56 780 Td ({_quoted(title)}) Tj ET", "0.6 w 56 768 m 540 768 l S"]
    said += [
        f"BT /F1 11 Tf 56 {740 - 18 * place} Td ({_quoted(line)}) Tj ET" for place, line in enumerate(lines)
    ]
    stream = "\n".join(said).encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for at in places:
        out += b"%010d 00000 n \n" % at
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
