"""Writing down a phone call."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from majlis.conversations.actions.call import log_call
from majlis.conversations.actions.changing import changing
from majlis.lib.errors import Refused
from majlis.lib.numbers import ascii_digits

from . import refusals
from .asking import conversation_of, me, sent
from .telling import tell


@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest, number: int) -> HttpResponse:
    """GET asks for what is known of the call; POST writes it down: direction, number, minutes, text."""
    conversation_of(request, number)
    if request.method != "POST":
        return render(request, "desk/_call_form.html", {"number": number, "key": uuid4().hex})
    fields = {name: value.replace("\x00", "") for name, value in sent(request).items()}
    try:
        with changing(number) as change:
            log_call(
                change,
                teammate=me(request),
                direction=fields.get("direction", ""),
                number=fields.get("number", ""),
                seconds=_seconds(fields.get("minutes", "")),
                text=fields.get("text", "").replace("\r\n", "\n"),
                submission_key=_key(fields.get("key", "")),
            )
    except Refused as refused:
        if refused.code != "already_posted":
            return refusals.answer(request, refused)
    return tell(HttpResponse(status=204), _("Call written down"))


def _seconds(typed: str) -> int:
    """Minutes as people type them, in any digits, perhaps with a fraction; nothing is none."""
    typed = ascii_digits(typed).replace("٫", ".").strip()
    if not typed:
        return 0
    try:
        return round(float(typed) * 60)
    except (ValueError, OverflowError) as problem:
        raise Refused("bad_length") from problem


def _key(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()
