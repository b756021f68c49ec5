"""Replies and notes: posted once, taken back in time, sent again by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from majlis.channels import outbox
from majlis.conversations import drafts
from majlis.conversations.actions.attach import attach_drafted
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.draft import forget
from majlis.conversations.actions.mention import mention
from majlis.conversations.actions.note import add_note
from majlis.conversations.models import DraftFile, EntryKind
from majlis.lib.errors import Refused
from majlis.lib.when import Unclear, understand

from . import refusals
from .asking import conversation_of, entry_of, me, sent, whole_number
from .conversation import caught_up, changed_by
from .recipients import chosen
from .written import as_json, text_and_html

MOST_BYTES = 25 * 1024 * 1024
MOST_MENTIONS = 50


@require_POST
def replies(request: HttpRequest, number: int) -> HttpResponse:
    """Post a reply. 409 with the refusal when something newer was not seen."""
    fields = sent(request)
    try:
        seen = whole_number(fields.get("seen"))
        text, html = text_and_html(fields)
        posted = outbox.send_reply(
            me(request),
            number,
            text=text,
            html=html,
            # `anyway`: what the writer was told of and let stand.
            seen_seq=max(seen, whole_number(fields.get("anyway"))),
            submission_key=key_of(fields),
            uploads=_uploads(request),
            drafted=drafted_files(request, fields, number, "reply"),
            recipients=chosen(fields),
            is_forced=bool(fields.get("force")),
            minds_returns=not (fields.get("despite") or fields.get("force")),
            was_drafted=bool(fields.get("draft")),
            should_close=bool(fields.get("close")),
            snoozed_until=_until(fields),
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
        text, html = text_and_html(fields)
        drafted = drafted_files(request, fields, number, "note")
        with changing(number) as change:
            key, teammate = key_of(fields), me(request)
            note = add_note(
                change, teammate=teammate, text=text, html=html, submission_key=key, has_files=bool(drafted)
            )
            attach_drafted(note, drafted)
            mention(change, note, _ids(fields.get("mentions", "")))
            if fields.get("draft"):
                forget(change, teammate, "note")
    except Refused as refused:
        if refused.code != "already_posted":
            return refusals.answer(request, refused)
    return _to_page(request, number) or caught_up(request, number, seen)


@require_http_methods(["DELETE"])
def reply(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take a reply back that has not left; it is a draft again."""
    entry = entry_of(request, entry_id)
    try:
        text = outbox.undo(me(request), entry_id)
    except Refused as refused:
        return refusals.answer(request, refused)
    mode = "forward" if entry.kind == EntryKind.FORWARD else "reply"
    found = drafts.of_conversation(me(request), entry.conversation_id).get(mode)
    answer = {"text": text, "mode": mode, "draft": as_json(found) if found else None}
    if mode == "forward":
        answer["forwards"] = reverse("forwards", args=[(entry.details or {})["entry"]])
    return JsonResponse(answer)


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


def drafted_files(request: HttpRequest, fields: Mapping[str, str], number: int, mode: str) -> list[DraftFile]:
    """The files of the draft that go along: those the page names, so that none leaves that was just taken off."""
    named = set(_ids(fields.get("files", "")))
    return (
        [found for found in drafts.files_of(me(request), number, mode) if found.pk in named] if named else []
    )


def _ids(typed: str) -> list[int]:
    return [whole_number(part) for part in typed.split(",") if part][:MOST_MENTIONS]


def _until(fields: Mapping[str, str]) -> datetime | None:
    """Until when the conversation is put off once this is sent. Raises Refused like `when.Unclear`."""
    typed = fields.get("snooze", "")
    if not typed:
        return None
    try:
        return understand(typed, now=timezone.now(), zone=timezone.get_current_timezone())
    except Unclear as problem:
        raise Refused(problem.code) from problem


def key_of(fields: Mapping[str, str]) -> UUID:
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
