"""Raw messages by HTTP for one mailbox: opened with a secret that is shown once, renewed, closed."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from majlis.channels.actions import options
from majlis.channels.models import MailOptions
from majlis.desk.asking import me
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.desk.settings_pages.mailbox_tabs import tabs
from majlis.people import queries


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def endpoint(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/http/: how it stands; POST opens it, or renews its secret, and shows that this once."""
    mailbox = get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)
    secret = options.open_endpoint(me(request), mailbox) if request.method == "POST" else ""
    found = MailOptions.objects.filter(mailbox=mailbox).first()
    context = {
        "mailbox": mailbox,
        "mailbox_tabs": tabs(request, mailbox),
        "options": found or MailOptions(mailbox=mailbox),
        "secret": secret,
        "endpoint_url": f"{settings.CONFIG.url or request.build_absolute_uri('/').rstrip('/')}{reverse('intake_mail')}",
    }
    return page(request, "settings/mailbox_http.html", mailbox.name, context=context)


@require_POST
@admins_only
def close(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST /settings/mailboxes/<id>/http/closure"""
    mailbox = get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)
    options.close_endpoint(me(request), mailbox)
    messages.success(request, _("Nothing is taken by HTTP any more."))
    return redirect("settings_mailbox_http", mailbox.pk)
