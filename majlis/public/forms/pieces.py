"""What a form's page is made of besides itself: the brand's colours and logo, and the script that puts it on a site."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import orjson
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from majlis.channels.forms.models import Form
from majlis.channels.forms.words import title
from majlis.files import queries as files
from majlis.lib.images import kind_of
from majlis.lib.tints import tints
from majlis.people.actions.brands import LOGO_KINDS

FOR_MINUTES = "public, max-age=300"
_LOADER = Path(__file__).resolve().parents[2] / "static/majlis/js/forms/loader.js"


def _open(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    opened = require_safe(view)
    opened.is_public = True  # type: ignore[attr-defined]
    opened.login_required = False  # type: ignore[attr-defined]
    return opened


@_open
def loader(_request: HttpRequest, key: str) -> HttpResponse:
    """/form/<key>.js: puts the form where its tag stands. A site may keep it for five minutes."""
    form = _found(key)
    told = {
        "url": f"{settings.CONFIG.url}{reverse('form_embed', args=[key])}",
        "titles": {language: title(form, language) for language in ("ar", "en")},
    }
    # What is JSON is JavaScript too (ECMA-262, 2019); it stands in a script, not in a page.
    response = HttpResponse(
        _script().replace("__FORM__", orjson.dumps(told).decode()),
        content_type="text/javascript; charset=utf-8",
    )
    response["Cache-Control"] = FOR_MINUTES
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@_open
def colours(_request: HttpRequest, key: str) -> HttpResponse:
    """/form/<key>.css: the brand's colour, in what can be read in it and on it."""
    light, dark = tints(_found(key).brand.colour)
    pairs = {
        "--accent": (light.text, dark.text),
        "--accent-solid": (light.solid, dark.solid),
        "--accent-hover": (light.hover, dark.hover),
        "--on-accent": (light.on, dark.on),
    }
    told = "".join(f"{name}:light-dark({one},{other});" for name, (one, other) in pairs.items())
    response = HttpResponse(f":root{{{told}}}", content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_MINUTES
    return response


@_open
def logo(_request: HttpRequest, key: str, logo_id: int) -> HttpResponseBase:
    """/form/<key>/logo/<logo>: the address changes with the picture, so it may be kept for long."""
    found = _found(key).brand.logo
    if found is None or found.pk != logo_id:
        raise Http404
    try:
        source = files.open_file(found)
    except FileNotFoundError as missing:
        raise Http404 from missing
    kind = kind_of(source.read(16))
    source.seek(0)
    if kind not in LOGO_KINDS:
        source.close()
        raise Http404
    response = FileResponse(source, content_type=kind)
    response["Content-Length"] = str(found.size)
    response._csp_exempt = True  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def _script() -> str:
    import rjsmin

    return str(rjsmin.jsmin(_LOADER.read_text()))


def _found(key: str) -> Form:
    form = Form.objects.select_related("brand__logo").filter(key=key, removed_at=None).first()
    if form is None:
        raise Http404
    return form
