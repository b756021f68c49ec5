"""This browser's subscription to pushes, and a test of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from majlis.channels import push, push_identity
from majlis.flow.pushing import send_test
from majlis.lib.errors import Refused
from majlis.people.actions.push_subscriptions import subscribe, unsubscribe

from . import refusals
from .asking import me, sent
from .telling import tell


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def subscription(request: HttpRequest) -> HttpResponse:
    """GET tells the key to subscribe with. POST (`endpoint`, `key`, `auth`) takes this browser in; DELETE (`endpoint`)
    gives it up."""
    if request.method == "DELETE":
        unsubscribe(me(request), sent(request).get("endpoint", ""))
        return HttpResponse(status=204)
    if request.method == "POST":
        fields = sent(request)
        try:
            target = push.checked(
                fields.get("endpoint", ""), key=fields.get("key", ""), auth=fields.get("auth", "")
            )
        except Refused as refused:
            return refusals.answer(request, refused)
        subscribe(
            me(request),
            session_key=request.session.session_key or "",
            endpoint=target.endpoint,
            key=target.key,
            auth=target.auth,
        )
        return HttpResponse(status=204)
    response = JsonResponse({"key": push_identity.public_key()})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def tests(request: HttpRequest) -> HttpResponse:
    """A push to the browser that is named by `endpoint`, now; the answer says how it went."""
    answer = send_test(me(request), sent(request).get("endpoint", ""))
    if answer is None:
        return refusals.answer(request, Refused("push_unknown"))
    if answer.is_gone:
        return refusals.answer(request, Refused("push_gone"))
    if not answer.is_taken:
        return refusals.answer(request, Refused("push_failed"))
    return tell(HttpResponse(status=204), _("On its way: it comes up in a moment."))
