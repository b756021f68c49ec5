"""What the mail server before us thought of a message, by the marks it left in the head."""

from __future__ import annotations

from majlis.channels.email import words
from majlis.channels.email.tree import Node

_MARKS = {
    "x-spam-flag": ("yes", "true"),
    "x-spam-status": ("yes",),
    "x-spam": ("yes", "true", "spam"),
}


def is_marked(root: Node) -> bool:
    """Claims that a filter marked it: `X-Spam-Flag: YES`, `X-Spam-Status: Yes, score=…`, `X-Spam: Yes`."""
    return any(
        words.decode(value).strip().lower().replace(",", " ").split(" ")[0] in said
        for name, said in _MARKS.items()
        for value in root.all(name)
    )
