"""A form's own page, the same in a frame, and what becomes of what is posted to either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from majlis.channels import rules
from majlis.channels.forms import guarding, proof, stamps, words
from majlis.channels.forms.answers import Problem
from majlis.channels.forms.pages import origin
from majlis.channels.forms.promising import answer_sentence
from majlis.channels.forms.shown import ADDRESS, shown
from majlis.flow.form_arrival import take_in
from majlis.lib.errors import Refused
from majlis.people.queries import installation

from . import enclosing, filling
from .asking import Asked, asked, is_known_origin, private
from .filling import Posted

View = Callable[..., HttpResponseBase]
STATUS = {"too_often": 429, "wrong_origin": 403, "too_many_parts": 413}


def _open(view: View) -> View:
    """Open to everybody; what is posted is told from what others forge by its stamp, not by a cookie."""
    opened = csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(view))
    opened.is_public = True  # type: ignore[attr-defined]
    opened.login_required = False  # type: ignore[attr-defined]
    return opened


@_open
def page(request: HttpRequest, key: str) -> HttpResponseBase:
    """/form/<key>: the form on a page of its own."""
    return _answered(request, key, is_embedded=False)


@_open
def embed(request: HttpRequest, key: str) -> HttpResponseBase:
    """/form/<key>/embed: the form as it stands in a frame of somebody's page."""
    return _answered(request, key, is_embedded=True)


def _answered(request: HttpRequest, key: str, *, is_embedded: bool) -> HttpResponseBase:
    broken = None
    if request.method == "POST":
        try:
            filling.parse(request)
        except Refused as refused:
            broken, request.method = refused, "GET"
    here = asked(request, key, is_embedded=is_embedded)
    with translation.override(here.language):
        if not here.form.is_on:
            return _closed(request, here, "off")
        if here.is_embedded and here.host and here.form.sites and here.host not in here.form.sites:
            return _closed(request, here, "wrong_site")
        if not _is_offered(request, here):
            return _closed(request, here, "not_shown")
        if broken is not None:
            return _shown(request, here, None, refused=broken)
        if request.method == "POST":
            return _posted(request, here)
        try:
            guarding.look(here.network)
        except Refused as refused:
            return _shown(request, here, None, refused=refused)
        return _shown(request, here, None)


def _is_offered(request: HttpRequest, here: Asked) -> bool:
    """Whether the form's rule offers it here; who began while it was offered may send it."""
    stamp = stamps.read(here.form, request.POST.get("stamp", "")) if request.method == "POST" else None
    began_at = stamp.given_at if stamp is not None else timezone.now()
    if began_at < timezone.now() - stamps.TOO_OLD:
        began_at = timezone.now()
    return rules.to_page(here.form, _where(request, here), now=began_at).is_shown


def _where(request: HttpRequest, here: Asked) -> str:
    """The page it stands on; without a frame its own."""
    return here.page or ("" if here.is_embedded else request.build_absolute_uri(request.path))


def _posted(request: HttpRequest, here: Asked) -> HttpResponseBase:
    posted = filling.read(request, here)
    try:
        guarding.attempt(here.network)
        is_known = is_known_origin(request)
        if is_known is False:
            raise Refused("wrong_origin")
        if posted.bytes:
            guarding.files(here.network, posted.bytes)
    except Refused as refused:
        return _shown(request, here, posted, refused=refused)
    posted = _with_files(here, posted)
    if posted.is_turned:
        return _shown(request, here, replace(posted, problems={}))
    try:
        return _taken(request, here, posted, is_known=bool(is_known))
    except Refused as refused:
        return _shown(request, here, posted, refused=refused)


def _taken(request: HttpRequest, here: Asked, posted: Posted, *, is_known: bool) -> HttpResponseBase:
    now = timezone.now()
    stamp = guarding.stamp_of(here.form, posted.stamp, trap=posted.trap, now=now)
    if posted.problems:
        return _shown(request, here, posted)
    address = posted.said[ADDRESS][0] if posted.said[ADDRESS] else ""
    sender = guarding.Sender(here.network, is_known)
    guarding.admit(here.form, stamp, work=posted.work, sender=sender, address=address, now=now)
    told = bool(address) and guarding.may_tell(here.form, here.network)
    message = filling.filled(here, posted, key=stamp.key, page=_where(request, here), may_be_told=told)
    take_in(here.form, message, now=now)
    context = {
        "is_done": True,
        "thanks": words.thanks(here.form, here.language),
        "answer": answer_sentence(here.form.mailbox, here.language) if address else "",
        "has_address": bool(address),
        "message": message.message,
        "pairs": message.fields,
    }
    return _rendered(request, here, context)


def _with_files(here: Asked, posted: Posted) -> Posted:
    """What came is stored, so that it need not be sent again whatever else is wrong; what cannot be taken is not."""
    kept = {key: list(found) for key, found in posted.before.items()}
    for key, uploads in posted.uploads.items():
        if key not in posted.problems:
            kept.setdefault(key, []).extend(enclosing.keep(one) for one in uploads)
    return replace(posted, kept=kept)


def _shown(
    request: HttpRequest, here: Asked, posted: Posted | None, *, refused: Refused | None = None
) -> HttpResponseBase:
    """The form, with everything that was typed and a stamp of its own."""
    said = posted.said if posted else filling.prefilled(request, here)
    # What is wrong with an answer is said once the rest can be taken, or what is wrong with the rest would hide it.
    problems = posted.problems if posted and refused is None else {}
    files = {
        key: [
            {"name": one.name, "size": one.file.size, "ticket": enclosing.ticket(here.form, key, one)}
            for one in found
        ]
        for key, found in ((posted.kept or posted.before) if posted else {}).items()
    }
    rows = shown(
        here.fields,
        language=here.language,
        digits=here.digits,
        needs_address=here.form.needs_address,
        said=said,
        problems=problems,
        files=files,
    )
    context: dict[str, Any] = {
        "rows": rows,
        "wrong": [row for row in rows if row["problem"]],
        "stamp": _stamp(here, posted, is_refused=refused is not None),
        "most_bytes": enclosing.MOST_BYTES_TOGETHER,
        "refused": words.refused(refused, digits=here.digits) if refused else "",
        "page": here.page,
        "bits": proof.BITS,
        "too_large": words.problem(
            Problem("files_too_large", {"most": enclosing.MOST_BYTES_TOGETHER // enclosing.MB}),
            digits=here.digits,
        ),
    }
    status = STATUS.get(refused.code, 422) if refused else 422 if problems else 200
    response = _rendered(request, here, context, status=status)
    if refused is not None and refused.code == "too_often":
        response["Retry-After"] = str(refused.data.get("seconds", 60))
    return response


def _stamp(here: Asked, posted: Posted | None, *, is_refused: bool) -> str:
    """A new stamp; the one that came where an answer alone was wrong, so that nobody is too fast who mends it."""
    now = timezone.now()
    if posted is not None and not is_refused:
        found = stamps.read(here.form, posted.stamp)
        if found is not None and now - found.given_at < stamps.TOO_OLD:
            return posted.stamp
    return stamps.give(here.form, now=now)


def _closed(request: HttpRequest, here: Asked, why: str) -> HttpResponseBase:
    return _rendered(request, here, {"closed": why}, status=410 if why == "off" else 403)


def _rendered(
    request: HttpRequest, here: Asked, context: dict[str, Any], *, status: int = 200
) -> HttpResponseBase:
    brand, found = here.form.brand, installation()
    shared = {
        "here": here,
        "form_title": words.title(here.form, here.language),
        "intro": getattr(here.form, f"intro_{here.language}") or here.form.intro_ar or here.form.intro_en,
        "brand": {
            "name": brand.name_for(here.language),
            "language": here.language,
            "region": found.region if found else "",
        },
        "logo_id": brand.logo_id,
        "address": request.path,
        "can_turn": here.form.language == "auto",
        "parent": origin(here.page),
    }
    response = render(request, "public/form.html", {**shared, **context}, status=status)
    return private(response, here)
