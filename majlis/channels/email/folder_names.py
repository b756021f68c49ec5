"""The folders an IMAP server lists, by names that lead back to them."""

from __future__ import annotations

from imapclient import IMAPClient
from imapclient.imap_utf7 import decode, encode


def listed(client: IMAPClient) -> list[tuple[set[bytes], str]]:
    """Every folder with its flags in lower case; names are decoded from modified UTF-7 (RFC 3501 §5.1.3).

    Left out is one whose name is not written so (raw 8-bit): no name of ours would lead to it.
    """
    encodes, client.folder_encode = client.folder_encode, False
    try:
        found = client.list_folders()
    finally:
        client.folder_encode = encodes
    named = []
    for flags, _delimiter, raw in found:
        name = _decoded(raw if isinstance(raw, bytes) else str(raw).encode("ascii", "replace"))
        if name is not None:
            named.append(({bytes(flag).lower() for flag in flags}, name))
    return named


def exists(client: IMAPClient, name: str) -> bool:
    """Claims that there is a folder by this name; where other names confuse, opening it will say."""
    try:
        return bool(client.folder_exists(name))
    except UnicodeError:
        return True


def _decoded(raw: bytes) -> str | None:
    try:
        name = str(decode(raw))
        return name if encode(name) == raw else None
    except (UnicodeError, ValueError):
        return None
