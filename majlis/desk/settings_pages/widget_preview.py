"""A widget as visitors will see it: the real one on a page of ours, which answers it with samples and keeps nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis.channels.chat import telling, words
from majlis.channels.chat.models import Widget
from majlis.desk.settings_pages.brand_form import logo_of, tone
from majlis.desk.settings_pages.frame import admins_only
from majlis.lib.numbers import system
from majlis.people import brands, queries
from majlis.people.called import name_of

LANGUAGES = ("ar", "en")


@require_safe
@admins_only
def preview(request: HttpRequest, widget_id: int) -> HttpResponse:
    """/settings/widgets/<id>/preview: stands in a frame of the widget's page, which tells it what to show."""
    widget = get_object_or_404(Widget.objects.select_related("brand"), pk=widget_id)
    sample = {
        "loader": static("majlis/widget/loader.js"),
        "panel": static("majlis/widget/panel.js"),
        "by_language": {language: _said(widget, language) for language in LANGUAGES},
    }
    response = render(request, "settings/widget_preview.html", {"sample": sample})
    # The widget's page shows it in a frame; nobody else may.
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def brands_shown() -> dict[str, dict[str, Any]]:
    """What the preview needs of each brand, by its id: {name: {ar, en}, colour, on, language, logo}."""
    return {
        str(brand.pk): {
            "name": {language: brand.name_for(language) for language in LANGUAGES},
            "colour": brand.colour,
            "on": tone(brand.colour)["on"],
            "language": brand.language,
            "logo": logo_of(brand),
        }
        for brand in brands.brands()
    }


def _said(widget: Widget, language: str) -> dict[str, Any]:
    """All that the desk would say to a visitor who reads `language`, with made-up words of theirs and ours."""
    installation, now = queries.installation(), timezone.now()
    with translation.override(language):
        people = [
            telling.person(one, language=language) for one in queries.teammates_seeing(widget.mailbox_id)[:3]
        ]
        said = [
            ("me", _("Hello, when does my order arrive?")),
            ("team", _("Hello! It is on its way and arrives tomorrow. Is there anything else?")),
            ("me", _("No, that was all. Thank you!")),
        ]
        return {
            "first_words": words.first_words(),
            "words": words.words(),
            "digits": system(language, "auto", installation.region if installation else ""),
            "team": name_of(installation),
            "people": people,
            "away": _("We are away now and answer tomorrow morning."),
            "file": _("Files go nowhere in a preview."),
            "entries": [
                {
                    "seq": seq,
                    "at": (now - timedelta(minutes=9 - 3 * seq)).isoformat(),
                    "who": who,
                    **(people[0] if who == "team" and people else {"name": "", "picture": None}),
                    "body": [["p", {"dir": "auto"}, text]],
                    "files": [],
                    "via": "chat",
                }
                for seq, (who, text) in enumerate(said, start=1)
            ],
        }
