"""What a widget fetches: the loader with its settings, and files only its visitor has the address of."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from majlis.channels import rules
from majlis.channels.chat import loading, queries, tokens, words
from majlis.channels.chat.models import Widget
from majlis.conversations.models import Attachment
from majlis.files import queries as files
from majlis.files.models import File
from majlis.lib.contrast import readable_on
from majlis.lib.errors import Refused
from majlis.lib.images import SHOWN_INLINE, kind_of
from majlis.people import queries as people
from majlis.people.models import Brand, Teammate
from majlis.public.limits import open_to_all

from . import names

FRESH_SECONDS = 300
PANEL = "majlis/widget/panel.js"


@open_to_all
@require_safe
def loader(request: HttpRequest, key: str) -> HttpResponse:
    """/chat/KEY.js: kept by browsers for five minutes. A widget that is off is a script that does nothing."""
    try:
        script = loading.loader(config(queries.widget_of(key)))
        status = 200
    except Refused:
        script, status = b"/* There is no chat here. */\n", 404
    tag = f'W/"{hashlib.sha256(script).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(script, status=status, content_type="text/javascript; charset=utf-8")
        if status == 200 and "gzip" in request.headers.get("Accept-Encoding", ""):
            # Packed once: it holds no secret, so it needs no padding of random length as other answers do.
            response.content = _packed(script)
            response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}" if status == 200 else "no-store"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@lru_cache(maxsize=32)
def _packed(script: bytes) -> bytes:
    return gzip.compress(script, 9, mtime=0)


def config(widget: Widget) -> dict[str, Any]:
    """What the visitor's browser may know of a widget."""
    brand, installation = widget.brand, people.installation()
    return {
        "key": widget.key,
        "base": settings.CONFIG.url,
        "panel": static(PANEL),
        "name": {code: names.shown(installation, brand, code) for code in ("ar", "en")},
        "brand_colour": brand.colour,
        "on_colour": readable_on(brand.colour),
        "language": widget.language,
        "otherwise": brand.language,
        "position": widget.position,
        "offset": widget.offset_px,
        "theme": widget.theme,
        "greeting": {"ar": widget.greeting_ar, "en": widget.greeting_en},
        "ask": rules.of_widget(widget).is_asked,
        "words": {code: _first_words(code) for code in ("ar", "en")},
    }


def _first_words(language: str) -> dict[str, str]:
    with translation.override(language):
        return words.first_words()


@open_to_all
@require_safe
def file(_request: HttpRequest, part: str) -> HttpResponseBase:
    """/chat/file/<signed>: a picture to be drawn, or a file to be saved; nothing of it runs or shows as a page."""
    named = tokens.linked(part)
    found = _named(named) if named else None
    if found is None:
        raise Http404
    kept, name, content_type = found
    try:
        source = files.open_file(kept)
    except FileNotFoundError as missing:
        raise Http404 from missing
    beginning = source.read(16)
    source.seek(0)
    shown = kind_of(beginning) if content_type in SHOWN_INLINE else None
    response = FileResponse(source, content_type=shown or "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(shown is None, name) or (
        f"attachment; filename*=UTF-8''{quote(name)}"
    )
    response["Content-Length"] = str(kept.size)
    response._csp_exempt = True  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _named(named: dict[str, Any]) -> tuple[File, str, str] | None:
    """File, name and type of what an address names, if it is still there."""
    if "a" in named:
        attached = Attachment.objects.select_related("file", "entry").filter(pk=named["a"]).first()
        if attached is None or attached.entry.is_withdrawn:
            return None
        return attached.file, attached.name, attached.content_type
    file_id = int(named["f"])
    is_shown = (
        Teammate.objects.filter(pk=int(named["p"]), picture=file_id).exists()
        if "p" in named
        else Brand.objects.filter(pk=int(named["l"]), logo=file_id).exists()
    )
    kept = File.objects.filter(pk=file_id).first() if is_shown else None
    return (kept, "picture", "image/png") if kept is not None else None
