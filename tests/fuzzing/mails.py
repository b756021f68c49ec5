"""Whole mails put together at random, as programs write them and as broken ones do; what was said in them is known."""

from __future__ import annotations

import base64
import binascii
import quopri
from dataclasses import dataclass, field

from hypothesis import strategies as st

from majlis.channels.email.parsing import ParsedMail, parse
from majlis.lib.html import to_text

_WORDS = [
    "طلبي رقم ٤٤١٧ لم يصل",
    "Where is my order?",
    "Où est ma commande",
    "السلام عليكم",
    "a < b & c",
    "-- ",
    "> quoted",
]
_CHARSETS = {
    "utf-8": "utf-8",
    "windows-1256": "cp1256",
    "iso-8859-6": "iso8859-6",
    '"UTF-8"': "utf-8",
    "utf8": "utf-8",
}
_ENDS = [b"\r\n", b"\n"]
_HEADERS = [
    b"Subject: =?utf-8?B?2LfZhNio2Yo=?=", b"Subject: =?windows-1256?Q?=E3=D1=CD=C8=C7", b"Subject: =?x-none?Q?a?= =?utf-8?B?2",
    b"Subject: \xe3\xd1\xcd\xc8\xc7", b"Subject:", b'To: "a, b" <support@shop.example', b"Cc: <a@b>, =?utf-8?Q?=D8?= <c@d>",
    b"Date: 31 Feb 2025 25:61 +9999", b"Message-ID: <a@b> (c)", b"Message-ID: <>", b"References: <a@b>\r\n\t<c@d> x",
    b"Auto-Submitted: auto-replied", b"X-Empty", b"Received: from x by y; nonsense", b"Return-Path: <>", b"From: Layla",
    b"Authentication-Results: mx; dkim=pass header.d=x; spf=", b"Content-Language: ar", b"MIME-Version: 1.0",
]  # fmt: skip


@dataclass(slots=True)
class Made:
    """A mail's bytes; `said`: what its texts say, mark by mark."""

    raw: bytes = b""
    said: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Making:
    draw: st.DrawFn
    made: Made
    end: bytes
    depth: int = 0

    def one_of(self, *of: object) -> object:
        return self.draw(st.sampled_from(of))

    def mark(self) -> str:
        return f"mark{len(self.made.said):04}x"


@st.composite
def mails(draw: st.DrawFn) -> Made:
    """A mail of up to three levels."""
    making = _Making(draw, Made(), draw(st.sampled_from(_ENDS)))
    part = _part(making)
    headers = draw(st.lists(st.sampled_from(_HEADERS), max_size=5, unique=True))
    from_line = b"From: =?utf-8?B?2YTZitmE2Yk=?= <layla@customer.example>"
    lines = [from_line, *headers, *part[0], b"", part[1]]
    making.made.raw = making.end.join(lines)
    return making.made


def _part(making: _Making, *, mark: str = "") -> tuple[list[bytes], bytes]:
    """(its header lines, its body)."""
    if making.depth < 3 and not mark and making.draw(st.integers(0, 2)):
        return _multipart(making)
    if making.depth < 3 and not mark and making.draw(st.integers(0, 9)) == 0:
        making.depth += 1
        headers, body = _part(making)
        making.depth -= 1
        inner = making.end.join([b"Subject: inner", *headers, b"", body])
        return [b"Content-Type: message/rfc822"], inner
    return _text(making, mark)


def _multipart(making: _Making) -> tuple[list[bytes], bytes]:
    kind = str(making.one_of("mixed", "alternative", "related", "signed", "report", "digest-not"))
    boundary = f"b{making.depth}-{making.draw(st.integers(0, 99))}"
    damage = str(making.one_of("", "", "", "open", "unquoted", "other", "spaces"))
    making.depth += 1
    mark = ""
    if kind == "alternative":  # its sides say the same
        mark = making.mark()
        making.made.said[mark] = ""
    parts = [_part(making, mark=mark) for _ in range(making.draw(st.integers(1, 3)))]
    making.depth -= 1
    declared = boundary if damage != "other" else f"{boundary}-not"
    written = declared if damage == "unquoted" else f'"{declared}"'
    delimiter = f"--{boundary}{'  ' if damage == 'spaces' else ''}".encode()
    lines: list[bytes] = []
    for headers, body in parts:
        lines += [delimiter, *headers, b"", body]
    if damage != "open":
        lines.append(f"--{boundary}--".encode())
    return [f"Content-Type: multipart/{kind}; boundary={written}".encode()], making.end.join([*lines, b""])


def _text(making: _Making, mark: str) -> tuple[list[bytes], bytes]:
    mark = mark or making.mark()
    words = f"{mark} {' '.join(making.draw(st.lists(st.sampled_from(_WORDS), max_size=3)))}".strip()
    label = str(making.one_of(*_CHARSETS))
    words = words.encode(_CHARSETS[label], "replace").decode(_CHARSETS[label])
    kind = str(
        making.one_of("plain", "plain", "html", "flowed", "file", "uuencoded", "calendar", "enriched-not")
    )
    if kind == "html":
        written = f"<html dir=rtl><p>{words.replace('&', '&amp;').replace('<', '&lt;')}</p><br></html>"
    elif kind == "calendar":
        written = f"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nDTSTART:20251103T1{mark[4:8]}\nSUMMARY:{words}\nEND:VEVENT"
    elif kind == "uuencoded":
        line = binascii.b2a_uu(mark.encode()).decode().rstrip("\n")
        written = f"begin 644 {mark}.txt\n{line}\n`\nend\n{words}"
    else:
        written = words
    making.made.said[mark] = words
    content = written.replace("\n", making.end.decode()).encode(_CHARSETS[label], "replace")
    encoding = str(making.one_of("8bit", "base64", "quoted-printable", "BASE64 ", "x-unknown"))
    if encoding.strip().lower() == "base64":
        content = base64.encodebytes(content).replace(b"\n", making.end)
    elif encoding == "quoted-printable":
        content = quopri.encodestring(content).replace(b"\n", making.end)
    types = {"html": "text/html", "file": "text/plain", "calendar": "text/calendar; method=REQUEST"}
    named = "; format=flowed; delsp=no" if kind == "flowed" else ""
    headers = [
        f"Content-Type: {types.get(kind, 'text/plain')}; charset={label}{named}",
        f"Content-Transfer-Encoding: {encoding}",
    ]
    if kind == "file":
        name = str(
            making.one_of(
                "filename*0*=utf-8''%D8%A3; filename*1*=%D",
                'filename="=?utf-8?B?2KM=?="',
                "filename=a b.txt",
                "filename=",
            )
        )
        headers.append(f"Content-Disposition: attachment; {name}")
    return [header.encode() for header in headers], content


def holds(mail: ParsedMail, mark: str) -> bool:
    """Claims that these letters are in the text, in the HTML, in a file, or in a message that is attached."""
    wanted = mark.encode()
    if mark in mail.text or mark in (mail.html or ""):
        return True
    for part in mail.attachments:
        if wanted in part.content or (
            part.content_type == "message/rfc822" and holds(parse(part.content), mark)
        ):
            return True
    return False


def texts(mail: ParsedMail) -> str:
    """Everything that can be read of a mail, attached texts and messages included, white space taken out."""
    found = [mail.text, to_text(mail.html or "")]
    for part in mail.attachments:
        if part.content_type == "message/rfc822":
            found.append(texts(parse(part.content)))
        else:
            found += [part.content.decode(codec, "replace") for codec in ("utf-8", "cp1256", "iso8859-6")]
    return "".join("".join(found).split())
