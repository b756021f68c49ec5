"""A file that went as a link: a page that says what it is, and beside it the address that streams it."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from majlis.channels import sharing
from majlis.channels.actions.linking import fetched
from majlis.channels.models import SharedFile
from majlis.files import queries as files
from majlis.people.queries import installation

from .limits import limited


@limited
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponseBase:
    """/f/<token>: name, size, who sent it, a button. Nothing streams from here: programs that look at links fetch it."""
    shared = _found(token)
    found = installation()
    language = (shared.attachment.entry.conversation.customer.language if shared else "") or (
        found.language if found else ""
    )
    with translation.override(language if language in ("ar", "en") else translation.get_language()):
        context = {
            "shared": shared if shared and sharing.works(shared) else None,
            "is_known": shared is not None,
            "token": token,
            "sender": found.company if found else "",
        }
        status = 404 if shared is None else 200 if context["shared"] else 410
        response = render(request, "public/file.html", context, status=status)
        response["Content-Language"] = (translation.get_language() or "ar")[:2]
    return _private(response)


@limited
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """/f/<token>/file: the bytes, to be saved and never shown. 404 without a link that works."""
    shared = _found(token)
    if shared is None or not sharing.works(shared):
        raise Http404
    try:
        source = files.open_file(shared.attachment.file)
    except FileNotFoundError as missing:
        raise Http404 from missing
    if request.method == "GET":
        fetched(shared)
    name = shared.attachment.name or "file"
    response = FileResponse(source, content_type="application/octet-stream")
    response["Content-Disposition"] = (
        content_disposition_header(True, name) or f"attachment; filename*=UTF-8''{quote(name)}"
    )
    response["Content-Length"] = str(shared.attachment.file.size)
    response._csp_exempt = True  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _private(response)


def _found(token: str) -> SharedFile | None:
    shared = sharing.find(token)
    # A reply that was taken back in time has reached nobody, and neither has its link.
    return None if shared is not None and shared.attachment.entry.is_withdrawn else shared


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """No copy on the way, no word to other sites, no search engine, no guessing of types."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["X-Content-Type-Options"] = "nosniff"
    return response
