"""The team's list of topics: adding, renaming, offering or not."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from majlis.conversations.actions import topic as topics
from majlis.conversations.models import Topic
from majlis.desk import refusals
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import page
from majlis.lib.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/topics/: all of them, for owners, admins and managers; POST adds `name`."""
    if not topics.may_keep_topics(me(request)):
        raise PermissionDenied
    said = problem = ""
    if request.method == "POST":
        said = request.POST.get("name", "").replace("\x00", "")
        try:
            topics.add_topic(me(request), said)
            messages.success(request, _("Saved."))
            return redirect("settings_topics")
        except Refused as refused:
            problem = refusals.words(refused)
    rows = Topic.objects.annotate(number=Count("conversations")).order_by("-is_active", "name", "pk")
    context = {"rows": list(rows), "said": said, "problem": problem}
    return page(request, "settings/topics.html", pgettext("settings", "Topics"), context=context)


@require_POST
@never_cache
def edit(request: HttpRequest, topic_id: int) -> HttpResponse:
    """POST /settings/topics/<id>/: `name` renames; `active` (1 or 0) offers it or not."""
    by, found = me(request), get_object_or_404(Topic, pk=topic_id)
    try:
        if "active" in request.POST:
            topics.switch_topic(by, found, is_active=request.POST["active"] == "1")
        else:
            topics.rename_topic(by, found, request.POST.get("name", "").replace("\x00", ""))
        messages.success(request, _("Saved."))
    except Refused as refused:
        if refused.code == "not_allowed":
            raise PermissionDenied from refused
        messages.error(request, refusals.words(refused))
    return redirect("settings_topics")
