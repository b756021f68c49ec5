"""Reading drafts: what a teammate was writing in a conversation, with its files, by one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import QuerySet

from majlis.people import queries as people
from majlis.people.models import Teammate

from .models import Beginning, DraftFile

MODES = ("reply", "note", "forward")
_DRAFTS = (
    "select d.mode, d.text, d.html, d.to, d.cc, d.bcc, d.version, d.updated_at,"
    " (select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'size', s.size,"
    "   'content_type', f.content_type, 'content_id', f.content_id, 'is_inline', f.is_inline) order by f.id)"
    "  from conversations_draftfile f join files_file s on s.id = f.file_id where f.draft_id = d.id)"
    " from conversations_draft d where d.teammate_id = %s and d.conversation_id = %s order by d.mode"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft as a page needs it. files: {id, name, size, content_type, content_id, is_inline} each."""

    mode: str
    text: str
    html: str
    to: list[str]
    cc: list[str]
    bcc: list[str]
    version: int
    updated_at: datetime
    files: list[dict[str, Any]]


def of_conversation(teammate: Teammate, conversation_id: int) -> dict[str, Written]:
    """A teammate's drafts in a conversation, by mode."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAFTS, [teammate.pk, conversation_id])
        rows = cursor.fetchall()
    return {row[0]: Written(*_lists(row)) for row in rows}


def _lists(row: tuple[Any, ...]) -> list[Any]:
    values = list(row)
    for place in (3, 4, 5, 8):
        found = values[place]
        values[place] = (orjson.loads(found) if isinstance(found, str | bytes) else found) or []
    return values


def files_of(teammate: Teammate, conversation_id: int, mode: str) -> list[DraftFile]:
    """The files of a teammate's draft, in the order they were added."""
    return list(
        _files(teammate).filter(draft__conversation_id=conversation_id, draft__mode=mode).order_by("pk")
    )


def file_of(teammate: Teammate, file_id: int) -> DraftFile | None:
    """A file of one of a teammate's own drafts, while they may see its conversation."""
    visible = people.mailbox_ids_visible_to(teammate)
    return _files(teammate).filter(pk=file_id, draft__conversation__mailbox_id__in=visible).first()


def _files(teammate: Teammate) -> QuerySet[DraftFile]:
    return DraftFile.objects.filter(draft__teammate=teammate).select_related("file", "draft")


def beginnings_of(teammate: Teammate) -> list[Beginning]:
    """The conversations a teammate is about to begin, newest first, at most a hundred."""
    return list(Beginning.objects.filter(teammate=teammate, thrown_at=None).order_by("-updated_at")[:100])


def beginning_of(teammate: Teammate, key: UUID) -> Beginning | None:
    """One of them, also when it was just thrown away."""
    return Beginning.objects.filter(teammate=teammate, key=key).first()
