"""One request for a form: which form, in which language, where it stands, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language_from_request

from majlis.channels import pace
from majlis.channels.forms import pages
from majlis.channels.forms.fields import Field, read
from majlis.channels.forms.models import Form
from majlis.lib.numbers import system
from majlis.people.queries import installation

LANGUAGES = ("ar", "en")


@dataclass(frozen=True, slots=True)
class Asked:
    """What every answer depends on. `host` is the origin of the page it is embedded in, where the browser says so."""

    form: Form
    fields: tuple[Field, ...]
    language: str
    digits: str
    theme: str
    is_embedded: bool
    page: str
    host: str
    network: str


def asked(request: HttpRequest, key: str, *, is_embedded: bool) -> Asked:
    """What is asked for. Raises Http404 when there is no such form."""
    form = Form.objects.select_related("brand", "mailbox", "rule").filter(key=key, removed_at=None).first()
    if form is None:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    language = _language(request, form)
    found = installation()
    theme = request.GET.get("theme", "")
    host = pages.origin(request.headers.get("Referer", "")) if is_embedded else ""
    return Asked(
        form=form,
        fields=read(form.fields),
        language=language,
        digits=system(language, "auto", found.region if found else ""),
        theme=theme if theme in ("light", "dark") else "",
        is_embedded=is_embedded,
        page=pages.page(given.get("page", "")[:2000], sites=form.sites if is_embedded else ()),
        host="" if host in own_origins(request) else host,
        network=pace.network_of(request.META.get("REMOTE_ADDR", "")),
    )


def own_origins(request: HttpRequest) -> set[str]:
    """What a browser names as our own page's origin."""
    host = pages.origin(f"{request.scheme}://{request.get_host()}")
    return {pages.origin(settings.CONFIG.url), host} - {""}


def is_known_origin(request: HttpRequest) -> bool | None:
    """Whether the browser says that this was sent from a page of ours; None when it says nothing."""
    said = request.headers.get("Origin", "")
    if said in ("", "null"):
        said = pages.origin(request.headers.get("Referer", ""))
    return said in own_origins(request) if said else None


def private(response: HttpResponseBase, here: Asked) -> HttpResponseBase:
    """No copy on the way, no search engine, no word to other sites; in frames of its sites alone, or in none.

    Browsers tell our own server where a form was sent from only if the policy lets them: `same-origin`.
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Language"] = here.language
    if here.is_embedded:
        told: Any = response
        told.xframe_options_exempt = True
        told._csp_replace = {"frame-ancestors": here.form.sites or ["*"]}
    return response


def _language(request: HttpRequest, form: Form) -> str:
    """The form's own, else what was asked for, else what the browser prefers, else the brand's."""
    if form.language in LANGUAGES:
        return form.language
    turned = request.POST.get("turn", "") if request.method == "POST" else ""
    wishes = [turned, request.GET.get("language", ""), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    if request.headers.get("Accept-Language"):
        wishes.append((get_language_from_request(request) or "")[:2])
    return next((one for one in [*wishes, form.brand.language] if one in LANGUAGES), "ar")
