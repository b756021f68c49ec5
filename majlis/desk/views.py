"""Kept searches: kept, renamed, removed, and brought back."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from majlis.conversations.actions import views as kept
from majlis.conversations.kept import views_of
from majlis.conversations.models import View
from majlis.lib.errors import Refused

from . import refusals
from .asking import me
from .telling import tell


@require_POST
def views(request: HttpRequest) -> HttpResponse:
    """Keep a search. What an undo hands back stands in the address."""
    given = {**request.GET.dict(), **request.POST.dict()}
    try:
        made = kept.keep(
            me(request),
            name=str(given.get("name", "")),
            query=str(given.get("query", "")).replace("\x00", ""),
            is_shared=given.get("shared") == "1",
        )
    except Refused as refused:
        return refusals.answer(request, refused)
    return tell(HttpResponse(status=204), _("Kept as “%(name)s”") % {"name": f"\u2068{made.name}\u2069"})


@require_http_methods(["POST", "DELETE"])
def view(request: HttpRequest, view_id: int) -> HttpResponse:
    """POST renames, DELETE removes."""
    found = _view(request, view_id)
    if request.method == "DELETE":
        kept.remove(found)
        again = {"name": found.name, "query": found.query, "shared": "" if found.owner_id else "1"}
        undo = ("POST", f"{reverse('views')}?{urlencode(again)}")
        return tell(HttpResponse(status=204), _("View removed"), undo=undo)
    try:
        kept.rename(found, request.POST.get("name", ""))
    except Refused as refused:
        return refusals.answer(request, refused)
    return tell(HttpResponse(status=204), _("View renamed"))


def _view(request: HttpRequest, view_id: int) -> View:
    """A view this person sees. Raises Http404."""
    found = views_of(me(request)).filter(pk=view_id).first()
    if found is None:
        raise Http404
    return found
