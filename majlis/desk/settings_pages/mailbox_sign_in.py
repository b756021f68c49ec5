"""Signing in to a mailbox with a service's account: begun here, brought back here, or pasted from elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from majlis.channels.actions import sign_in
from majlis.channels.oauth.clients import addresses
from majlis.channels.oauth.models import OAuthClient, OAuthGrant
from majlis.channels.oauth.providers import may_redirect_to
from majlis.channels.problems import ConnectionProblem, explain
from majlis.desk.asking import me
from majlis.desk.settings_pages import mailbox_device
from majlis.desk.settings_pages.frame import admins_only, frame, page
from majlis.desk.settings_pages.mailbox_tabs import tabs
from majlis.lib.errors import Refused
from majlis.people import queries
from majlis.people.models import Mailbox

# Where a browser is sent when the desk itself cannot be reached by it: nothing answers there, its address is pasted.
NOWHERE = "http://localhost"


def callback_url() -> str:
    """The address that is registered with a service."""
    return f"{settings.CONFIG.url}{reverse('settings_sign_in_callback')}"


@require_safe
@admins_only
def shown(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """/settings/mailboxes/<id>/sign-in/: how it stands, and the ways of signing in."""
    return page(
        request,
        "settings/sign_in.html",
        _mailbox(request, mailbox_id).name,
        context=standing(request, mailbox_id),
    )


@require_POST
@admins_only
def begin(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST …/sign-in/begin: to the service; with `paste` 1 the way back is pasted here afterwards.

    The browser is sent there by script or by a link: a form's redirect to another site is against the page's policy.
    """
    mailbox = _mailbox(request, mailbox_id)
    is_pasted = request.POST.get("paste") == "1"
    try:
        url = sign_in.begin(
            mailbox,
            me(request),
            session_key=request.session.session_key or "",
            redirect_uri=NOWHERE if is_pasted else callback_url(),
        )
    except (ConnectionProblem, Refused) as problem:
        messages.error(request, _words(problem))
        return _to(request, reverse("settings_mailbox_sign_in", args=[mailbox.pk]))
    if not is_pasted and request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    context = {**standing(request, mailbox_id), "leads_to": url, "is_pasted": is_pasted}
    return page(request, "settings/sign_in_leave.html", mailbox.name, context=context)


@require_safe
@sensitive_variables("brought")
@admins_only
def callback(request: HttpRequest) -> HttpResponse:
    """/settings/mailboxes/oauth/callback: a browser comes back from a service."""
    return _finish(request, {name: request.GET[name] for name in request.GET})


@require_POST
@sensitive_post_parameters()
@admins_only
def pasted(request: HttpRequest) -> HttpResponse:
    """POST /settings/mailboxes/oauth/pasted: `address` is where the browser was sent."""
    try:
        query = parse_qs(urlsplit(request.POST.get("address", "").strip()).query)
    except ValueError:
        query = {}
    return _finish(request, {name: values[0] for name, values in query.items()})


def standing(request: HttpRequest, mailbox_id: int) -> dict[str, Any]:
    """What the page of a mailbox's sign-in shows. Raises Http404."""
    mailbox = _mailbox(request, mailbox_id)
    grant = OAuthGrant.objects.select_related("connection").filter(connection__mailbox=mailbox).first()
    client = OAuthClient.objects.filter(provider=grant.provider).first() if grant else None
    device = mailbox_device.standing(request, mailbox) if grant else None
    return {
        **frame(request),
        "mailbox": mailbox,
        "mailbox_tabs": tabs(request, mailbox),
        "grant": grant,
        "has_client": client is not None,
        "problem": explain(grant.problem) if grant else "",
        "account": sign_in.expected(grant) if grant else "",
        "provider": grant.get_provider_display() if grant else "",
        "comes_back": bool(grant) and may_redirect_to(grant.provider, callback_url()) if grant else False,
        "has_device": client is not None and bool(addresses(client).device),
        "device": device,
    }


@sensitive_variables("brought")
def _finish(request: HttpRequest, brought: dict[str, str]) -> HttpResponse:
    try:
        mailbox = sign_in.finish(me(request), session_key=request.session.session_key or "", brought=brought)
    except Refused as refused:
        messages.error(request, _words(refused))
        return redirect("settings_mailboxes")
    except ConnectionProblem as problem:
        messages.error(request, _words(problem))
        return redirect("settings_mailbox_sign_in", problem.data["mailbox_id"])
    messages.success(request, _("Signed in. Mail comes and goes from where it stopped."))
    return redirect("settings_mailbox_sign_in", mailbox.pk)


def _mailbox(request: HttpRequest, mailbox_id: int) -> Mailbox:
    return get_object_or_404(queries.mailboxes_visible_to(me(request)), pk=mailbox_id)


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _words(problem: ConnectionProblem | Refused) -> str:
    if isinstance(problem, ConnectionProblem):
        return explain(str(problem))
    return {
        "forged_state": _(
            "This sign-in was not begun in this browser, or it was used already. Begin it again on the mailbox's page."
        ),
        "not_connected": _("This mailbox signs in with a password. Choose a service in its settings first."),
    }.get(problem.code, _("Only owners and admins may do this."))
