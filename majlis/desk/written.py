"""What was written into the composer: plain words, or words with simple formatting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from majlis.conversations.drafts import Written
from majlis.lib import rich

MOST_HTML = 1_000_000


def text_and_html(fields: Mapping[str, str]) -> tuple[str, str]:
    """The text as people read it, and the HTML, clean, where it says more than the text."""
    html = fields.get("html", "").replace("\x00", "")[:MOST_HTML]
    if html:
        html = rich.clean(html)
        if rich.is_formatted(html):
            return rich.text_of(html), html
        return rich.text_of(html), ""
    return fields.get("text", "").replace("\r\n", "\n").replace("\x00", ""), ""


def as_json(draft: Written) -> dict[str, Any]:
    """A draft as the page's script takes it."""
    return {
        "text": draft.text,
        "html": draft.html,
        "to": ", ".join(draft.to),
        "cc": ", ".join(draft.cc),
        "bcc": ", ".join(draft.bcc),
        "version": draft.version,
        "at": draft.updated_at.isoformat(),
        "files": [file_as_json(found) for found in draft.files],
    }


def file_as_json(found: Mapping[str, Any]) -> dict[str, Any]:
    """A draft's file as the page's script takes it."""
    return {
        "id": found["id"],
        "name": found["name"],
        "size": found["size"],
        "cid": found["content_id"],
        "is_inline": found["is_inline"],
        "url": reverse("draft_file", args=[found["id"]]),
    }
