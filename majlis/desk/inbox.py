"""The list of conversations, folder by folder."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from majlis.conversations import inbox, kept, personal, queries
from majlis.conversations.models import Priority, Status
from majlis.people import queries as people
from majlis.people.models import Mailbox

from . import folders, names
from .asking import me
from .filter_labels import menu
from .reasons import closed_as, spam_reason


@require_safe
def home(_request: HttpRequest) -> HttpResponse:
    """The desk opens at what nobody has taken yet."""
    return redirect("inbox", "unassigned")


@require_safe
def folder(request: HttpRequest, folder: str) -> HttpResponse:
    """A folder's page, no conversation opened."""
    return render(request, "desk/inbox.html", list_context(request, folder))


@require_safe
def folder_list(request: HttpRequest, folder: str) -> HttpResponse:
    """The list alone, with fresh counts beside it."""
    return render(request, "desk/_list.html", list_context(request, folder))


def list_context(request: HttpRequest, folder: str, *, chosen: int | None = None) -> dict[str, Any]:
    """What the list and the navigation show; `chosen` narrows to a mailbox when the address does not.

    Raises Http404 for a folder that does not exist or a mailbox the person may not see.
    """
    if folder not in folders.ORDER:
        raise Http404
    teammate = me(request)
    visible = list(people.mailboxes_visible_to(teammate).order_by("pk"))
    mailbox = _mailbox(request, visible) if chosen is None else chosen
    ids = [box.pk for box in visible]
    counts = queries.folder_counts(teammate, mailbox_ids=ids)
    own = personal.counts(teammate.pk, mailbox_ids=ids)
    narrowed = queries.folder_counts(teammate, mailbox_ids=[mailbox]) if mailbox else counts
    rows, following = inbox.page(
        folder,
        teammate_id=teammate.pk,
        mailbox_ids=[mailbox] if mailbox else ids,
        before=cursor(request.GET.get("before", "")),
    )
    return {
        **around(request, visible, counts, own, folder=folder, mailbox=mailbox),
        "rows": [shown(row) for row in rows],
        "next_before": cursor_text(following),
        "total": own[folder] if folder in own else getattr(narrowed, folder),
        "list_query": f"?folder={folder}" + (f"&mailbox={mailbox}" if mailbox else ""),
        "folder": folder,
    }


def around(
    request: HttpRequest,
    visible: list[Mailbox],
    counts: queries.FolderCounts,
    own: dict[str, int],
    *,
    folder: str = "",
    mailbox: int | None = None,
    query: str = "",
) -> dict[str, Any]:
    """What stands around every list: the folders, mailboxes and kept searches, and the way to live news."""
    return {
        "folders": folders.listed(counts, own, current=folder),
        "mailboxes": [
            {
                "id": box.pk,
                "name": box.name,
                "address": box.address,
                "count": counts.by_mailbox.get(box.pk, 0),
                "current": box.pk == mailbox,
            }
            for box in visible
        ],
        "views": [
            {"id": view.pk, "name": view.name, "query": view.query, "current": view.query == query}
            for view in kept.views_of(me(request))
        ],
        **menu(),
        "live": {"url": "/live", "session_tag": session_tag(request)},
    }


def cursor_text(following: tuple[datetime, int] | None) -> str | None:
    """A cursor as the page hands it back."""
    return f"{following[0].timestamp():.6f}-{following[1]}" if following else None


def session_tag(request: HttpRequest) -> str:
    """A name for this sign-in that tells nothing of its key: open pages see that somebody else signed in."""
    key = request.session.session_key or ""
    return hashlib.sha256(b"live:" + key.encode()).hexdigest()[:16]


def _mailbox(request: HttpRequest, visible: list[Mailbox]) -> int | None:
    asked = request.GET.get("mailbox", "")
    if not asked:
        return None
    for box in visible:
        if str(box.pk) == asked:
            return box.pk
    raise Http404


def cursor(text: str) -> tuple[datetime, int] | None:
    """The place after which the next page begins, as `next_before` wrote it."""
    if not text:
        return None
    at, _, number = text.partition("-")
    try:
        return datetime.fromtimestamp(float(at), tz=UTC), int(number)
    except (ValueError, OverflowError, OSError) as problem:
        raise Http404 from problem


def shown(row: inbox.Row) -> dict[str, Any]:
    """A row as the list shows it."""
    return {
        "number": row.number,
        "customer_id": row.customer_id,
        "customer_name": names.of_customer(row.customer_name),
        "subject": row.subject,
        "snippet": row.snippet,
        "at": row.at,
        "is_unread": row.is_unread,
        "status": row.status,
        "status_label": Status(row.status).label,
        "assignee": {"id": row.assignee_id, "name": row.assignee_name} if row.assignee_id else None,
        "channel": row.channel,
        "waiting_since": row.waiting_since,
        "seq": row.seq,
        "mailbox_name": row.mailbox_name,
        "priority": row.priority,
        "priority_label": Priority(row.priority).label,
        "snoozed_until": row.snoozed_until,
        "spam_reason": spam_reason(row.spam_reason),
        "closed_as": closed_as(row.closed_as, row.closed_note),
    }
