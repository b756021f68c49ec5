"""What Outlook packs into «winmail.dat» (TNEF, [MS-OXTNEF]): the text and the files of a message."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from majlis.channels.email import mapi, naming, rtf, words
from majlis.lib import charsets

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 5000
MAX_FILES = 300
MAX_DEPTH = 3
_MESSAGE = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"  # IID_IMessage
_SUBJECT, _BODY, _FILE_BYTES, _FILE_TITLE = 0x8004, 0x800C, 0x800F, 0x8010
_TRANSPORT_NAME, _FILE_BEGINS, _PROPERTIES, _FILE_PROPERTIES, _OEM_PAGE = (
    0x9001,
    0x9002,
    0x9003,
    0x9005,
    0x9007,
)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Inside:
    """A file in it. `name` may be empty; `content_id` has no brackets."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None


@dataclass(slots=True)
class Tnef:
    """What was found: plain text, HTML as written (not sanitised) or None, and the files."""

    text: str
    html: str | None
    files: list[Inside]


@dataclass(slots=True)
class _Packed:
    page: int = 0
    subject: bytes = b""
    body: bytes = b""
    properties: dict[int, mapi.Value] = field(default_factory=dict)
    files: list[_PackedFile] = field(default_factory=list)


@dataclass(slots=True)
class _PackedFile:
    title: bytes = b""
    content: bytes = b""
    properties: dict[int, mapi.Value] = field(default_factory=dict)


def read(content: bytes, *, depth: int = 0) -> Tnef | None:
    """Return what the TNEF stream in `content` holds, None where it is none. Never raises; what is cut off is left out."""
    packed = _unpacked(content)
    if packed is None:
        return None
    text, html = _texts(packed)
    files = [one for one in (_file(found, packed.page, depth) for found in packed.files) if one]
    return Tnef(text, html, files)


def _unpacked(content: bytes) -> _Packed | None:
    if not content.startswith(SIGNATURE):
        return None
    found = _Packed()
    position = 6
    for _ in range(MAX_ATTRIBUTES):
        try:
            number, _kind, size = struct.unpack_from("<HHI", content, position + 1)
        except struct.error:
            break
        _take(found, number, content[position + 9 : position + 9 + size])
        position += 11 + size
    return found


def _take(found: _Packed, number: int, data: bytes) -> None:
    if number == _OEM_PAGE:
        found.page = int.from_bytes(data[:4], "little")
    elif number == _SUBJECT:
        found.subject = data
    elif number == _BODY:
        found.body = data
    elif number == _PROPERTIES:
        found.properties = mapi.read(data)
    elif number == _FILE_BEGINS and len(found.files) < MAX_FILES:
        found.files.append(_PackedFile())
    elif not found.files:
        return
    elif number == _FILE_BYTES:
        found.files[-1].content = found.files[-1].content or data
    elif number in (_FILE_TITLE, _TRANSPORT_NAME):
        found.files[-1].title = data
    elif number == _FILE_PROPERTIES:
        found.files[-1].properties = mapi.read(data)


def _texts(packed: _Packed) -> tuple[str, str | None]:
    properties = packed.properties
    page = properties[mapi.CODEPAGE].number if mapi.CODEPAGE in properties else packed.page
    text = mapi.text(properties.get(mapi.BODY), page or packed.page)
    if not text.strip() and packed.body:
        text = charsets.decode(packed.body.rstrip(b"\0"), mapi.label(packed.page))[0]
    html: str | None = mapi.text(properties.get(mapi.HTML), page) or None
    if html is None and mapi.RTF in properties:
        shown, is_html = rtf.read(rtf.decompress(properties[mapi.RTF].content))
        if is_html:
            html = shown or None
        elif not text.strip():
            text = shown
    return _tidy(text), _tidy(html) if html else None


def _tidy(text: str) -> str:
    return words.storable(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _file(packed: _PackedFile, page: int, depth: int) -> Inside | None:
    properties = packed.properties
    names = (mapi.text(properties.get(key), page) for key in (mapi.LONG_NAME, mapi.SHORT_NAME))
    title = charsets.decode(packed.title.rstrip(b"\0"), mapi.label(page))[0]
    name = next((found for found in names if found.strip()), "") or title
    name = name or mapi.text(properties.get(mapi.DISPLAY_NAME), page)
    held = properties[mapi.DATA].content if mapi.DATA in properties else b""
    if held.startswith(_MESSAGE):
        inner = _as_message(held[len(_MESSAGE) :], depth + 1)
        name = mapi.text(properties.get(mapi.DISPLAY_NAME), page).strip() or name
        return Inside(f"{name}.eml" if name else "", "message/rfc822", inner, None) if inner else None
    content = packed.content or held
    if not content:
        return None
    kind = mapi.text(properties.get(mapi.MIME_TYPE), page).strip().lower()
    kind = kind if "/" in kind else naming.type_of(name)
    return Inside(name, kind, content, mapi.text(properties.get(mapi.CONTENT_ID), page).strip("<> ") or None)


def _as_message(content: bytes, depth: int) -> bytes:
    """Return a message inside a message as an ordinary one (RFC 5322), so that it opens like any other."""
    packed = _unpacked(content)
    if packed is None or depth > MAX_DEPTH:
        return b""
    properties, page = packed.properties, packed.page
    inner = read(content, depth=depth)
    message = EmailMessage(policy=SMTP)
    subject = mapi.text(properties.get(mapi.SUBJECT), page)
    message["Subject"] = words.one_line(
        subject or charsets.decode(packed.subject.rstrip(b"\0"), mapi.label(page))[0]
    )
    address = next(
        (found for key in (mapi.SENDER_SMTP, mapi.SENDER_ADDRESS)
         if "@" in (found := mapi.text(properties.get(key), page)) and found.isascii()), "")  # fmt: skip
    name = words.one_line(mapi.text(properties.get(mapi.SENDER_NAME), page)).replace('"', "")
    try:
        message["From"] = f'"{name}" <{words.one_line(address)}>' if address else f'"{name}" <>'
    except (ValueError, IndexError, AttributeError):
        del message["From"]
    if mapi.SENT_AT in properties:
        try:
            sent_at = _EPOCH + timedelta(microseconds=properties[mapi.SENT_AT].number // 10)
            message["Date"] = format_datetime(sent_at)
        except (OverflowError, ValueError):
            pass
    message.set_content(inner.text if inner else "", charset="utf-8", cte="base64")
    if inner and inner.html:
        message.add_alternative(inner.html, subtype="html", charset="utf-8", cte="base64")
    for one in inner.files if inner else ():
        main, _, sub = one.content_type.partition("/")
        if main in ("multipart", "message") or not sub.isascii():
            main, sub = "application", "octet-stream"
        try:
            message.add_attachment(one.content, maintype=main, subtype=sub, filename=words.one_line(one.name))
        except (ValueError, UnicodeError, LookupError):
            continue
    for number, part in enumerate(one for one in message.walk() if one.is_multipart()):
        part.set_boundary(
            f"=_{hashlib.sha256(content).hexdigest()[:24]}-{number}"
        )  # the same bytes every time
    return message.as_bytes()
