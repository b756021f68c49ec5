"""What makes the desk an app that can be installed: its manifest, its service worker and the page without a network."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis.people.called import name_of
from majlis.people.sessions import installation_of

from .middleware import public

# --bg of the tokens, light and dark: a manifest and a meta element take no variables.
LIGHT, DARK = "#f6f3ef", "#13110f"
SHORTEST = 12
# What the page without a network is made of; asked for under this mark, they are the worker's to answer.
MARK = "?offline"
OFFLINE_FILES = (
    "css/tokens.css",
    "css/base.css",
    "css/controls.css",
    "css/panels.css",
    "css/pages.css",
    "js/offline.js",
    "mark.svg",
)
_ICONS = (
    ("icons/app-192.png", "192x192", "any"),
    ("icons/app-512.png", "512x512", "any"),
    ("icons/maskable-512.png", "512x512", "maskable"),
)


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What the desk is called as an app, in the installation's language: a browser asks for it without a session."""
    found = installation_of(request)
    language = found.language if found else settings.LANGUAGE_CODE
    with translation.override(language):
        is_rtl = translation.get_language_bidi()
        own = _("Majlis")
        company = found.company if found and found.company else own
        name = f"{company} · {name_of(found)}" if found and found.company else own
    told = {
        "id": "/",
        "name": name,
        "short_name": company if len(company) <= SHORTEST else own,
        "lang": language,
        "dir": "rtl" if is_rtl else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": LIGHT,
        "background_color": LIGHT,
        "icons": [
            {"src": static(f"majlis/{path}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for path, sizes, purpose in _ICONS
        ],
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/manifest+json"
    response["Cache-Control"] = "max-age=3600"
    return response


@public
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that it covers the desk; asked for anew each time, it changes with its files."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What stands instead of the desk while there is no network: in both languages, of nobody and about nothing."""
    response = render(request, "public/offline.html", {"mark": MARK})
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _worker() -> str:
    package = Path(settings.PACKAGE)
    files = [f"{static(f'majlis/{name}')}{MARK}" for name in OFFLINE_FILES]
    page = (package / "jinja/public/offline.html").read_bytes()
    told = {
        "version": hashlib.sha256("\n".join((settings.VERSION, *files)).encode() + page).hexdigest()[:16],
        "page": reverse("offline"),
        "files": files,
        "icon": static("majlis/icons/app-192.png"),
        "badge": static("majlis/icons/badge-96.png"),
    }
    script = (package / "static/majlis/js/sw.js").read_text(encoding="utf-8")
    return f"const DESK = {json.dumps(told)};\n{script}"
