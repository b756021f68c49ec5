"""Drafts: saved as they are typed, with their files, for their writer alone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from majlis.conversations import drafts, queries
from majlis.conversations.actions import draft as saving
from majlis.files.actions import store
from majlis.lib.errors import Refused

from . import refusals
from .asking import me, sent, whole_number
from .mail import shown_file
from .recipients import addresses
from .written import as_json, file_as_json, text_and_html


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, number: int, mode: str) -> HttpResponse:
    """GET is the draft, POST saves it over the version the page saw.

    409 with the newer draft when another window saved meanwhile, 410 when the draft was sent there.
    """
    _visible(request, number)
    if request.method != "POST":
        return _now(request, number, mode)
    fields = sent(request)
    text, html = text_and_html(fields)
    try:
        version = saving.save_draft(
            me(request),
            number,
            mode,
            version=whole_number(fields.get("version")),
            text=text,
            html=html,
            to=_addresses(fields.get("to", "")),
            cc=_addresses(fields.get("cc", "")),
            bcc=_addresses(fields.get("bcc", "")),
        )
    except Refused as refused:
        if refused.code == "draft_gone":
            return JsonResponse({}, status=410)
        if refused.code == "draft_newer":
            return _now(request, number, mode, status=409)
        return refusals.answer(request, refused)
    return JsonResponse({"version": version})


@require_POST
def files(request: HttpRequest, number: int, mode: str) -> HttpResponse:
    """Add a file to the draft; `inline` for a picture that stands in the text."""
    _visible(request, number)
    upload = request.FILES.get("file")
    try:
        if upload is None or (upload.size or 0) > saving.MOST_BYTES:
            raise Refused("too_large", most=saving.MOST_BYTES // 1024 // 1024)
        found = saving.add_file(
            me(request),
            number,
            mode,
            file=store(upload.read()),
            name=upload.name or "file",
            content_type=upload.content_type or "application/octet-stream",
            is_inline=bool(request.POST.get("inline")),
        )
    except Refused as refused:
        return refusals.answer(request, refused)
    values = {
        "id": found.pk,
        "name": found.name,
        "size": found.file.size,
        "content_id": found.content_id,
        "is_inline": found.is_inline,
    }
    return JsonResponse({**file_as_json(values), "version": found.draft.version})


@require_http_methods(["GET", "HEAD", "DELETE"])
def file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """A file of one's own draft: shown or downloaded, or taken off."""
    found = drafts.file_of(me(request), file_id)
    if found is None:
        raise Http404
    if request.method == "DELETE":
        saving.remove_file(found)
        return HttpResponse(status=204)
    return shown_file(request, found.file, found.name)


def _visible(request: HttpRequest, number: int) -> None:
    if not queries.visible_to(me(request)).filter(pk=number).exists():
        raise Http404


def _now(request: HttpRequest, number: int, mode: str, status: int = 200) -> JsonResponse:
    found = drafts.of_conversation(me(request), number).get(mode)
    return JsonResponse(as_json(found) if found else {}, status=status)


def _addresses(typed: str) -> list[str]:
    """The addresses typed so far; one that is not finished yet is kept as it stands."""
    try:
        return addresses(typed)
    except Refused:
        return [typed.strip()]
