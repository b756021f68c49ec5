"""A conversation: its page, and what a page that was away catches up with."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from majlis.channels import opened, outbox, rules
from majlis.conversations import drafts, queries
from majlis.conversations.actions.read import mark_read
from majlis.conversations.actions.returning import KINDS as RETURNING
from majlis.conversations.models import Conversation, Status
from majlis.journal import queries as journal
from majlis.journal.kinds import MOVING, SHOWN
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.actions.notices import read_conversation
from majlis.people.models import Teammate

from . import chats, names, present, refusals, rule_words, surgery
from .asking import me, whole_number
from .customers.panel import described
from .folders import ORDER
from .inbox import list_context
from .search import search_context
from .standing import standing
from .written import as_json


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The whole page, or for htmx the thread alone with its side pane."""
    head = _opened(request, number)
    if head.conversation.merged_into_id is not None:
        return _to_target(request, number)
    conversation, context = head.conversation, thread_context(request, head)
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    if htmx and not htmx.history_restore_request:
        return render(request, "desk/_thread.html", context)
    if "q" in request.GET:
        return render(request, "desk/inbox.html", {**search_context(request, opened=number), **context})
    folder = request.GET.get("folder", "")
    if folder not in ORDER:
        folder = str(conversation.shelf) if conversation.shelf in queries.FOLDERS else "all"
    return render(request, "desk/inbox.html", {**list_context(request, folder, opened=number), **context})


@require_safe
def entries(request: HttpRequest, number: int) -> HttpResponse:
    """What was made or changed since a seq; the answer names the seq it stands at."""
    try:
        since = whole_number(request.GET.get("since"))
    except Refused as refused:
        return refusals.answer(request, refused)
    return caught_up(request, number, since)


def caught_up(request: HttpRequest, number: int, since: int) -> HttpResponse:
    """The fragment for a page that stands at `since`, whoever asks for it."""
    # The row is read before everything else: what comes later is in the next answer, never missed.
    head = _opened(request, number)
    if head.conversation.merged_into_id is not None:
        target = surgery.elsewhere(request, number)
        if target is None:
            raise Http404
        return _fragment(request, {"elsewhere": reverse("conversation", args=[target])}, since)
    context = thread_context(request, head, since=since, is_whole=False)
    return _fragment(request, {**context, "has_head": True}, head.conversation.seq)


def changed_by(request: HttpRequest, posted: outbox.Posted, since: int) -> HttpResponse:
    """The fragment for the page of whoever posted, which stood at `since`.

    When nothing else happened since then, what they did is all there is to show: it is known, and not asked for.
    """
    entry, change = posted.entry, posted.change
    if (
        change is None
        or change.seq_before != since
        or change.was_closed
        or change.conversation.is_closed
        or any(told.kind in RETURNING for told in change.told)
    ):
        return caught_up(request, entry.conversation_id, since)
    lines = [told for told in change.told if told.kind in SHOWN]
    context = {
        "entries": present.thread([entry], lines, reader=me(request)),
        "conversation": state(change.conversation) if lines else None,
    }
    return _fragment(request, context, change.conversation.seq)


def _to_target(request: HttpRequest, number: int) -> HttpResponse:
    """The address of a merged conversation leads to where it is now. Raises Http404 when that may not be seen."""
    target = surgery.elsewhere(request, number)
    if target is None:
        raise Http404
    return redirect("conversation", target)


def _fragment(request: HttpRequest, context: dict[str, Any], seq: int) -> HttpResponse:
    response = render(request, "desk/_entries.html", context)
    response["X-Majlis-Seq"] = str(seq)
    response["Cache-Control"] = "no-store"
    return response


def thread_context(
    request: HttpRequest, head: opened.Head, *, since: int = 0, is_whole: bool = True
) -> dict[str, Any]:
    """What thread, head and side pane show of a conversation read before; the pane only when `is_whole`."""
    teammate = me(request)
    conversation = head.conversation
    entries = opened.entries(conversation.pk, seq=since)
    events = journal.told_since(conversation.pk, since)
    is_anew = bool(since) and any(event.kind in MOVING for event in events)
    if is_anew:
        entries, events = opened.entries(conversation.pk), journal.told_since(conversation.pk)
    mark_read(conversation.pk, teammate_id=teammate.pk, seq=conversation.seq)
    chats.tell_read(conversation)
    if is_whole and head.has_notices:
        read_conversation(teammate, conversation.pk)
    return {
        "conversation": {**_head(teammate, head), **(_beside(teammate, conversation) if is_whole else {})},
        "entries": present.thread(entries, events, reader=teammate),
        "is_anew": is_anew,
        "chat": chats.standing_of(conversation),
        **({"drafts": _drafts(teammate, conversation.pk)} if is_whole else {}),
    }


def _drafts(teammate: Teammate, number: int) -> dict[str, Any]:
    return {mode: as_json(found) for mode, found in drafts.of_conversation(teammate, number).items()}


def _opened(request: HttpRequest, number: int) -> opened.Head:
    """The conversation, through the person who asks. Raises Http404 when they may not see it."""
    teammate = me(request)
    found = opened.head(number, mailbox_ids=people.mailbox_ids_visible_to(teammate), reader_id=teammate.pk)
    if found is None:
        raise Http404
    return found


def state(conversation: Conversation) -> dict[str, Any]:
    """What the bar above a thread shows: whose it is, and where it stands."""
    return {
        "number": conversation.pk,
        "status": conversation.status,
        "is_closed": conversation.is_closed,
        "assignee": conversation.assignee,
        "statuses": [(status.value, status.label) for status in Status if status != Status.CLOSED],
        "shelf": str(conversation.shelf),
    }


def _head(teammate: Teammate, head: opened.Head) -> dict[str, Any]:
    conversation, customer = head.conversation, head.conversation.customer
    maybe = conversation.maybe_same_as if conversation.maybe_same_as_id else None
    if maybe is not None and not people.may_see(teammate, maybe.mailbox_id):
        maybe = None
    linked = queries.linked(teammate, conversation) if head.is_linked else []
    return {
        **state(conversation),
        "subject": conversation.subject,
        "status_label": Status(conversation.status).label,
        **standing(head),
        "mailbox": {"name": conversation.mailbox.name, "address": conversation.mailbox.address},
        "customer": {
            "id": customer.pk,
            "name": names.of_customer(customer.name, head.address, is_visitor=conversation.channel == "chat"),
            "address": head.address,
            "language": customer.language,
        },
        "tags": queries.tags_of(conversation) if head.has_tags else [],
        "seq": conversation.seq,
        "maybe": {"number": maybe.pk, "subject": maybe.subject} if maybe else None,
        "not_for": _not_for(conversation) if head.has_rule else [],
        "linked": {"number": linked[0].pk, "mailbox_name": linked[0].mailbox.name} if linked else None,
    }


def _not_for(conversation: Conversation) -> list[dict[str, str]]:
    """Why support by mail is not for the customer; nothing where it is."""
    decision = rules.against(conversation)
    return [
        {"asked": rule_words.asked(one), "found": rule_words.found(one)}
        for one in (decision.against if decision else ())
    ]


def _beside(teammate: Teammate, conversation: Conversation) -> dict[str, Any]:
    return {
        "panel": described(
            teammate,
            conversation.customer_id,
            besides=conversation.pk,
            is_visitor=conversation.channel == "chat",
        )
    }
