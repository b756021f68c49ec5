"""Why a form was not saved, in words."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from majlis.channels.forms.making import Shape
from majlis.channels.forms.shown import label
from majlis.lib.errors import Refused
from majlis.lib.numbers import shaped


def refused_words(refused: Refused, shape: Shape, *, digits: str) -> str:
    """What is wrong, and with which field."""
    data = refused.data
    number = data.get("number")
    field = shape.fields[number] if isinstance(number, int) and number < len(shape.fields) else None
    named = label(field, (get_language() or "ar")[:2]) if field else ""
    said = {
        "field": f"\u2068{named}\u2069",
        "name": f"\u2068{data.get('name', '')}\u2069",
        "longest": shaped(str(data.get("longest", "")), digits),
        "most": shaped(str(data.get("most", "")), digits),
    }
    return {
        "not_allowed": _("Only owners and admins may do this."),
        "empty_name": _("Write a name for the form. Only your team reads it."),
        "name_too_long": _("A name may have %(longest)s letters at most."),
        "text_too_long": _("One of the texts is too long: %(longest)s letters at most."),
        "no_such_brand": _("Choose the brand it belongs to."),
        "no_such_mailbox": _("Choose the mailbox its messages come to."),
        "no_such_language": _("Choose a language."),
        "not_a_site": _("%(name)s is not the address of a site. Write it like https://shop.example."),
        "too_many_sites": _("%(most)s sites at most."),
        "too_many_fields": _("%(most)s fields at most. Nobody fills in more."),
        "no_message": _("The field for the message is missing. Reload the page."),
        "field_key": _(
            "“%(field)s”: a short name has small Latin letters, digits and _, and begins with a letter."
        ),
        "field_key_taken": _("“%(field)s”: another field has the same short name."),
        "field_options": _("“%(field)s”: write two options at least and %(most)s at most, each on a line."),
        "field_too_long": _("“%(field)s”: its words are too long."),
        "field_condition": _(
            "“%(field)s” hangs on an answer that stands below it or is gone. Move it down, or choose another condition."
        ),
    }[refused.code] % said
