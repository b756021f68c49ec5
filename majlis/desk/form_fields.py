"""What came in by a form, as the thread shows it."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from majlis.conversations.models import Entry


def card(entry: Entry) -> dict[str, Any] | None:
    """The form's name, its page (address, and how it is read), the message alone, and pairs of label and answer.

    None for what came in another way.
    """
    details = orjson.loads(entry.details) if isinstance(entry.details, str) else entry.details or {}
    found = details.get("form")
    if not found:
        return None
    page = str(found.get("page", ""))
    return {
        "name": found.get("name", ""),
        "page": page,
        "page_shown": _read(page),
        "message": entry.text[: int(found.get("message", 0))],
        "fields": [(label, value) for label, value in found.get("fields", ())],
    }


def _read(address: str) -> str:
    """An address without its scheme, in its own letters."""
    parts = urlsplit(address)
    return unquote(f"{parts.netloc}{parts.path}".rstrip("/"))
