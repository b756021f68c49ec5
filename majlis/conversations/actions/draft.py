"""What somebody is writing: saved as it is typed, never over something newer, gone when it is sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import orjson
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from majlis.conversations.drafts import MODES
from majlis.conversations.models import Attachment, Draft, DraftFile, Entry, EntryKind
from majlis.files.models import File
from majlis.lib.errors import Refused
from majlis.lib.plain import from_text
from majlis.people.models import Teammate

from .changing import Change

MOST_BYTES = 25 * 1024 * 1024
_INSERT = (
    "insert into conversations_draft (teammate_id, conversation_id, mode, subject, text, html,"
    ' "to", cc, bcc, version, updated_at)'
    " values (%s, %s, %s, '', %s, %s, %s::jsonb, %s::jsonb, %s::jsonb, 1, %s)"
    " on conflict (teammate_id, conversation_id, mode) where conversation_id is not null"
)
_OF_MINE = " conversations_draft d where teammate_id = %s and conversation_id = %s and mode = %s"
_UPDATE = (
    'update conversations_draft set text = %s, html = %s, "to" = %s::jsonb, cc = %s::jsonb, bcc = %s::jsonb,'
    " updated_at = %s, version = version + 1"
    " where teammate_id = %s and conversation_id = %s and mode = %s and version = %s returning version"
)
_VERSION = "select version from" + _OF_MINE
_DELETE = "delete from" + _OF_MINE
_DELETE_EMPTY = _DELETE + " and not exists (select from conversations_draftfile f where f.draft_id = d.id)"
_DELETE_FILES = f"delete from conversations_draftfile where draft_id in (select id from{_OF_MINE})"  # noqa: S608


def save_draft(
    teammate: Teammate,
    conversation_id: int,
    mode: str,
    *,
    version: int,
    text: str,
    html: str = "",
    to: list[str] | None = None,
    cc: list[str] | None = None,
    bcc: list[str] | None = None,
) -> int:
    """Save a draft over the `version` its writer saw (0: none) and return its new version, 0 when it is empty and gone.

    Raises Refused: no_such_mode, draft_newer when another window saved meanwhile, draft_gone when it was sent or
    thrown away there.
    """
    _check(mode)
    mine: list[Any] = [teammate.pk, conversation_id, mode]
    written: list[Any] = [
        text,
        html,
        *(orjson.dumps(who or []).decode() for who in (to, cc, bcc)),
        timezone.now(),
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        if version == 0:
            cursor.execute(f"{_INSERT} do nothing returning version", [*mine, *written])
        else:
            cursor.execute(_UPDATE, [*written, *mine, version])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_VERSION, mine)
            raise Refused("draft_newer" if cursor.fetchone() else "draft_gone")
        if not text.strip() and not html and not (to or cc or bcc):
            cursor.execute(_DELETE_EMPTY, mine)
            return 0 if cursor.rowcount else int(row[0])
        return int(row[0])


def add_file(
    teammate: Teammate,
    conversation_id: int,
    mode: str,
    *,
    file: File,
    name: str,
    content_type: str,
    is_inline: bool = False,
) -> DraftFile:
    """Add a stored file to a draft, which begins with it if there is none; `is_inline`: its text shows the picture.

    Raises Refused: no_such_mode, too_large (data: most, in MB) when the files grow too large together.
    """
    _check(mode)
    with transaction.atomic():
        empty: list[Any] = ["", "", "[]", "[]", "[]", timezone.now()]
        with connection.cursor() as cursor:
            # The row is touched so that two uploads of one draft are weighed one after the other.
            cursor.execute(
                f"{_INSERT} do update set updated_at = excluded.updated_at returning id",
                [teammate.pk, conversation_id, mode, *empty],
            )
            (draft_id,) = cursor.fetchone()
        held = DraftFile.objects.filter(draft_id=draft_id).aggregate(size=Sum("file__size"))["size"] or 0
        if held + file.size > MOST_BYTES:
            raise Refused("too_large", most=MOST_BYTES // 1024 // 1024)
        return DraftFile.objects.create(
            draft_id=draft_id,
            file=file,
            name=name,
            content_type=content_type,
            content_id=f"{uuid4().hex}@majlis" if is_inline else "",
            is_inline=is_inline,
            created_at=timezone.now(),
        )


def remove_file(found: DraftFile) -> None:
    """Take a file off its draft; its bytes go with the sweep when nobody else has them."""
    found.delete()


def forget(change: Change, teammate: Teammate, mode: str) -> None:
    """The draft was sent: it goes with the change that enters what it became, by no statement of its own."""
    mine = [teammate.pk, change.conversation.pk, mode]
    change.write("undrafted_files", _DELETE_FILES, mine)
    change.write("undrafted", _DELETE, mine)


def redraft(entry: Entry) -> None:
    """What was taken back is a draft again, with its files, before whatever its writer has begun meanwhile."""
    mode = "forward" if entry.kind == EntryKind.FORWARD else "reply"
    values: dict[str, Any] = {"updated_at": timezone.now(), "text": entry.text, "html": entry.html}
    draft, is_new = Draft.objects.get_or_create(
        teammate_id=entry.teammate_id or 0,
        conversation_id=entry.conversation_id,
        mode=mode,
        defaults={**values, "to": entry.to, "cc": entry.cc, "bcc": entry.bcc},
    )
    if not is_new:
        if entry.html or draft.html:
            draft.html = _as_html(entry) + _as_html(draft)
        draft.text = "\n\n".join(part for part in (entry.text, draft.text) if part.strip())
        draft.version += 1
        draft.updated_at = timezone.now()
        draft.save()
    for found in _own_files(entry):
        DraftFile.objects.create(
            draft=draft,
            file_id=found.file_id,
            name=found.name,
            content_type=found.content_type,
            content_id=found.content_id,
            is_inline=found.is_inline,
            created_at=timezone.now(),
        )


def _own_files(entry: Entry) -> list[Attachment]:
    """The files its writer added; those of a message that was passed on go along by themselves."""
    found = Attachment.objects.filter(entry=entry).order_by("pk")
    if entry.kind != EntryKind.FORWARD:
        return list(found)
    theirs = Attachment.objects.filter(entry=(entry.details or {})["entry"])
    passed_on = set(theirs.values_list("file_id", "name"))
    return [one for one in found if (one.file_id, one.name) not in passed_on]


def _as_html(written: Entry | Draft) -> str:
    return written.html or from_text(written.text)


def _check(mode: str) -> None:
    if mode not in MODES:
        raise Refused("no_such_mode")
