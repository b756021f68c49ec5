"""A refused action in plain words, with what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from majlis.lib.errors import Refused

STATUS = {"newer_entry": 409, "already_sent": 409, "not_yours": 403, "not_found": 404, "no_access": 422}


def words(refused: Refused) -> str:
    """The sentence a person reads for a refusal."""
    name = str(refused.data.get("name", ""))
    return {
        "empty": _("Write something first."),
        "newer_entry": _("A newer message arrived before yours left. Read it, then send again."),
        "already_sent": _("Too late to undo: the reply has left."),
        "not_found": _("This conversation does not exist, or you may not see it."),
        "no_access": _("%(name)s may not see this mailbox. Give access in the settings first.")
        % {"name": name},
        "inactive": _("The account of %(name)s is closed.") % {"name": name},
        "no_such_teammate": _("This teammate does not exist any more. Reload the page."),
        "no_such_status": _("There is no such status. Reload the page."),
        "too_long": _("A tag may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", 60)},
        "too_large": _("The files are too large together: %(most)s MB at most.")
        % {"most": refused.data.get("most", 25)},
        "no_recipient": _("The customer has no address to write to."),
        "not_a_number": _("A number was expected. Reload the page."),
        "not_yours": _("Only the person who wrote a reply can take it back."),
        "not_failed": _("This reply is on its way or settled already. Reload the page."),
        "not_held": _("This reply is settled already. Reload the page."),
    }.get(refused.code, _("That did not work. Reload the page and try again."))


def answer(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The refusal as a fragment; what was typed stays on the page."""
    response = render(
        request,
        "desk/_refused.html",
        {"message": words(refused), "code": refused.code},
        status=STATUS.get(refused.code, 422),
    )
    response["X-Majlis-Refused"] = refused.code
    return response
