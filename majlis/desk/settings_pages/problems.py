"""Mail that could not be taken in: nothing is lost, each can be tried again or read as it came."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from majlis.channels.actions.quarantine import retry
from majlis.channels.models import RawMessage
from majlis.channels.problems import explain
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.files.queries import path
from majlis.lib.errors import Refused

SHOWN = 200


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/problems/: the newest first."""
    held = RawMessage.objects.filter(quarantined_at__isnull=False)
    rows = [
        {"raw": raw, "why": explain(raw.error), "size": raw.file.size}
        for raw in held.select_related("mailbox", "file").order_by("-pk")[:SHOWN]
    ]
    context = {"rows": rows, "number": held.count()}
    return page(request, "settings/problems.html", _("Problems"), context=context)


@require_POST
@admins_only
def again(request: HttpRequest, raw_id: int) -> HttpResponse:
    """POST /settings/problems/<id>/retry"""
    try:
        retry(raw_id, actor_id=me(request).pk)
        messages.success(request, _("The message is being taken in again."))
    except Refused:
        messages.error(request, _("This message is not held any more."))
    return redirect("settings_problems")


@require_safe
@admins_only
def original(_request: HttpRequest, /, raw_id: int) -> HttpResponseBase:
    """/settings/problems/<id>/original: the bytes as they came, to be saved, never shown."""
    raw = RawMessage.objects.select_related("file").filter(pk=raw_id, quarantined_at__isnull=False).first()
    if raw is None:
        raise Http404
    return FileResponse(
        path(raw.file).open("rb"),
        as_attachment=True,
        filename=f"message-{raw.pk}.eml",
        content_type="message/rfc822",
    )
