"""What a widget asks for: who is here, what was said, and to say something."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from majlis.channels import pace
from majlis.channels.chat import queries, telling, tokens, uploading
from majlis.channels.chat import words as panel_words
from majlis.channels.chat.models import ChatThread, Widget
from majlis.channels.chat.promising import promise
from majlis.flow import chatting, leaving
from majlis.lib.errors import Refused
from majlis.lib.numbers import system
from majlis.people import queries as people

from . import names
from .asking import Asked, address_of, answering, number, text


@answering
def here(asked: Asked) -> dict[str, Any]:
    """Whether the widget is shown to this visitor at this page now, and how much they have not read."""
    visitor = asked.come()
    unread = queries.unread_of(visitor) if visitor else 0
    is_shown = asked.is_shown() or unread > 0 or (visitor is not None and queries.is_in_talk(visitor))
    return {"shown": is_shown, "unread": unread}


@answering
def opened(asked: Asked) -> dict[str, Any]:
    """Everything the panel shows when it opens. Who wrote before reads that whatever the rule says now."""
    pace.count(f"open:{address_of(asked.request)}", most=240, seconds=600)
    visitor = asked.come()
    may_begin = asked.is_shown()
    listed = queries.listed(visitor) if visitor else []
    if not may_begin and not listed:
        raise Refused("not_shown")
    widget, language = asked.widget, asked.language
    said = promise(widget, language=language, time_zone=asked.here.time_zone)
    newest = next((one for one in listed if not one.conversation.is_closed), None)
    installation = people.installation()
    name = visitor.customer.name if visitor and visitor.identity and visitor.customer else ""
    return {
        "words": panel_words.words(),
        "digits": system(language, "auto", installation.region if installation else ""),
        "name": names.shown(installation, widget.brand, language),
        "logo": logo(widget),
        "people": [
            telling.person(one, language=language) for one in people.teammates_seeing(widget.mailbox_id)[:3]
        ],
        "may_begin": may_begin,
        "is_open": said.is_open,
        "answer": said.sentence,
        "visitor": {"name": name, "has_address": bool(visitor and leaving.address_of(visitor))},
        "conversations": [
            {
                "id": one.conversation.pk,
                "snippet": one.conversation.snippet,
                "at": one.conversation.last_activity_at.isoformat(),
                "unread": one.unread,
                "is_closed": one.conversation.is_closed,
            }
            for one in listed
        ],
        "conversation": _thread(asked, newest.conversation.pk) if newest else None,
        "limits": {
            "text": chatting.LONGEST,
            "file_bytes": uploading.MOST_BYTES,
            "files": chatting.MOST_FILES,
        },
    }


@answering
def said(asked: Asked) -> dict[str, Any]:
    """The visitor says something; the same key again is the same answer.

    What goes on with a conversation of theirs is taken whatever the rule says now; a new one only where it is shown.
    """
    key = _key(asked.said.get("key"))
    visitor = asked.somebody(key=key)
    pace.count(f"say:{visitor.pk}", most=30, seconds=60)
    pace.count(f"say:{address_of(asked.request)}", most=300, seconds=600)
    pace.count(f"say:widget:{asked.widget.pk}", most=6_000, seconds=600)
    where = asked.said.get("conversation")
    if where is None and not asked.is_shown():
        raise Refused("not_shown")
    entry = chatting.say(
        visitor,
        chatting.Saying(
            key=key,
            text=asked.said["text"] if isinstance(asked.said.get("text"), str) else "",
            page=asked.here.page,
            uploads=_references(asked.said.get("files")),
            conversation_id=number(asked.said, "conversation") if where is not None else None,
        ),
    )
    return {
        "conversation": {"id": entry.conversation_id, "seq": entry.conversation.seq},
        "entry": telling.entry(entry, language=asked.language),
    }


@answering
def since(asked: Asked) -> dict[str, Any]:
    """What was said in a conversation since a seq."""
    asked.known()
    return _thread(asked, number(asked.said, "conversation"), since=number(asked.said, "since"))


@answering
def read(asked: Asked) -> dict[str, Any]:
    """The visitor has seen a conversation up to a seq."""
    visitor = asked.known()
    thread = queries.thread_of(visitor, number(asked.said, "conversation"))
    leaving.seen(thread, number(asked.said, "seq"))
    return {}


@answering
def typing(asked: Asked) -> dict[str, Any]:
    """The visitor is writing."""
    visitor = asked.known()
    pace.count(f"typing:{visitor.pk}", most=40, seconds=60)
    leaving.typing(queries.thread_of(visitor, number(asked.said, "conversation")))
    return {}


@answering
def address(asked: Asked) -> dict[str, Any]:
    """Where the visitor wants answers when they have left."""
    visitor = asked.known()
    pace.count(f"address:{visitor.pk}", most=5, seconds=600)
    pace.count(f"address:{address_of(asked.request)}", most=15, seconds=600)
    leaving.give_address(
        queries.thread_of(visitor, number(asked.said, "conversation")),
        text(asked.said, "address", longest=320),
        now=timezone.now(),
    )
    return {"ok": True}


@answering
def ended(asked: Asked) -> dict[str, Any]:
    """The visitor says that they are done."""
    visitor = asked.known()
    leaving.end(queries.thread_of(visitor, number(asked.said, "conversation")))
    return {"ok": True}


@answering
def uploaded(asked: Asked) -> dict[str, Any]:
    """A file, to be sent with the next message; the question is a form here."""
    asked.said = {name: str(value) for name, value in asked.request.POST.items()}
    visitor = asked.somebody()
    if not asked.is_shown() and not queries.threads_of(visitor).exists():
        raise Refused("not_shown")
    pace.count(f"upload:{visitor.pk}", most=20, seconds=600)
    pace.count(f"upload:{address_of(asked.request)}", most=60, seconds=600)
    sent = asked.request.FILES.get("file")
    if sent is None:
        raise Refused("empty")
    if (sent.size or 0) > uploading.MOST_BYTES:
        raise Refused("file_too_large", most=uploading.MOST_BYTES // 1024 // 1024)
    kept = uploading.keep(
        visitor, name=sent.name or "", content_type=sent.content_type or "", content=sent.read()
    )
    return {
        "id": str(kept.reference),
        "name": kept.name,
        "size": kept.file.size,
        "type": kept.content_type,
    }


def logo(widget: Widget) -> str | None:
    """Where the brand's logo is fetched; None without one."""
    if widget.brand.logo_id is None:
        return None
    return f"/chat/file/{tokens.link(l=widget.brand_id, f=widget.brand.logo_id)}"


def _thread(asked: Asked, conversation_id: int, *, since: int = 0) -> dict[str, Any]:
    assert asked.visitor is not None
    found: ChatThread = queries.thread_of(asked.visitor, conversation_id)
    return telling.thread(found, language=asked.language, since=since)


def _key(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise Refused("not_understood") from error


def _references(value: object) -> list[UUID]:
    return [_key(one) for one in value[: chatting.MOST_FILES + 1]] if isinstance(value, list) else []
