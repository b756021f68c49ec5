"""A teammate's picture: taken as it is, shown cropped to a circle."""

from __future__ import annotations

from typing import Final

from majlis.files.actions import store
from majlis.lib.errors import Refused
from majlis.lib.images import kind_of
from majlis.people.models import Teammate

MOST_BYTES: Final = 1024 * 1024
KINDS: Final = frozenset({"image/png", "image/jpeg", "image/webp"})


def set_picture(teammate: Teammate, content: bytes) -> Teammate:
    """Show `content` as the picture of `teammate`.

    Raises Refused: `picture_too_large`, `not_a_picture` (only PNG, JPEG and WebP are, whatever the name says).
    """
    if len(content) > MOST_BYTES:
        raise Refused("picture_too_large")
    if kind_of(content[:16]) not in KINDS:
        raise Refused("not_a_picture")
    teammate.picture = store(content)
    teammate.save(update_fields=["picture"])
    return teammate


def remove_picture(teammate: Teammate) -> None:
    """Back to the letter; the bytes go with the next sweep."""
    teammate.picture = None
    teammate.save(update_fields=["picture"])
