"""What an address inside a letter would load, told the way a browser tells it."""

from __future__ import annotations

import re

# A picture held in the letter itself. SVG is left out: it is a document that can run.
HELD_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp|x-icon)[;,]", re.IGNORECASE)
UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")


def scheme(url: str) -> str:
    """Return the scheme a browser would see, which ignores white space and control characters; "" for none."""
    match = re.match(r"([a-z][a-z0-9+.\-]*):", UNSEEN.sub("", url).lower())
    return match.group(1) if match else ""


def may_load(url: str) -> bool:
    """Say whether `url` is of a kind a letter may show: a part of it, a held picture, remote, or relative."""
    return scheme(url) in ("http", "https", "cid", "") or bool(HELD_IMAGE.match(url.strip()))
