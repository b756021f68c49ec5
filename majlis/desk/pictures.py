"""Pictures of teammates, each at an address of its own, for whoever is signed in."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from majlis.files import queries as files
from majlis.lib.images import kind_of
from majlis.people.actions.pictures import KINDS
from majlis.people.models import Teammate


@require_safe
def picture(_request: HttpRequest, teammate_id: int, picture_id: int) -> FileResponse:
    """/teammates/<id>/picture/<picture>: the address changes with the picture, so it may be kept for long."""
    teammate = Teammate.objects.select_related("picture").filter(pk=teammate_id, picture=picture_id).first()
    if teammate is None or teammate.picture is None:
        raise Http404
    try:
        source = files.open_file(teammate.picture)
    except FileNotFoundError as missing:
        raise Http404 from missing
    kind = kind_of(source.read(16))
    source.seek(0)
    if kind not in KINDS:
        raise Http404
    response = FileResponse(source, content_type=kind)
    response["Content-Length"] = str(teammate.picture.size)
    response._csp_exempt = True  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
