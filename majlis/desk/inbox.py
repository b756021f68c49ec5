"""The list of conversations, folder by folder."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from majlis.conversations import inbox, queries
from majlis.conversations.models import Status
from majlis.people import queries as people
from majlis.people.models import Mailbox

from . import names
from .asking import me

ICONS = {"mine": "user-round", "unassigned": "inbox", "all": "layers", "closed": "archive"}


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
    if folder not in queries.FOLDERS:
        raise Http404
    teammate = me(request)
    visible = list(people.mailboxes_visible_to(teammate).order_by("pk"))
    mailbox = _mailbox(request, visible) if chosen is None else chosen
    ids = [box.pk for box in visible]
    counts = queries.folder_counts(teammate, mailbox_ids=ids)
    narrowed = queries.folder_counts(teammate, mailbox_ids=[mailbox]) if mailbox else counts
    rows, following = inbox.page(
        folder,
        teammate_id=teammate.pk,
        mailbox_ids=[mailbox] if mailbox else ids,
        before=_cursor(request.GET.get("before", "")),
    )
    labels = folder_labels()
    return {
        "folders": [
            {
                "key": key,
                "label": labels[key],
                "icon": ICONS[key],
                "count": getattr(counts, key) if key != "closed" else 0,
                "current": key == folder,
            }
            for key in queries.FOLDERS
        ],
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
        "rows": [_row(row) for row in rows],
        "next_before": f"{following[0].timestamp():.6f}-{following[1]}" if following else None,
        "total": getattr(narrowed, folder),
        "list_query": f"?folder={folder}" + (f"&mailbox={mailbox}" if mailbox else ""),
        "folder": folder,
        "live": {"url": "/live", "session_tag": session_tag(request)},
    }


def session_tag(request: HttpRequest) -> str:
    """A name for this sign-in that tells nothing of its key: open pages see that somebody else signed in."""
    key = request.session.session_key or ""
    return hashlib.sha256(b"live:" + key.encode()).hexdigest()[:16]


def folder_labels() -> dict[str, str]:
    """The folders' names in the reader's language."""
    return {
        "mine": pgettext("folder", "Mine"),
        "unassigned": pgettext("folder", "Unassigned"),
        "all": pgettext("folder", "All open"),
        "closed": pgettext("folder", "Closed"),
    }


def _mailbox(request: HttpRequest, visible: list[Mailbox]) -> int | None:
    asked = request.GET.get("mailbox", "")
    if not asked:
        return None
    for box in visible:
        if str(box.pk) == asked:
            return box.pk
    raise Http404


def _cursor(text: str) -> tuple[datetime, int] | None:
    """The place after which the next page begins, as `next_before` wrote it."""
    if not text:
        return None
    at, _, number = text.partition("-")
    try:
        return datetime.fromtimestamp(float(at), tz=UTC), int(number)
    except (ValueError, OverflowError, OSError) as problem:
        raise Http404 from problem


def _row(row: inbox.Row) -> dict[str, Any]:
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
    }
