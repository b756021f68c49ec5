"""Mail as it was written: its HTML in a frame of its own, its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from majlis.channels.email import quoting_html
from majlis.conversations import queries
from majlis.files import queries as files
from majlis.files.models import File
from majlis.lib import html, remote
from majlis.lib.images import SHOWN_INLINE, kind_of

from . import folding
from .asking import entry_of, me

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"


@require_safe
def entry_html(request: HttpRequest, entry_id: int) -> HttpResponse:
    """A message's HTML, sanitised, for a sandboxed frame; remote images only when asked for.

    What it quotes and its signature are in closed parts, whose names are in the reader's language.
    """
    entry = entry_of(request, entry_id)
    if not entry.html:
        raise Http404
    inline = {
        found.content_id.strip("<>"): reverse("attachment", args=[found.pk]) + "?inline=1"
        for found in entry.attachments.all()
        if found.content_id
    }
    folded = quoting_html.shown(entry.html, folding.opening, subject=entry.subject)
    return framed(request, folded, inline)


def framed(request: HttpRequest, written: str, inline: Mapping[str, str]) -> HttpResponse:
    """Sanitised HTML as a page for a sandboxed frame: its pictures from `inline` (content id -> address), remote ones
    through our proxy where the request asks for them, else not at all."""
    shows_remote = request.GET.get("images") == "1"
    key = settings.CONFIG.derived_key("signing")

    def through_proxy(address: str) -> str | None:
        return remote.proxied(address, key) if shows_remote else None

    body, _ = html.rewrite_remote(written, cid=lambda cid: inline.get(cid.strip("<>")), remote=through_proxy)
    response = render(request, "desk/mail_frame.html", {"body": body})
    # The page's policy is replaced, not added to: this document may style itself and nothing else.
    response._csp_exempt = True  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'none';"
        f" form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox {SANDBOX}"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> FileResponse:
    """A file. It is downloaded; only a few image types may be shown, and only if they are such."""
    found = (
        queries.attachments_visible_to(me(request)).select_related("file").filter(pk=attachment_id).first()
    )
    if found is None:
        raise Http404
    return shown_file(request, found.file, found.name)


def shown_file(request: HttpRequest, file: File, name: str) -> FileResponse:
    """A stored file under its name: shown where it is asked for and an image, else downloaded. Raises Http404."""
    try:
        source = files.open_file(file)
    except FileNotFoundError as missing:
        raise Http404 from missing
    kind = kind_of(source.read(16))
    source.seek(0)
    is_shown = bool(request.GET.get("inline")) and kind in SHOWN_INLINE
    response = FileResponse(source, content_type=kind if is_shown and kind else "application/octet-stream")
    response["Content-Disposition"] = "inline" if is_shown else download(name or "file")
    response["Content-Length"] = str(file.size)
    return quiet(response)


def download(name: str) -> str:
    """The header that makes a browser save what comes under that name."""
    return content_disposition_header(True, name) or f"attachment; filename*=UTF-8''{quote(name)}"


Response = TypeVar("Response", bound=HttpResponseBase)


def quiet(response: Response) -> Response:
    """Whatever the bytes are, a browser does nothing with them by itself."""
    response._csp_exempt = True  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
