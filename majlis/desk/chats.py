"""A conversation by chat as the desk shows it: whether its visitor is there, what they have seen, where mail would go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from majlis.channels.chat import standing
from majlis.channels.chat.models import ChatThread
from majlis.conversations.models import Conversation, Entry, EntryKind
from majlis.journal.actions import nudge

from .asking import conversation_of

HERE = timedelta(seconds=75)  # a widget says every 45 s that somebody looks at it

LIVE = timedelta(minutes=5)  # who looks at another page for a moment has not left


@require_safe
def chat(request: HttpRequest, number: int) -> HttpResponse:
    """GET /conversations/<number>/chat: how a chat stands now, as a fragment."""
    conversation = conversation_of(request, number)
    response = render(
        request, "desk/_chat_standing.html", {"chat": standing_of(conversation), "number": conversation.pk}
    )
    response["Cache-Control"] = "no-store"
    return response


def standing_of(conversation: Conversation) -> dict[str, Any] | None:
    """How the chat stands: visitor there or when last, page, what they have seen, where mail goes; None for no chat.

    `is_live`: they talk with us now, so an answer is one of several and ends nothing.
    """
    if conversation.channel != standing.CHANNEL:
        return None
    thread = (
        ChatThread.objects.select_related("visitor", "widget").filter(conversation=conversation.pk).first()
    )
    if thread is None:
        return None
    visitor, now = thread.visitor, timezone.now()
    answers = Entry.objects.filter(conversation=conversation.pk, kind=EntryKind.REPLY, is_withdrawn=False)
    seqs = list(answers.values_list("seq", flat=True))
    address = standing.address_of(thread)
    return {
        "is_here": visitor is not None and visitor.seen_at > now - HERE,
        "is_live": (
            visitor is not None
            and visitor.seen_at > now - LIVE
            and not thread.is_by_mail
            and thread.ended_at is None
        ),
        "seen_at": visitor.seen_at if visitor else None,
        "page": visitor.page if visitor else "",
        "is_known": bool(visitor and visitor.identity),
        "read_at": thread.read_at,
        "is_answered": bool(seqs),
        "unseen": sum(seq > thread.read_seq for seq in seqs),
        "address": address,
        "is_proven": bool(address) and (address != thread.address or thread.proven_at is not None),
        "is_by_mail": thread.is_by_mail,
        "is_ended": thread.ended_at is not None,
        "mail_due_at": thread.mail_due_at if address else None,
    }


def tell_read(conversation: Conversation) -> None:
    """Somebody of the team has read a chat up to here: its visitor sees that."""
    if conversation.channel == standing.CHANNEL:
        nudge({"k": "seen", "c": conversation.pk, "s": conversation.seq, "m": conversation.mailbox_id})
