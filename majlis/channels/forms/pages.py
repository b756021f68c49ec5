"""The address of a page where a form stood, kept without what identifies a visit. Pure but for the form's sites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 500


def page(address: str, *, sites: Sequence[str] = ()) -> str:
    """Scheme, host and path of an http address; empty for anything else, and for other sites where `sites` are named."""
    found = _split(address)
    if found is None or (sites and found[0] not in sites):
        return ""
    return "".join(found)[:LONGEST]


def origin(address: str) -> str:
    """Scheme, host and port of an http address as browsers write an origin; empty for anything else."""
    found = _split(address)
    return found[0] if found else ""


def _split(address: str) -> tuple[str, str] | None:
    if any(character <= " " or character == "\x7f" or character in "\"'<>\\" for character in address):
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or ";" in host or "," in host:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    where = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{where}" + (f":{port}" if port and port != usual else ""), parts.path or "/"
