"""Whether the desk answers, for supervisors and proxies."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from majlis.flow import pulse

from .middleware import public


@public
def health(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except (OperationalError, InterfaceError):
        return _said("database: it does not answer", status=503)
    return _said("ok", status=200)


@public
def work(_request: HttpRequest) -> HttpResponse:
    """For a monitor: 200 while the work goes on; 503 and what does not, when it stopped silently.

    A line each: `worker` (none is there), `raw`, `due`, `events` (the queue is stuck), `mailboxes` (some are stale).
    No names: who asks need not be signed in.
    """
    wrong = [] if pulse.is_worker_there() else ["worker: none is at work"]
    wrong += [f"{queue.name}: {queue.number} waiting for long" for queue in pulse.queues() if queue.is_stuck]
    stale = sum(mailbox.is_stale for mailbox in pulse.mailboxes())
    if stale:
        wrong.append(f"mailboxes: {stale} not fetched lately")
    return _said("\n".join(wrong) or "ok", status=503 if wrong else 200)


def _said(text: str, *, status: int) -> HttpResponse:
    response = HttpResponse(f"{text}\n", content_type="text/plain", status=status)
    add_never_cache_headers(response)
    return response
