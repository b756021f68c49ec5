"""Signed and encrypted messages (RFC 1847, S/MIME, OpenPGP): what is readable is read, what can be checked is checked.

The state of a seal is a code: `valid`, `other_address` (fits, but is another's), `unknown_authority` (fits; nobody known
vouches for who it is), `expired`, `broken`, `unchecked`, `encrypted`. A key that comes along with a message proves
nothing about its sender, so OpenPGP is `unchecked`.
"""

from __future__ import annotations

import re
from datetime import datetime

from majlis.channels.email.tree import Node, inner

SIGNED_TYPES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
SMIME_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SEALED = (*SMIME_TYPES, "multipart/signed", "multipart/encrypted")
_HEADERS = re.compile(r"[ \t]*\n(?:[A-Za-z-]{1,30}:[^\n]*\n){0,20}\n?")
_DASHES = re.compile(r"^- ", re.MULTILINE)


def open_seal(root: Node, *, sender: str, at: datetime | None, defects: set[str]) -> dict[str, str] | None:
    """Return what the message is sealed with, None for nothing; an opaque signed part becomes what it holds.

    The dictionary: kind ("smime" or "pgp"), state (see above) and, from a certificate, name, address, issuer. Only the
    outermost seal counts, and one deeper down that is the whole message but for a list's footer.
    """
    for node in _candidates(root):
        if node.content_type in SMIME_TYPES:
            found = _smime(node, sender=sender, at=at, defects=defects)
        elif node.content_type == "multipart/signed":
            found = _signed(node, sender=sender, at=at)
        elif node.content_type == "multipart/encrypted":
            found = {"kind": "pgp", "state": "encrypted"}
        else:
            found = None
        if found:
            return found
    return None


def is_sealed(root: Node) -> bool:
    """Say whether anything here may be signed or encrypted."""
    return any(node.content_type in _SEALED for node in _candidates(root))


def may_open(root: Node) -> bool:
    """Say whether `open_seal` may put something in the place of a part."""
    return any(node.content_type in SMIME_TYPES for node in _candidates(root))


def _candidates(root: Node) -> list[Node]:
    if root.content_type in ("multipart/signed", "multipart/encrypted") or not root.children:
        return [root]
    if root.content_type == "multipart/mixed":
        return [root.children[0], *(one for one in root.children[1:4] if one.content_type in SMIME_TYPES)]
    return []


def _signed(node: Node, *, sender: str, at: datetime | None) -> dict[str, str]:
    protocol = node.params.get("protocol", "").lower()
    signature = next((one for one in node.children[1:] if one.content_type in SIGNED_TYPES), None)
    if signature is None:
        is_smime = "pkcs7" in protocol
        return {"kind": "smime" if is_smime else "pgp", "state": "unchecked"}
    from majlis.channels.email import smime

    said = smime.verify(signature.body, canonical(node.children[0].raw), sender=sender, at=at)
    return _as_seal(said)


def _smime(node: Node, *, sender: str, at: datetime | None, defects: set[str]) -> dict[str, str] | None:
    from majlis.channels.email import smime

    content = smime.content_of(node.body)
    if content is None:
        kind = node.params.get("smime-type", "").lower()
        is_sealed = kind in ("enveloped-data", "authenveloped-data") or smime.is_encrypted(node.body)
        return {"kind": "smime", "state": "encrypted"} if is_sealed else None
    said = smime.verify(node.body, content, sender=sender, at=at)
    _replace(node, content, defects)
    return _as_seal(said)


def _as_seal(said: object) -> dict[str, str]:
    values = {name: str(getattr(said, name)) for name in ("state", "name", "address", "issuer")}
    return {"kind": "smime", **{name: value for name, value in values.items() if value}}


def _replace(node: Node, content: bytes, defects: set[str]) -> None:
    """The signed part becomes a mixed one: what it holds, and itself as a file."""
    kept = Node(
        [one for one in node.headers if one[0] in ("content-type", "content-disposition")],
        node.content_type,
        node.params,
        "attachment",
        node.disposition_params,
        body=node.body,
    )
    node.children = [inner(content, defects), kept]
    node.content_type, node.params, node.body = "multipart/mixed", {}, b""


def canonical(raw: bytes) -> bytes:
    """Return the bytes with CRLF line ends, as they were signed (RFC 8551, 3.1.1)."""
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


def in_text(text: str) -> tuple[str, dict[str, str] | None, list[tuple[str, bytes]]]:
    """Return (text, seal, files) of a text in which OpenPGP stands inline (RFC 9580, 7).

    A signed text stays readable, its signature becomes a file; an encrypted one becomes a file whole.
    """
    if (found := _armoured(text, "SIGNED MESSAGE", "SIGNATURE")) is not None:
        start, end = found
        middle = text.rindex(_BEGIN.format("SIGNATURE"), start, end)
        head = _HEADERS.match(text, start + len(_BEGIN.format("SIGNED MESSAGE")))
        said = _DASHES.sub("", text[head.end() if head else start : middle]).strip("\n")
        whole = _joined(text[:start], said, text[end:])
        return (
            whole,
            {"kind": "pgp", "state": "unchecked"},
            [("signature.asc", f"{text[middle:end]}\n".encode())],
        )
    if (found := _armoured(text, "MESSAGE", "MESSAGE")) is not None:
        start, end = found
        rest = _joined(text[:start], text[end:])
        return (
            rest,
            {"kind": "pgp", "state": "encrypted"},
            [("encrypted.asc", f"{text[start:end]}\n".encode())],
        )
    return text, None, []


_BEGIN, _END = "-----BEGIN PGP {}-----", "-----END PGP {}-----"


def _armoured(text: str, first: str, last: str) -> tuple[int, int] | None:
    """Return where an armoured stretch begins and ends, each mark at the beginning of a line; None for none."""
    start = f"\n{text}".find(f"\n{_BEGIN.format(first)}")
    middle = text.find(f"\n{_BEGIN.format(last)}", start) if start >= 0 and first != last else start
    end = text.find(f"\n{_END.format(last)}", middle) if middle >= 0 else -1
    return (start, end + 1 + len(_END.format(last))) if end >= 0 else None


def _joined(*pieces: str) -> str:
    return "\n\n".join(piece.strip("\n") for piece in pieces if piece.strip())
