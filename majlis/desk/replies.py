"""Replies and notes: posted once, taken back in time, sent again by a person."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from majlis.channels import outbox
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.note import add_note
from majlis.lib.errors import Refused

from . import refusals
from .asking import conversation_of, entry_of, me, sent, whole_number
from .conversation import caught_up, changed_by

MOST_BYTES = 25 * 1024 * 1024


@require_POST
def replies(request: HttpRequest, number: int) -> HttpResponse:
    """Post a reply. 409 with the refusal when something newer was not seen."""
    fields = sent(request)
    try:
        seen = whole_number(fields.get("seen"))
        posted = outbox.send_reply(
            me(request),
            number,
            text=_text(fields),
            seen_seq=seen,
            submission_key=_key(fields),
            uploads=_uploads(request),
            is_forced=bool(fields.get("force")),
            should_close=bool(fields.get("close")),
        )
    except Refused as refused:
        if refused.code == "not_found":
            raise Http404 from refused
        return refusals.answer(request, refused)
    return _to_page(request, number) or changed_by(request, posted, seen)


@require_POST
def notes(request: HttpRequest, number: int) -> HttpResponse:
    """Add an internal note."""
    seen, fields = conversation_of(request, number).seq, sent(request)
    try:
        seen = whole_number(fields.get("seen"), default=seen)
        with changing(number) as change:
            add_note(change, teammate=me(request), text=_text(fields), submission_key=_key(fields))
    except Refused as refused:
        if refused.code != "already_posted":
            return refusals.answer(request, refused)
    return _to_page(request, number) or caught_up(request, number, seen)


@require_http_methods(["DELETE"])
def reply(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take a reply back that has not left; its text comes back."""
    entry_of(request, entry_id)
    try:
        text = outbox.undo(me(request), entry_id)
    except Refused as refused:
        return refusals.answer(request, refused)
    return JsonResponse({"text": text})


@require_POST
def deliveries(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Send a failed or held reply again; a person decided so."""
    entry_of(request, entry_id)
    try:
        outbox.retry(me(request), entry_id)
    except Refused as refused:
        return refusals.answer(request, refused)
    return HttpResponse(status=204)


@require_POST
def settlement(request: HttpRequest, entry_id: int) -> HttpResponse:
    """A held reply did arrive after all; a person saw it."""
    entry_of(request, entry_id)
    try:
        outbox.settle_by_hand(me(request), entry_id, was_sent=True)
    except Refused as refused:
        return refusals.answer(request, refused)
    return HttpResponse(status=204)


def _to_page(request: HttpRequest, number: int) -> HttpResponse | None:
    """Where a browser without our script goes; None when a fragment is wanted."""
    if "HTTP_HX_REQUEST" not in request.META and "text/html" in request.META.get("HTTP_ACCEPT", ""):
        return redirect("conversation", number)
    return None


def _text(fields: Mapping[str, str]) -> str:
    return fields.get("text", "").replace("\r\n", "\n").replace("\x00", "")


def _key(fields: Mapping[str, str]) -> UUID:
    """The browser's name for this submission; without one, every post is its own."""
    try:
        return UUID(fields.get("key", ""))
    except ValueError:
        return uuid4()


def _uploads(request: HttpRequest) -> list[outbox.Upload]:
    uploads = request.FILES.getlist("files")
    if sum(upload.size or 0 for upload in uploads) > MOST_BYTES:
        raise Refused("too_large", most=MOST_BYTES // 1024 // 1024)
    return [
        outbox.Upload(
            name=upload.name or "",
            content_type=upload.content_type or "application/octet-stream",
            content=upload.read(),
        )
        for upload in uploads
    ]
