"""Files a visitor sends before the words they go with."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from django.utils import timezone

from majlis.channels.chat.models import ChatUpload, Visitor
from majlis.files.actions import store
from majlis.lib.errors import Refused
from majlis.lib.images import kind_of

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_WAITING: Final = 20
_LONGEST_NAME: Final = 200


def keep(visitor: Visitor, *, name: str, content_type: str, content: bytes) -> ChatUpload:
    """Keep a file until it is sent with a message, a day at most.

    What it is is looked up in its bytes where it says it is a picture. Raises Refused: empty, file_too_large (data:
    most, in MB), too_many_files (data: most waiting).
    """
    if not content:
        raise Refused("empty")
    if len(content) > MOST_BYTES:
        raise Refused("file_too_large", most=MOST_BYTES // 1024 // 1024)
    if ChatUpload.objects.filter(visitor=visitor).count() >= MOST_WAITING:
        raise Refused("too_many_files", most=MOST_WAITING)
    return ChatUpload.objects.create(
        reference=uuid4(),
        visitor=visitor,
        file=store(content),
        name=named(name),
        content_type=kind_of(content[:16]) or _plain(content_type),
        created_at=timezone.now(),
    )


def named(name: str) -> str:
    """A file's name without folders and control characters; letters of any script stay."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    return name[-_LONGEST_NAME:] or "file"


def _plain(content_type: str) -> str:
    """A type that no browser shows as a page of ours; pictures are told by their bytes."""
    kind = content_type.partition(";")[0].strip().lower()
    is_sane = kind.count("/") == 1 and kind.isascii() and len(kind) < 100 and " " not in kind
    return kind if is_sane and not kind.startswith("image/") else "application/octet-stream"
