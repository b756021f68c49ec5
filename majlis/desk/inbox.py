"""The list of conversations, folder by folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from markupsafe import Markup

from majlis.conversations import drafts, inbox
from majlis.conversations.actions.receive import snippet
from majlis.conversations.around import Around, Box, around
from majlis.conversations.models import Priority, Status
from majlis.people.models import Teammate

from . import folders, names
from .asking import me
from .filter_labels import language, menu
from .reasons import closed_as, spam_reason
from .rendered import Reader, piece, reader


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
    by, asked = reader(request), _asked(request, folder)
    facts = asked.facts()
    whole = piece("desk/_list.html", by, facts, _list, key=orjson.dumps(facts))
    before, _, after = whole.partition(_ROWS)
    return HttpResponse("".join((before, *_rendered(by, asked), after)))


def list_context(request: HttpRequest, folder: str, *, opened: int | None = None) -> dict[str, Any]:
    """What the list and the navigation show; `opened` is the number of the conversation that stands beside the list.

    Raises Http404 for a folder that does not exist or a mailbox the person may not see.
    """
    asked = _asked(request, folder)
    return {
        **_said(asked.facts()),
        **beside(request),
        "rows": _rendered(reader(request), asked, opened=opened),
    }


# Conversations that the reader is about to begin: key, to, subject, text, when it was last typed at.
_Begun = tuple[str, str, str, str, datetime]
# Folder, mailbox, what stands around it, where the next page begins, whether there are rows, and what is to begin.
_Facts = tuple[str, int | None, Around, str | None, bool, tuple[_Begun, ...]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page of a folder as it was asked for."""

    folder: str
    mailbox: int | None
    standing: Around
    rows: list[inbox.Row]
    following: tuple[datetime, int] | None
    begun: tuple[_Begun, ...] = ()

    def facts(self) -> _Facts:
        """All that the list depends on besides its rows."""
        following = cursor_text(self.following)
        return (self.folder, self.mailbox, self.standing, following, bool(self.rows), self.begun)


def _asked(request: HttpRequest, folder: str) -> _Asked:
    if folder not in folders.ORDER:
        raise Http404
    teammate = me(request)
    standing = around(teammate)
    mailbox = _mailbox(request, standing.mailboxes)
    before = cursor(request.GET.get("before", ""))
    rows, following = inbox.page(
        folder,
        teammate_id=teammate.pk,
        mailbox_ids=[mailbox] if mailbox else [box.pk for box in standing.mailboxes],
        before=before,
    )
    begun = _begun(teammate) if folder == "drafts" and before is None else ()
    return _Asked(folder, mailbox, standing, rows, following, begun)


def _begun(teammate: Teammate) -> tuple[_Begun, ...]:
    return tuple(
        (str(one.key), one.to, one.subject, snippet(one.text), one.updated_at)
        for one in drafts.beginnings_of(teammate)
    )


def _said(facts: _Facts) -> dict[str, Any]:
    """The facts of a list as its template is told."""
    folder, mailbox, standing, following, _has_rows, begun = facts
    own, narrowed = standing.own, standing.counts(mailbox)
    return {
        **surroundings(standing, folder=folder, mailbox=mailbox),
        "next_before": following,
        "total": own[folder] if folder in own else getattr(narrowed, folder),
        "folder": folder,
        "begun": begun,
    }


def _list(facts: _Facts) -> dict[str, Any]:
    """The same for the list alone, with a mark where its rows go."""
    return {**_said(facts), **menu(language()), "rows": [_ROWS] if facts[4] else [], "oob": True}


_ROWS = Markup("<!--rows-->")


def _rendered(by: Reader, asked: _Asked, *, opened: int | None = None) -> list[Markup]:
    query = f"?folder={asked.folder}" + (f"&mailbox={asked.mailbox}" if asked.mailbox else "")
    return rendered_rows(by, asked.rows, folder=asked.folder, query=query, opened=opened)


def surroundings(
    standing: Around, *, folder: str = "", mailbox: int | None = None, query: str = ""
) -> dict[str, Any]:
    """The folders, mailboxes and kept searches that stand beside every list."""
    counts = standing.counts()
    return {
        "folders": folders.listed(counts, standing.own, current=folder),
        "mailboxes": [
            {
                "id": box.pk,
                "name": box.name,
                "address": box.address,
                "count": counts.by_mailbox.get(box.pk, 0),
                "current": box.pk == mailbox,
            }
            for box in standing.mailboxes
        ],
        "views": [
            {"id": view.pk, "name": view.name, "query": view.query, "current": view.query == query}
            for view in standing.views
        ],
    }


def beside(request: HttpRequest) -> dict[str, Any]:
    """What else a page with a list is told: the menu of filters, and the way to live news."""
    return {**menu(language()), "live": {"url": "/live", "session_tag": session_tag(request)}}


def rendered_rows(
    by: Reader,
    rows: list[inbox.Row],
    *,
    folder: str,
    query: str,
    opened: int | None = None,
    pieces: Mapping[int, list[tuple[str, bool]]] | None = None,
) -> list[Markup]:
    """The rows as the list shows them; `pieces` are the words that a search found, by number."""
    found = {number: tuple(words) for number, words in (pieces or {}).items()}
    return [
        piece("desk/_row.html", by, (row, folder, query, row.number == opened, found.get(row.number)), _row)
        for row in rows
    ]


def _row(facts: tuple[inbox.Row, str, str, bool, Any]) -> dict[str, Any]:
    row, folder, query, is_opened, pieces = facts
    return {
        "row": {**shown(row), "pieces": pieces},
        "folder": folder,
        "list_query": query,
        "is_opened": is_opened,
    }


def cursor_text(following: tuple[datetime, int] | None) -> str | None:
    """A cursor as the page hands it back."""
    return f"{following[0].timestamp():.6f}-{following[1]}" if following else None


def session_tag(request: HttpRequest) -> str:
    """A name for this sign-in that tells nothing of its key: open pages see that somebody else signed in."""
    key = request.session.session_key or ""
    return hashlib.sha256(b"live:" + key.encode()).hexdigest()[:16]


def _mailbox(request: HttpRequest, visible: list[Box]) -> int | None:
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
        "customer_name": names.of_customer(row.customer_name, is_visitor=row.channel == "chat"),
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
