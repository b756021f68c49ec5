"""Tags on a conversation."""

from __future__ import annotations

import re

from majlis.conversations.models import ConversationTag, Tag
from majlis.lib.errors import Refused
from majlis.people.models import Teammate

from .changing import Change

LONGEST = 60


def names_in(typed: str) -> list[str]:
    """The tag names in what was typed, parted by a Latin or an Arabic comma."""
    parts = (" ".join(part.split()) for part in re.split(r"[,،\n]", typed))
    return list(dict.fromkeys(part for part in parts if part))


def tag(change: Change, typed: str, *, teammate: Teammate) -> list[Tag]:
    """Put the tags named in `typed` on the conversation; those already there stay as they are.

    Raises Refused("empty") and Refused("too_long", longest=…).
    """
    names = names_in(typed)
    if not names:
        raise Refused("empty")
    if any(len(name) > LONGEST for name in names):
        raise Refused("too_long", longest=LONGEST)
    put = []
    for name in names:
        found = Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
        _, is_new = ConversationTag.objects.get_or_create(conversation=change.conversation, tag=found)
        if is_new:
            change.record("tagged", actor_id=teammate.pk, data={"tag": found.pk, "name": found.name})
            put.append(found)
    return put


def untag(change: Change, tag_id: int, *, teammate: Teammate) -> bool:
    """Take a tag off; False when it was not there."""
    row = ConversationTag.objects.filter(conversation=change.conversation, tag_id=tag_id).first()
    if row is None:
        return False
    name = row.tag.name
    row.delete()
    change.record("untagged", actor_id=teammate.pk, data={"tag": tag_id, "name": name})
    return True
