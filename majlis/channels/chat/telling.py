"""What a visitor's page is told, as plain values: the contract between the widget and the server."""

from __future__ import annotations

from typing import Any

from majlis.channels.chat import queries, tokens
from majlis.channels.chat.models import ChatThread
from majlis.channels.chat.tree import Node, tree_of
from majlis.conversations.models import Conversation, Entry, EntryKind
from majlis.lib.plain import from_text
from majlis.lib.rich import clean, is_formatted
from majlis.people.models import Teammate


def thread(told: ChatThread, *, language: str, since: int = 0) -> dict[str, Any]:
    """A conversation with what was said in it after `since`; its seq is read before everything else."""
    conversation = Conversation.objects.get(pk=told.conversation_id)
    return {
        "id": conversation.pk,
        "seq": conversation.seq,
        "is_closed": conversation.is_closed,
        "has_address": bool(told.address),
        "read": {"seq": queries.read_by_team(conversation.pk)},
        "entries": [entry(one, language=language) for one in queries.entries(conversation, since=since)],
    }


def entry(one: Entry, *, language: str) -> dict[str, Any]:
    """One thing that was said. A withdrawn one says so and nothing else."""
    if one.is_withdrawn:
        return {"seq": one.seq, "gone": True}
    who = {EntryKind.MESSAGE: "me", EntryKind.REPLY: "team"}.get(EntryKind(one.kind), "auto")
    files = list(one.attachments.all())
    return {
        "seq": one.seq,
        "key": (one.details or {}).get("key"),
        "who": who,
        "name": one.teammate.name_for(language) if one.teammate else "",
        "picture": picture(one.teammate),
        "at": one.created_at.isoformat(),
        "body": _body(one, [file.content_id for file in files]),
        "files": [
            {
                "name": file.name,
                "size": file.file.size,
                "type": file.content_type,
                "url": f"/chat/file/{tokens.link(a=file.pk)}",
            }
            for file in files
        ],
        "via": "mail" if one.raw_id is not None else "chat",
    }


def person(teammate: Teammate, *, language: str) -> dict[str, Any]:
    """Somebody who answers."""
    return {"name": teammate.name_for(language), "picture": picture(teammate)}


def picture(teammate: Teammate | None) -> str | None:
    """Where a visitor's page fetches somebody's picture; None without one."""
    if teammate is None or teammate.picture_id is None:
        return None
    return f"/chat/file/{tokens.link(p=teammate.pk, f=teammate.picture_id)}"


def _body(one: Entry, pictures: list[str]) -> list[Node]:
    """A person's formatting of ours; of what came by mail the words alone."""
    if one.kind == EntryKind.REPLY and is_formatted(one.html):
        return tree_of(clean(one.html), pictures)
    return tree_of(from_text(one.text))
