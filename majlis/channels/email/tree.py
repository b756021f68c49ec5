"""A message's bytes as a tree of parts (RFC 5322, RFC 2046), however broken they are."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from majlis.channels.email import words

HEADER_LINE = re.compile(rb"([!-9;-~]{1,100})[ \t]*:(.*)", re.DOTALL)
LINE_END = re.compile(rb"\r\n|\n|\r")
_AFTER_MARK = re.compile(rb"(--)?[ \t]*(?=\r|\n|\Z)")
# Behind one more line of anything and some that are empty: a line that has a value.
_HEADERS_GO_ON = re.compile(
    rb"(?:[^\n:]{0,200}\n)?(?:[A-Za-z][A-Za-z0-9-]{1,40}:\r?\n){0,3}[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]"
)
MAX_DEPTH = 30
MAX_PARTS = 1000
MAX_HEADERS = 2000
MAX_HEADER_BYTES = 64 * 1024
NOT_BASE64 = bytes(
    sorted(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
)


@dataclass(slots=True)
class Node:
    """One part: its headers (lower-case name, raw unfolded value), its type, and its children or its bytes.

    `raw`: of the first part of multipart/signed, every byte as it came, for that is what was signed.
    """

    headers: list[tuple[str, bytes]]
    content_type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    body: bytes = b""
    raw: bytes = b""
    children: list[Node] = field(default_factory=list)

    def header(self, name: str) -> bytes | None:
        """Return the first value of that header (lower-case name), or None."""
        return next((value for found, value in self.headers if found == name), None)

    def all(self, name: str) -> list[bytes]:
        """Return every value of that header, in order."""
        return [value for found, value in self.headers if found == name]


def read(raw: bytes, defects: set[str]) -> Node:
    """Return the tree of the message in `raw`, adding to `defects` a word for whatever had to be repaired."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
        defects.add("lone-cr")
    raw = raw.lstrip(b"\r\n \t") if raw[:1] in b"\r\n" else raw
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    return _node(raw, defects, depth=0, budget=[MAX_PARTS], default="text/plain")


def inner(raw: bytes, defects: set[str]) -> Node:
    """Return the tree of a part that stood inside another's bytes, as the content of a signed message does."""
    return _node(raw, defects, depth=MAX_DEPTH // 2, budget=[MAX_PARTS], default="text/plain")


def split_headers(raw: bytes, defects: set[str]) -> tuple[list[tuple[str, bytes]], bytes]:
    """Return the headers (lower-case names, values unfolded to one line) and the bytes after the empty line."""
    headers: list[tuple[str, list[bytes]]] = []
    position = 0
    while position < len(raw):
        end = raw.find(b"\n", position)
        stop = len(raw) if end < 0 else end + 1
        line = raw[position:stop].rstrip(b"\r\n")
        if not line.strip(b" \t\r"):
            if headers or not line:
                return _unfolded(headers), raw[stop:]
        elif line[:1] in b" \t" and headers:
            headers[-1][1].append(line)
        elif (match := HEADER_LINE.match(line)) and len(headers) < MAX_HEADERS:
            headers.append((match.group(1).decode("ascii").lower(), [match.group(2)]))
        else:
            # A folded line that lost its indentation: headers go on behind it. Otherwise this is the text already.
            defects.add("junk-in-headers")
            rest = raw[stop : stop + 2000]
            if not headers or not _HEADERS_GO_ON.match(rest):
                return _unfolded(headers), raw[position:]
            headers[-1][1].append(b" " + line)
        position = stop
    return _unfolded(headers), b""


def _unfolded(headers: list[tuple[str, list[bytes]]]) -> list[tuple[str, bytes]]:
    return [
        (name, b"".join(lines).replace(b"\r", b" ").strip()[:MAX_HEADER_BYTES]) for name, lines in headers
    ]


def _node(raw: bytes, defects: set[str], *, depth: int, budget: list[int], default: str) -> Node:
    headers, body = split_headers(raw, defects)
    node = Node(headers, default, {}, "", {})
    if (value := node.header("content-type")) is not None:
        kind, node.params = words.parameters(value)
        node.content_type = kind if re.fullmatch(r"[\w.+\-]+/[\w.+\-]+", kind) else "text/plain"
        if node.content_type != kind:
            defects.add("content-type")
    if (value := node.header("content-disposition")) is not None:
        node.disposition, node.disposition_params = words.parameters(value)
    if node.content_type.startswith("multipart/") and depth < MAX_DEPTH:
        default_inside = "message/rfc822" if node.content_type == "multipart/digest" else "text/plain"
        for piece in _pieces(body, node.params.get("boundary", ""), defects):
            if budget[0] <= 0:
                defects.add("too-many-parts")
                break
            budget[0] -= 1
            node.children.append(
                _node(piece, defects, depth=depth + 1, budget=budget, default=default_inside)
            )
            if node.content_type == "multipart/signed" and len(node.children) == 1:
                node.children[0].raw = piece
        if node.children:
            return node
        defects.add("no-parts")
        node.content_type = "text/plain"
    node.body = _decoded(body, node, defects)
    return node


def _pieces(body: bytes, boundary: str, defects: set[str]) -> list[bytes]:
    """Return the bytes of each part between delimiter lines; the boundary is guessed where none fits."""
    marks = _delimiters(body, boundary.encode("utf-8", "replace").rstrip()) if boundary else []
    if not marks:
        defects.add("boundary")
        guess = re.search(rb"(?:\A|\n)--([^\s\-][^\s]{0,90}|-[^\s]{2,90})[ \t]*\r?\n[A-Za-z-]{3,40}:", body)
        marks = _delimiters(body, guess.group(1)) if guess else []
    if not marks:
        return []
    if not any(is_last for _, _, is_last in marks):
        defects.add("unclosed-multipart")
    pieces = []
    for place, (_, start, is_last) in enumerate(marks):
        end = marks[place + 1][0] if place + 1 < len(marks) else len(body)
        if not is_last and start <= end:
            pieces.append(body[start:end])
    return pieces


def _delimiters(body: bytes, boundary: bytes) -> list[tuple[int, int, bool]]:
    """Return (end of the part before, start of the part after, is it the closing one) for each delimiter line."""
    # Searched for by hand: a pattern with the boundary in it would be compiled for every message.
    mark = b"--" + boundary
    found = []
    place = body.find(mark)
    while place >= 0:
        tail = _AFTER_MARK.match(body, place + len(mark))
        if tail is None or (place and body[place - 1 : place] not in (b"\n", b"\r")):
            place = body.find(mark, place + 1)
            continue
        before = place - 1 - (body[place - 2 : place] == b"\r\n") if place else 0
        start = tail.end()
        start += 2 if body[start : start + 2] == b"\r\n" else 1
        found.append((before, start, tail.group(1) is not None))
        place = body.find(mark, tail.end())
    # Two delimiters in a row share a line end: the lookahead leaves it for the second to begin with.
    return found


def _decoded(body: bytes, node: Node, defects: set[str]) -> bytes:
    encoding = (node.header("content-transfer-encoding") or b"").decode("ascii", "replace")
    encoding = re.sub(r"[^a-z0-9]", "", encoding.partition("(")[0].partition(";")[0].lower())
    is_text = node.content_type.startswith(("text/", "message/"))
    if encoding == "quotedprintable":
        if re.search(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|\Z)", body):
            defects.add("quoted-printable")
        return binascii.a2b_qp(body)
    if encoding == "base64":
        return _from_base64(body, defects, is_text=is_text)
    if encoding in ("xuuencode", "uuencode", "xuue"):
        return _from_uuencode(body, defects)
    return body


def _from_base64(body: bytes, defects: set[str], *, is_text: bool) -> bytes:
    footer = b""
    if is_text:
        lines = body.strip().splitlines(keepends=True)
        readable = next((place for place, line in enumerate(lines) if _is_readable(line)), len(lines))
        if lines and readable == 0:
            defects.add("base64")
            return body  # labelled base64, but anybody can read it
        # A list server writes its footer in plain text behind the encoded text.
        body, footer = b"".join(lines[:readable]), b"".join(lines[readable:])
    clean = body.translate(None, delete=NOT_BASE64)
    if len(clean) != len(body.translate(None, delete=b"\r\n \t")):
        defects.add("base64")
    # Padding in the middle: several encoded texts, one behind the other.
    chunks = [chunk for chunk in clean.split(b"=") if chunk]
    if any(len(chunk) % 4 == 1 for chunk in chunks):
        defects.add("base64")
        chunks = [chunk[:-1] if len(chunk) % 4 == 1 else chunk for chunk in chunks]
    decoded = b"".join(base64.b64decode(chunk + b"=" * (-len(chunk) % 4)) for chunk in chunks)
    return decoded + (b"\n" + footer if footer else b"")


def _is_readable(line: bytes) -> bool:
    """Say whether a line among base64 is prose or a rule: it has spaces inside, or mostly signs base64 never has."""
    line = line.strip()
    foreign = len(line.translate(None, delete=b"\t ")) - len(line.translate(None, delete=NOT_BASE64))
    return b" " in line or foreign * 2 > len(line)


def _from_uuencode(body: bytes, defects: set[str]) -> bytes:
    match = re.search(rb"(?:\A|\n)begin [0-7]{3,4} [^\n]*\n", body)
    lines = (body[match.end() :] if match else body).split(b"\n")
    out = []
    for line in lines:
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            out.append(binascii.a2b_uu(line.rstrip(b"\r")))
        except binascii.Error:
            defects.add("uuencode")
    return b"".join(out)
