"""The forms of a widget: the few things a new one needs, and all that can be said of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy, pgettext_lazy

from majlis.channels.chat import words
from majlis.channels.chat.models import Widget
from majlis.channels.chat.widgets import LONGEST_GREETING, LONGEST_NAME
from majlis.desk.forms import OWN_NAMES, NumberField, text_field
from majlis.people import brands
from majlis.people.models import Brand, Mailbox

MOST_OFFSET_PX = 200
# Where a refusal of the actions belongs on the page.
FIELD_OF = {
    "empty_name": "name",
    "name_too_long": "name",
    "not_a_site": "sites",
    "too_many_sites": "sites",
}


class NewWidgetForm(forms.Form):
    """Where it stands, and where what is said there goes."""

    name = text_field(
        gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("For the team; visitors never see it."),
    )
    brand = forms.ModelChoiceField(
        label=gettext_lazy("Brand"),
        queryset=Brand.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("Visitors see its name, colour and logo."),
    )
    mailbox = forms.ModelChoiceField(
        label=gettext_lazy("Mailbox"),
        queryset=Mailbox.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("Chats arrive there, and go on by mail from its address."),
    )
    sites = forms.CharField(
        label=gettext_lazy("Address of the site"),
        required=False,
        max_length=4000,
        widget=forms.TextInput(attrs={"placeholder": "shop.example"}),
        help_text=gettext_lazy("Without one the chat works on any site that has its tag."),
    )

    def __init__(self, data: Any, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["brand"].queryset = brands.brands()  # type: ignore[attr-defined]
        self.fields["mailbox"].queryset = Mailbox.objects.order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["mailbox"].label_from_instance = lambda box: box.name  # type: ignore[attr-defined]
        self.fields["sites"].widget.attrs.update(
            dir="ltr", autocomplete="off", spellcheck="false", inputmode="url"
        )

    def said(self) -> dict[str, Any]:
        """What is to be stored, once the form is valid."""
        return {**self.cleaned_data, "sites": self.cleaned_data["sites"].splitlines()}


class WidgetForm(NewWidgetForm):
    """All that can be changed of a widget."""

    is_on = forms.BooleanField(label=gettext_lazy("The chat is offered"), required=False)
    is_for_known = forms.BooleanField(
        label=gettext_lazy("Only for people who are signed in at the site"),
        required=False,
        help_text=gettext_lazy("The site says who they are: see Identity. Others see no button."),
    )
    position = forms.ChoiceField(
        label=pgettext_lazy("widget", "Side of the page"),
        choices=[
            (Widget.Position.END, pgettext_lazy("widget", "Where lines end")),
            (Widget.Position.START, pgettext_lazy("widget", "Where lines begin")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Lines end on the left in Arabic, on the right in English."),
    )
    offset_px = NumberField(
        label=gettext_lazy("Distance from the bottom, in pixels"),
        min_value=0,
        max_value=MOST_OFFSET_PX,
        help_text=gettext_lazy("More, where the site has a bar of its own down there."),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Appearance"),
        choices=[
            (Widget.Theme.AUTO, gettext_lazy("As the device")),
            (Widget.Theme.LIGHT, pgettext_lazy("theme", "Light")),
            (Widget.Theme.DARK, pgettext_lazy("theme", "Dark")),
        ],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("auto", pgettext_lazy("widget", "As the page")), *OWN_NAMES],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A page in neither is met in the visitor's language, else in the brand's."),
    )
    greeting_ar = text_field(
        gettext_lazy("Greeting in Arabic"),
        max_length=LONGEST_GREETING,
        required=False,
        widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"}),
    )
    greeting_en = text_field(
        gettext_lazy("Greeting in English"),
        max_length=LONGEST_GREETING,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "lang": "en"}),
    )

    def __init__(self, data: Any, *, widget: Widget) -> None:
        start = {name: getattr(widget, name) for name in self.base_fields}
        super().__init__(data, initial={**start, "sites": "\n".join(widget.sites)})
        sites = self.fields["sites"]
        sites.label = gettext_lazy("Sites it may stand on")
        sites.help_text = gettext_lazy(
            "One address a line, as in https://shop.example. Without any it works anywhere: then another site may "
            "show your chat as its own."
        )
        attrs = {**sites.widget.attrs, "rows": 3, "placeholder": "https://shop.example"}
        sites.widget = forms.Textarea(attrs=attrs)
        for language in ("ar", "en"):
            with translation.override(language):  # what is said where there is none
                self.fields[f"greeting_{language}"].widget.attrs["placeholder"] = words.words()["help"]
