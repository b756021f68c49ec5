"""The links of files that were too large to go along: taken back from the entry they stand at."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from majlis.channels.actions import linking
from majlis.lib.errors import Refused

from . import refusals
from .asking import me


@require_http_methods(["DELETE"])
def link(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """DELETE /attachments/<id>/link: nobody fetches the file by its link from now on."""
    try:
        linking.revoke(me(request), attachment_id)
    except Refused as refused:
        if refused.code == "not_found":
            raise Http404 from refused
        return refusals.answer(request, refused)
    return HttpResponse(status=204)
