"""Files that belong to an entry."""

from __future__ import annotations

from collections.abc import Sequence

from majlis.conversations.models import Attachment, DraftFile, Entry
from majlis.files.models import File


def attach(
    entry: Entry, *, file: File, name: str, content_type: str, content_id: str = "", is_inline: bool = False
) -> Attachment:
    """Bind a stored file to an entry under the name it came with."""
    return Attachment.objects.create(
        entry=entry,
        file=file,
        name=name,
        content_type=content_type,
        content_id=content_id,
        is_inline=is_inline,
    )


def attach_drafted(entry: Entry, drafted: Sequence[DraftFile]) -> None:
    """Bind the files of the draft that became this entry."""
    for found in drafted:
        attach(
            entry,
            file=found.file,
            name=found.name,
            content_type=found.content_type,
            content_id=found.content_id,
            is_inline=found.is_inline,
        )
