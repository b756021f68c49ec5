"""The form of a brand, and how a colour and a logo of one are shown."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from majlis.channels.chat import tokens
from majlis.desk.forms import OWN_NAMES, text_field
from majlis.lib.contrast import contrast, readable_on
from majlis.lib.numbers import ascii_digits
from majlis.people.actions.brands import LONGEST_NAME
from majlis.people.models import Brand, Mailbox
from majlis.people.models.brand import COLOUR

READABLE = 4.5  # WCAG 2.2, 1.4.3: text of the usual size
_SHORT = re.compile(r"#?([0-9a-f])([0-9a-f])([0-9a-f])")
_LONG = re.compile(r"#?([0-9a-f]{6})")
# Where a refusal of the actions belongs on the page.
FIELD_OF = {
    "empty_name": "name",
    "name_too_long": "name",
    "name_taken": "name",
    "not_a_colour": "colour",
    "no_such_language": "language",
}


class ColourField(forms.CharField):
    """A colour as people write one: #0f6b74, 0F6B74 or #abc; what is none is left for the action to refuse."""

    def to_python(self, value: Any) -> str:
        typed = ascii_digits(super().to_python(value) or "").lower()
        if short := _SHORT.fullmatch(typed):
            return "#" + "".join(letter * 2 for letter in short.groups())
        return f"#{long[1]}" if (long := _LONG.fullmatch(typed)) else typed


class BrandForm(forms.Form):
    """What a brand is called, its colour and language, and, but for the house's own, which mailboxes belong to it."""

    name = text_field(
        gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Customers read it in the chat and above forms."),
    )
    name_latin = text_field(
        gettext_lazy("Name in Latin letters"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy("For customers who read English."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=OWN_NAMES,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Spoken to customers whose own language is neither."),
    )
    colour = ColourField(
        label=gettext_lazy("Colour"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Six letters and digits after #, as in #0f6b74."),
    )
    mailboxes = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("brand", "Mailboxes"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("A mailbox belongs to one brand. Those of none belong to the house's own."),
    )

    def __init__(self, data: Any, *, brand: Brand | None, is_house: bool = False) -> None:
        start: dict[str, Any] = {"colour": COLOUR, "language": "ar"}
        if brand is not None:
            start = {name: getattr(brand, name) for name in ("name", "name_latin", "colour", "language")}
            start["mailboxes"] = [box.pk for box in brand.mailboxes.all()]
        super().__init__(data, initial=start)
        boxes = [
            (box.pk, _of_another(box, brand))
            for box in Mailbox.objects.select_related("brand").order_by("name", "pk")
        ]
        if is_house or not boxes:
            del self.fields["mailboxes"]
        else:
            self.fields["mailboxes"].choices = boxes  # type: ignore[attr-defined]

    @property
    def tone(self) -> dict[str, Any]:
        """How the colour that stands in the field is shown; that of before where it is none."""
        typed = ColourField().clean(str(self["colour"].value() or COLOUR))
        return tone(typed if re.fullmatch("#[0-9a-f]{6}", typed) else str(self.initial["colour"]))


def tone(colour: str) -> dict[str, Any]:
    """A colour (#rrggbb) with the one of text on it, their contrast (1 to 21), and whether it is enough to read."""
    on = readable_on(colour)
    found = contrast(colour, on)
    return {"colour": colour, "on": on, "contrast": int(found * 10) / 10, "is_readable": found >= READABLE}


def logo_of(brand: Brand) -> str | None:
    """Where a brand's logo is fetched; None without one."""
    if brand.logo_id is None:
        return None
    return reverse("chat_file", args=[tokens.link(l=brand.pk, f=brand.logo_id)])


def _of_another(box: Mailbox, brand: Brand | None) -> str:
    if box.brand is None or box.brand == brand:
        return box.name
    return _("%(mailbox)s (now with %(brand)s)") % {
        "mailbox": f"\u2068{box.name}\u2069",
        "brand": f"\u2068{box.brand.name}\u2069",
    }
