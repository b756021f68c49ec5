"""What a folded piece of a mail is called, in the reader's language."""

from __future__ import annotations

from html import escape

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _


def words(*, has_signature: bool, has_quotation: bool) -> str:
    """What is in it: a signature, a quotation, or both."""
    if has_signature and has_quotation:
        return _("Signature and quoted text")
    return _("Signature") if has_signature else _("Quoted text")


def opening(has_signature: bool, has_quotation: bool) -> str:
    """The beginning of a folded part, as HTML for the frame a mail is shown in, whose language is its writer's."""
    way = "rtl" if get_language_bidi() else "ltr"
    called = escape(words(has_signature=has_signature, has_quotation=has_quotation))
    return f'<details class="folded" dir="{way}"><summary lang="{get_language()}">{called}</summary>'
