"""Who did what to the desk itself: newest first, each act a sentence."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis.desk.settings_pages.acts import icon_of, sentence
from majlis.desk.settings_pages.frame import admins_only, page, reader_digits
from majlis.journal import queries as journal
from majlis.journal.kinds import ADMINISTRATIVE
from majlis.people.models import Teammate

SHOWN = 50


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/audit/: `person` and `kind` narrow it, `before` is the last one shown."""
    person, before = number_of(request.GET.get("person")), number_of(request.GET.get("before"))
    kind = request.GET.get("kind", "")
    kind = kind if kind in ADMINISTRATIVE else ""
    found = journal.administrative(before=before, group=kind, person_id=person, limit=SHOWN + 1)
    people = list(Teammate.objects.order_by("name_key", "pk").values_list("pk", "name"))
    names = dict(people)
    digits = reader_digits(request)
    context: dict[str, Any] = {
        "rows": [
            {
                "id": event.pk,
                "at": event.at,
                "text": sentence(event, names, digits=digits),
                "icon": icon_of(event),
            }
            for event in found[:SHOWN]
        ],
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "people": people,
        "kinds": [(key, label) for key, label in _labels().items()],
        "person": person,
        "kind": kind,
        "before": before,
    }
    return page(request, "settings/audit.html", _("Audit"), context=context)


def _labels() -> dict[str, str]:
    return {
        "people": _("Teammates"),
        "access": _("Access"),
        "mailboxes": _("Mailboxes"),
        "teams": _("Teams"),
        "desk": _("Desk"),
    }


def number_of(typed: str | None) -> int | None:
    """A number of an address; what is none narrows nothing."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 19 else None
