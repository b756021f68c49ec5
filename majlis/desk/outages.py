"""What is answered while the database is away or a disk is full: plain words, and what was typed stays where it is."""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from majlis.lib import full

log = logging.getLogger(__name__)

_AGAIN_AFTER_SECONDS = 5
# PostgreSQL's classes of errors: connection, resources, shutdown, system.
_OUTAGES = ("08", "53", "57", "58")


def broken(request: HttpRequest) -> HttpResponseBase:
    """The answer to whatever a page raised (`handler500`): 503 with words for an outage, else the page for a fault."""
    error = sys.exc_info()[1]
    code = "" if error is None else kind(error)
    if not code:
        return server_error(request)
    log.warning("%s %s was not answered (%s): %s", request.method, request.path, code, str(error).strip())
    with translation.override(_language(request)):
        response = _fragment(code) if _is_for_script(request) else _page(code)
    response["Retry-After"] = str(_AGAIN_AFTER_SECONDS)
    response["X-Majlis-Refused"] = code
    # Said above in one line: Django would put a traceback into the log for every page that is asked for meanwhile.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def kind(error: BaseException) -> str:
    """`disk_full`, `database_away`, or "" for what is no outage."""
    if full.is_disk_full(error):
        return "disk_full"
    if not isinstance(error, OperationalError | InterfaceError):
        return ""
    state = str(getattr(error.__cause__, "sqlstate", None) or "")
    return "database_away" if not state or state[:2] in _OUTAGES else ""


def words(code: str) -> tuple[str, str]:
    """What is the matter, and what that means."""
    if code == "disk_full":
        return (
            _("There is no room left on the server's disk"),
            _("Nothing new can be kept until somebody makes room there."),
        )
    return _("The database does not answer"), _("Nothing can be read or kept until it does.")


def _shown(template: str, **values: str) -> HttpResponse:
    """Without the request: whoever asks cannot be looked up now."""
    return HttpResponse(engines["jinja2"].get_template(template).render(values), status=503)


def _fragment(code: str) -> HttpResponse:
    said = " ".join(
        [f"{words(code)[0]}.", words(code)[1], _("What you typed stays here; try again in a moment.")]
    )
    return _shown("desk/_refused.html", message=said, code=code)


def _page(code: str) -> HttpResponse:
    heading, text = words(code)
    return _shown("outage.html", heading=heading, text=text, code=code)


def _is_for_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _language(request: HttpRequest) -> str:
    """The reader's where it was found out before, else the browser's."""
    codes = [code for code, _name in settings.LANGUAGES]
    if getattr(request, "has_language", False):
        return translation.get_language()
    wishes = (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), settings.LANGUAGE_CODE)
    return next(code for code in wishes if code in codes)
