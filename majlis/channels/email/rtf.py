"""Rich text of Outlook: unpacked ([MS-OXRTFCP]), and read as text, or as the HTML it was made of ([MS-OXRTFEX])."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from majlis.channels.email.mapi import label
from majlis.lib import charsets

MAX_BYTES = 4 * 1024 * 1024
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr generator themedata"
    b" colorschememapping datastore latentstyles listtable listoverridetable rsidtbl xmlnstbl fldinst nonshppict"
    b" mhtmltag pntext filetbl revtbl bkmkstart bkmkend footnote template".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n\n", b"page": "\n\n", b"row": "\n", b"tab": "\t", b"cell": "\t",
    b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d", b"bullet": "\u2022",
    b"endash": "\u2013", b"emdash": "\u2014", b"zwj": "\u200d", b"zwnj": "\u200c", b"ltrmark": "\u200e",
    b"rtlmark": "\u200f", b"emspace": "\u2003", b"enspace": "\u2002",
}  # fmt: skip
# \fcharset of a font -> code page.
_PAGES = {0: 1252, 77: 10000, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255,
          178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250}  # fmt: skip


def decompress(content: bytes) -> bytes:
    """Return the RTF in a PidTagRtfCompressed, at most MAX_BYTES; b"" for what is none."""
    try:
        _size, raw_size, kind = struct.unpack_from("<I I 4s", content)
    except struct.error:
        return b""
    if kind == b"MELA":
        return content[16 : 16 + min(raw_size, MAX_BYTES)]
    if kind != b"LZFu":
        return b""
    ring = bytearray(4096)
    ring[: len(_BEGINNING)] = _BEGINNING
    write, out, position, most = len(_BEGINNING), bytearray(), 16, min(raw_size, MAX_BYTES)
    while position < len(content) and len(out) < most:
        control = content[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                pair = content[position : position + 2]
                position += 2
                if len(pair) < 2:
                    return bytes(out)
                offset, length = pair[0] << 4 | pair[1] >> 4, (pair[1] & 15) + 2
                if offset == write:
                    return bytes(out[:most])
                for step in range(length):
                    byte = ring[(offset + step) % 4096]
                    out.append(byte)
                    ring[write] = byte
                    write = (write + 1) % 4096
            elif position < len(content):
                byte = content[position]
                position += 1
                out.append(byte)
                ring[write] = byte
                write = (write + 1) % 4096
    return bytes(out[:most])


@dataclass(slots=True)
class _Group:
    is_skipped: bool = False
    is_rtf_only: bool = False
    is_tag: bool = False
    skip: int = 1
    page: int = 0


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.is_html = b"\\fromhtml" in data[:2000]
        page = re.search(rb"\\ansicpg(\d{1,5})", data[:2000])
        self.page = int(page.group(1)) if page else 1252
        self.fonts = {
            int(number): _PAGES[int(charset)]
            for number, charset in re.findall(
                rb"\\f(\d{1,5})\b[^{}]{0,80}?\\fcharset(\d{1,3})", data[:100_000]
            )
            if int(charset) in _PAGES
        }
        self.out: list[str] = []
        self.bytes = bytearray()
        self.groups = [_Group()]
        self.surrogate = 0

    def read(self) -> str:
        to_skip = 0
        for match in _TOKEN.finditer(self.data):
            code, word, number, sign, brace, plain = match.groups()
            group = self.groups[-1]
            if brace:
                to_skip = 0
                self._flush()
                self._brace(brace)
            elif to_skip and (code or plain or (sign and sign in b"\\{}")):
                to_skip = self._skipping(plain, to_skip)
            elif code:
                if not self._is_silent(group):
                    self.bytes.append(int(code, 16))
            elif word == b"bin" and number:
                continue
            elif word == b"u" and number:
                to_skip = group.skip
                self._letter(int(number) & 0xFFFF)
            elif word:
                self._word(word, int(number) if number else None)
            elif sign:
                self._sign(sign)
            elif plain:
                self._say(
                    plain.decode("latin-1")
                    if plain.isascii()
                    else charsets.decode(plain, label(self.page))[0]
                )
        self._flush()
        return "".join(self.out)

    def _skipping(self, plain: bytes | None, to_skip: int) -> int:
        if plain is None:
            return to_skip - 1
        if len(plain) > to_skip:
            self._say(plain[to_skip:].decode("latin-1"))
            return 0
        return to_skip - len(plain)

    def _brace(self, brace: bytes) -> None:
        if brace == b"{":
            if len(self.groups) < 500:
                last = self.groups[-1]
                self.groups.append(
                    _Group(last.is_skipped, last.is_rtf_only, last.is_tag, last.skip, last.page)
                )
        elif len(self.groups) > 1:
            self.groups.pop()

    def _is_silent(self, group: _Group) -> bool:
        return group.is_skipped or (self.is_html and group.is_rtf_only)

    def _word(self, word: bytes, number: int | None) -> None:
        group = self.groups[-1]
        if word == b"uc":
            group.skip = min(max(number or 0, 0), 8)
        elif word == b"htmltag":
            group.is_tag, group.is_skipped = True, False
        elif word == b"htmlrtf":
            self._flush()
            group.is_rtf_only = number != 0
        elif word == b"f" and number is not None:
            self._flush()
            group.page = self.fonts.get(number, 0)
        elif word in _SKIPPED:
            group.is_skipped = True
        elif word in _SIGNS and not (group.is_tag and word == b"line"):
            self._say(_SIGNS[word])

    def _sign(self, sign: bytes) -> None:
        group = self.groups[-1]
        if sign == b"*":
            group.is_skipped = True  # a destination nobody needs to know; \htmltag behind it says otherwise
        elif sign == b"~":
            self._say("&nbsp;" if self.is_html and not group.is_tag else "\xa0")
        elif sign in (b"\\", b"{", b"}"):
            self._say(sign.decode())
        elif sign in (b"\r", b"\n"):
            self._say("\n")
        elif sign == b"_":
            self._say("-")

    def _letter(self, code: int) -> None:
        if 0xD800 <= code < 0xDC00:
            self.surrogate = code
            return
        if 0xDC00 <= code < 0xE000:
            high, self.surrogate = self.surrogate, 0
            self._say(chr(0x10000 + (high - 0xD800 << 10) + (code - 0xDC00)) if high else "\ufffd")
            return
        self._say(chr(code))

    def _say(self, text: str) -> None:
        self._flush()
        if not self._is_silent(self.groups[-1]):
            self.out.append(text)

    def _flush(self) -> None:
        if self.bytes:
            page = label(self.groups[-1].page or self.page)
            self.out.append(charsets.decode(bytes(self.bytes), page)[0])
            self.bytes.clear()


def read(data: bytes) -> tuple[str, bool]:
    """Return (what the RTF in `data` says, whether that is HTML it was made of)."""
    if not data.lstrip().startswith(b"{\\rtf"):
        return "", False
    reader = _Reader(data[:MAX_BYTES])
    said = reader.read()
    if reader.is_html:
        return said.strip(), True
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in said.split("\n"))).strip(), False
