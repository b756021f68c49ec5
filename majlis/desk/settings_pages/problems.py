"""Mail that could not be taken in: nothing is lost, each can be tried again or read as it came."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from majlis.channels.actions.quarantine import retry
from majlis.channels.models import RawMessage
from majlis.channels.problems import explain
from majlis.desk.asking import me
from majlis.desk.settings_pages.audit import number_of
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.files.queries import path
from majlis.lib.errors import Refused
from majlis.people import queries

SHOWN = 50


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/problems/: the newest first; `mailbox` narrows it, `before` is the last one shown."""
    mailbox, before = number_of(request.GET.get("mailbox")), number_of(request.GET.get("before"))
    held = RawMessage.objects.filter(quarantined_at__isnull=False)
    counted = dict(held.values_list("mailbox_id").annotate(number=Count("pk")).order_by())
    seen = queries.mailboxes_visible_to(me(request))
    boxes = list(seen.filter(Q(pk__in=counted.keys()) | Q(pk=mailbox)).order_by("name", "pk"))
    if mailbox not in {box.pk for box in boxes}:
        mailbox = None
    asked = held if mailbox is None else held.filter(mailbox_id=mailbox)
    asked = asked if before is None else asked.filter(pk__lt=before)
    found = list(asked.select_related("mailbox", "file").order_by("-pk")[: SHOWN + 1])
    context = {
        "rows": [{"raw": raw, "why": explain(raw.error), "size": raw.file.size} for raw in found[:SHOWN]],
        "number": sum(counted.values()) if mailbox is None else counted.get(mailbox, 0),
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "boxes": boxes,
        "mailbox": mailbox,
        "before": before,
    }
    return page(request, "settings/problems.html", _("Problems"), context=context)


@require_POST
@admins_only
def again(request: HttpRequest, raw_id: int) -> HttpResponse:
    """POST /settings/problems/<id>/retry: `mailbox` is the one that the list was narrowed to."""
    try:
        retry(raw_id, actor_id=me(request).pk)
        messages.success(request, _("The message is being taken in again."))
    except Refused:
        messages.error(request, _("This message is not held any more."))
    mailbox = number_of(request.POST.get("mailbox"))
    return redirect(reverse("settings_problems") + (f"?mailbox={mailbox}" if mailbox else ""))


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
