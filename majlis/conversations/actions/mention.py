"""Teammates named in a note."""

from __future__ import annotations

from collections.abc import Sequence

from majlis.conversations.models import Entry, Mention
from majlis.people import queries as people

from .changing import Change


def mention(change: Change, note: Entry, teammate_ids: Sequence[int]) -> list[int]:
    """Name these teammates in a note: those who may see its mailbox, once each; the ids of those named."""
    if not teammate_ids:
        return []
    seeing = {mate.pk for mate in people.teammates_seeing(note.mailbox_id)}
    named = [pk for pk in dict.fromkeys(teammate_ids) if pk in seeing]
    Mention.objects.bulk_create([Mention(entry=note, teammate_id=pk) for pk in named])
    if named:
        change.record("mentioned", actor_id=note.teammate_id, data={"entry": note.pk, "teammates": named})
    return named
