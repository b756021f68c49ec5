"""Which parts of a message are its text, and which are attached to it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from majlis.channels.email import enriched, naming, words
from majlis.channels.email.mail import Part
from majlis.channels.email.tree import Node, split_headers
from majlis.lib import charsets
from majlis.lib.html import from_text, to_text

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,40})", re.IGNORECASE)
_ENRICHED = ("text/enriched", "text/richtext")
_MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CID = re.compile(r"cid:([^\s\"'<>)]{1,500})", re.IGNORECASE)


@dataclass(slots=True)
class _Piece:
    """A stretch of the message's own text, in one of the two forms or in both."""

    text: str | None = None
    html: str | None = None
    is_enriched: bool = False


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
    shown = {_unquoted(cid).strip("<>") for cid in _CID.findall(html or "")}
    return text, html, tuple(_part(node, place + 1, shown) for place, node in enumerate(attached))


def _walk(node: Node, pieces: list[_Piece], attached: list[Node], *, is_first: bool) -> None:
    if not node.children:
        if _is_text(node, is_first=is_first):
            pieces.append(_piece(node))
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


def _piece(node: Node) -> _Piece:
    text = part_text(node)
    if node.content_type in _ENRICHED:
        html = enriched.to_html(text, is_richtext=node.content_type == "text/richtext")
        return _Piece(text=to_text(html), html=html, is_enriched=True)
    return _Piece(html=text) if node.content_type == "text/html" else _Piece(text=text)


def _walk_alternative(node: Node, pieces: list[_Piece], attached: list[Node]) -> None:
    """The sides of an alternative are one piece: its plain text from one side, its HTML from another."""
    whole = _Piece()
    sides: list[_Piece] = []
    for child in node.children:
        _walk(child, sides, attached, is_first=True)
    if not all(part.is_enriched for part in sides):
        sides = [part for part in sides if not part.is_enriched]
    for part in sides:
        if part.text is not None:
            whole.text = part.text if whole.text is None else f"{whole.text}\n\n{part.text}"
        if part.html is not None:
            whole.html = part.html if whole.html is None else f"{whole.html}\n{part.html}"
    if whole.text is not None or whole.html is not None:
        pieces.append(whole)


def _is_text(node: Node, *, is_first: bool) -> bool:
    if node.content_type not in ("text/plain", "text/html", "text/amp", "text", *_ENRICHED):
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
    """Return `text` with its soft line breaks joined, per quote depth (RFC 3676, 4.1 and 4.2).

    Direction marks that Arabic mail programs put before the quote signs or behind the last space change neither.
    """
    out: list[tuple[int, list[str]]] = []
    is_open = False
    for line in text.split("\n"):
        marked = line.lstrip(_MARKS)
        line = marked if marked.startswith(">") else line
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        said = bare.rstrip(_MARKS)
        if not (is_open and out[-1][0] == depth and said != "-- "):
            out.append((depth, []))
        is_open = said.endswith(" ") and said != "-- "
        out[-1][1].append(said[:-1] + bare[len(said) :] if is_open and is_space_deleted else bare)
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


def _name(node: Node, number: int) -> str:
    if name := naming.safe_name(_given_name(node)):
        return name
    if node.content_type in ("message/rfc822", "message/global"):
        headers, _ = split_headers(node.body, set())
        subject = next((words.decode(value) for found, value in headers if found == "subject"), "")
        return naming.of_message(subject, number)
    return naming.nameless(node.content_type, number)


def _unquoted(cid: str) -> str:
    return re.sub(r"%([0-9a-fA-F]{2})", lambda found: chr(int(found.group(1), 16)), cid).replace("&amp;", "&")


def digest(content: bytes) -> str:
    """Return a hash of an attachment that stays the same when a server changes line ends or trailing spaces."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return hashlib.sha256(b"\n".join(line.rstrip(b" \t") for line in lines).rstrip(b"\n")).hexdigest()
