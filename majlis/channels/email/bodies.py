"""Which parts of a message are its text, and which are attached to it."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass

from majlis.channels.email import words
from majlis.channels.email.mail import Part
from majlis.channels.email.tree import Node, split_headers
from majlis.lib import charsets
from majlis.lib.arabic import BIDI_MARKS
from majlis.lib.html import from_text, to_text

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,40})", re.IGNORECASE)
_CID = re.compile(r"cid:([^\s\"'<>)]{1,500})", re.IGNORECASE)
_EXTENSIONS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "message/rfc822": ".eml",
    "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/gif": ".gif", "audio/mpeg": ".mp3",
    "application/pdf": ".pdf", "application/pgp-signature": ".asc", "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt", "application/pkcs7-signature": ".p7s", "text/vcard": ".vcf",
    "text/x-vcard": ".vcf", "text/csv": ".csv", "application/zip": ".zip", "audio/ogg": ".ogg", "video/mp4": ".mp4",
}  # fmt: skip
_STEMS = {
    "text/calendar": "invite", "application/pgp-signature": "signature", "application/pkcs7-signature": "smime",
    "message/delivery-status": "delivery-status", "text/rfc822-headers": "headers",
}  # fmt: skip


@dataclass(slots=True)
class _Piece:
    """A stretch of the message's own text, in one of the two forms or in both."""

    text: str | None = None
    html: str | None = None


def read(root: Node) -> tuple[str, str | None, tuple[Part, ...]]:
    """Return (the best plain text, the HTML as written or None, what is attached) of a message's tree."""
    pieces: list[_Piece] = []
    attached: list[Node] = []
    _walk(root, pieces, attached, is_first=True)
    has_html = any(piece.html is not None for piece in pieces)
    texts = [to_text(piece.html or "") if piece.text is None else piece.text for piece in pieces]
    # An alternative whose plain side was left empty says nothing in plain text: read the other side.
    for place, piece in enumerate(pieces):
        if piece.html and piece.text is not None and not piece.text.strip():
            texts[place] = to_text(piece.html)
    text = "\n\n".join(part.strip("\n") for part in texts if part.strip())
    html = None
    if has_html:
        html = "\n".join(
            piece.html if piece.html is not None else from_text(piece.text or "") for piece in pieces
        )
    shown = {_unquoted(cid) for cid in _CID.findall(html or "")}
    return text, html, tuple(_part(node, place + 1, shown) for place, node in enumerate(attached))


def _walk(node: Node, pieces: list[_Piece], attached: list[Node], *, is_first: bool) -> None:
    if not node.children:
        if _is_text(node, is_first=is_first):
            text = part_text(node)
            is_html = node.content_type == "text/html"
            pieces.append(_Piece(html=text) if is_html else _Piece(text=text))
        elif node.body or node.content_type != "text/plain" or _given_name(node):
            attached.append(node)
    elif node.content_type == "multipart/alternative":
        _walk_alternative(node, pieces, attached)
    elif node.content_type == "multipart/related":
        start = node.params.get("start", "").strip("<>")
        first = next(
            (child for child in node.children if start and _content_id(child) == start), node.children[0]
        )
        _walk(first, pieces, attached, is_first=True)
        for child in node.children:
            if child is not first:
                _walk(child, [] if child.content_type == "text/plain" and not child.body else pieces, attached,
                      is_first=False)  # fmt: skip
    else:
        for place, child in enumerate(node.children):
            _walk(child, pieces, attached, is_first=place == 0)


def _walk_alternative(node: Node, pieces: list[_Piece], attached: list[Node]) -> None:
    """The sides of an alternative are one piece: its plain text from one side, its HTML from another."""
    whole = _Piece()
    for child in node.children:
        side: list[_Piece] = []
        _walk(child, side, attached, is_first=True)
        for part in side:
            if part.text is not None:
                whole.text = part.text if whole.text is None else f"{whole.text}\n\n{part.text}"
            if part.html is not None:
                whole.html = part.html if whole.html is None else f"{whole.html}\n{part.html}"
    if whole.text is not None or whole.html is not None:
        pieces.append(whole)


def _is_text(node: Node, *, is_first: bool) -> bool:
    if node.content_type not in ("text/plain", "text/html", "text/enriched", "text/amp", "text"):
        return False
    if node.disposition == "attachment" or (
        node.disposition == "inline" and not is_first and _given_name(node)
    ):
        return is_first and node.disposition == "attachment" and not _given_name(node)
    return not _given_name(node) or is_first


def part_text(node: Node) -> str:
    """Return a text part's text: decoded, line ends \\n, format=flowed undone (RFC 3676), storable."""
    declared = node.params.get("charset")
    if node.content_type == "text/html" and charsets.codec_for(declared) is None:
        meta = _META_CHARSET.search(node.body[:4096])
        declared = meta.group(1).decode("ascii") if meta else declared
    text = words.storable(charsets.decode(node.body, declared)[0])
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if node.content_type == "text/plain" and node.params.get("format", "").lower() == "flowed":
        text = unflow(text, is_space_deleted=node.params.get("delsp", "").lower() == "yes")
    return text


def unflow(text: str, *, is_space_deleted: bool = False) -> str:
    """Return `text` with its soft line breaks joined, per quote depth (RFC 3676, 4.1 and 4.2)."""
    out: list[tuple[int, list[str]]] = []
    is_open = False
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if not (is_open and out[-1][0] == depth and bare != "-- "):
            out.append((depth, []))
        is_open = bare.endswith(" ") and bare != "-- "
        out[-1][1].append(bare[:-1] if is_open and is_space_deleted else bare)
    joined = ((depth, "".join(pieces)) for depth, pieces in out)
    return "\n".join(f"{'>' * depth} {line}".rstrip() if depth else line for depth, line in joined)


def _part(node: Node, number: int, shown: set[str]) -> Part:
    content_id = _content_id(node)
    return Part(
        name=_name(node, number),
        content_type=node.content_type,
        content=node.body,
        content_id=content_id,
        is_inline=content_id is not None and content_id in shown,
    )


def _content_id(node: Node) -> str | None:
    value = node.header("content-id")
    return words.decode(value).strip("<> ") or None if value else None


def _given_name(node: Node) -> str:
    return node.disposition_params.get("filename") or node.params.get("name") or ""


def safe_name(name: str) -> str:
    """Return a file name that is only a name: no folders, no control characters, no bidi marks that could make
    «gpj.exe» read as «exe.jpg»; every script stays. At most 180 characters, the extension kept."""
    name = (
        BIDI_MARKS.sub("", words.one_line(name)).replace("\\", "/").rstrip("/").rpartition("/")[2].strip(". ")
    )
    name = re.sub(r'[<>:"|?*]', "_", name)
    if len(name) > 180:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[:160]}.{extension}" if dot and len(extension) <= 12 else name[:180]
    return name


def _name(node: Node, number: int) -> str:
    extension = _EXTENSIONS.get(node.content_type) or mimetypes.guess_extension(node.content_type) or ".bin"
    if name := safe_name(_given_name(node)):
        return name
    if node.content_type in ("message/rfc822", "message/global"):
        headers, _ = split_headers(node.body, set())
        subject = next((words.decode(value) for found, value in headers if found == "subject"), "")
        return f"{safe_name(subject.replace('/', '-'))[:150] or f'message-{number}'}.eml"
    stem = _STEMS.get(node.content_type) or (
        "image" if node.content_type.startswith("image/") else "attachment"
    )
    return f"{stem}{extension}" if node.content_type in _STEMS else f"{stem}-{number}{extension}"


def _unquoted(cid: str) -> str:
    return re.sub(r"%([0-9a-fA-F]{2})", lambda found: chr(int(found.group(1), 16)), cid).replace("&amp;", "&")


def digest(content: bytes) -> str:
    """Return a hash of an attachment that stays the same when a server changes line ends or trailing spaces."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return hashlib.sha256(b"\n".join(line.rstrip(b" \t") for line in lines).rstrip(b"\n")).hexdigest()
