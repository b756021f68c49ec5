"""The conditions of a channel's rule in words: what was asked for, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from babel.lists import format_list
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from majlis.channels.showing import Ask, Decision, Joined, Reason
from majlis.lib.numbers import locale_for

# What may be chosen of somebody, by group; the two languages are choices of their own.
CHOICES: list[tuple[str | Promise, list[tuple[str, str | Promise]]]] = [
    (
        gettext_lazy("Who they are"),
        [
            ("known", gettext_lazy("Signed in at your site")),
            ("unknown", gettext_lazy("Not signed in at your site")),
            ("language_is:ar", gettext_lazy("Writes Arabic")),
            ("language_is:en", gettext_lazy("Writes English")),
            ("company_is", gettext_lazy("Works at …")),
            ("company_is_not", gettext_lazy("Works elsewhere than at …")),
        ],
    ),
    (
        gettext_lazy("Plan and payment"),
        [
            ("plan_is", gettext_lazy("Is on the plan …")),
            ("plan_is_not", gettext_lazy("Is on another plan than …")),
            ("pays", gettext_lazy("Pays something")),
        ],
    ),
    (
        gettext_lazy("What you keep of them"),
        [
            ("attribute_is", gettext_lazy("The attribute … is …")),
            ("attribute_is_not", gettext_lazy("The attribute … is not …")),
            ("attribute_contains", gettext_lazy("The attribute … contains …")),
            ("attribute_at_least", gettext_lazy("The attribute … is at least …")),
            ("tagged", gettext_lazy("A conversation of theirs has the tag …")),
        ],
    ),
]


def told(decision: Decision) -> list[dict[str, Any]]:
    """Each reason of a decision: `holds`, `asked` and `found` (a sentence, or empty), `is_enough` (one of several is)."""
    several = sum(one.part == "customer" for one in decision.reasons) > 1
    return [
        {
            "holds": one.holds,
            "asked": asked(one),
            "found": found(one),
            "is_enough": several and decision.joined == Joined.ANY and one.part == "customer",
        }
        for one in decision.reasons
    ]


def asked(reason: Reason) -> str:
    """What a condition asks for."""
    said = {
        "name": _apart(str(reason.data.get("name", ""))),
        "values": _either(reason.data.get("values", ())),
    }
    if reason.part == "page":
        said["values"] = _either(reason.data["values"], _address)
    if reason.code == Ask.LANGUAGE_IS:
        said["values"] = _either([_language(value) for value in reason.data["values"]])
    return {
        "on": _("It is switched on") if reason.holds else _("It is switched off"),
        "signed_in": _("Signed in at your site"),
        "known": _("Signed in at your site"),
        "unknown": _("Not signed in at your site"),
        "plan_is": _("On the plan %(values)s"),
        "plan_is_not": _("On another plan than %(values)s"),
        "pays": _("Pays something"),
        "company_is": _("Works at %(values)s"),
        "company_is_not": _("Works elsewhere than at %(values)s"),
        "language_is": _("Writes %(values)s"),
        "tagged": _("A conversation of theirs has the tag %(values)s"),
        "attribute_is": _("%(name)s is %(values)s"),
        "attribute_is_not": _("%(name)s is not %(values)s"),
        "attribute_contains": _("%(name)s contains %(values)s"),
        "attribute_at_least": _("%(name)s is at least %(values)s"),
        "shown_on": _("On a page like %(values)s"),
        "never_on": _("Not on a page like %(values)s"),
        "hours_open": _("Within your hours"),
        "hours_closed": _("Outside your hours"),
    }[reason.code] % said


def found(reason: Reason) -> str:
    """What there was instead, or that nothing is known."""
    value = reason.data.get("found")
    if reason.part == "channel" or reason.code in (Ask.KNOWN, Ask.UNKNOWN):
        return ""
    if reason.part == "hours":
        if value is None:
            return _("No hours are set, so they keep nobody out.")
        return _("Somebody is there then.") if value else _("Nobody is there then.")
    if reason.part == "page":
        page = str(reason.data.get("page", ""))
        return _address(page) if page else _("No page is known.")
    if value is None:
        return _("Nobody knows who it is.")
    if reason.code == Ask.TAGGED:
        return _either(value) if value else _("None of theirs has it.")
    if not value:
        return _("Nothing is known of that.")
    return _language(str(value)) if reason.code == Ask.LANGUAGE_IS else _apart(str(value))


def _language(code: str) -> str:
    names = locale_for((get_language() or "ar")[:2]).languages
    return str(names.get(code.partition("-")[0], code))


def _apart(text: str) -> str:
    """What people typed, in the direction of its own."""
    return f"\u2068{text}\u2069" if text else ""


def _address(text: str) -> str:
    """A page's address or a pattern of it: from left to right, whatever letters stand in it."""
    return f"\u2066{text}\u2069" if text else ""


def _either(values: Iterable[object], isolated: Callable[[str], str] = _apart) -> str:
    shown: Sequence[str] = [isolated(str(value)) for value in values]
    if len(shown) > 5:
        shown = [*shown[:4], pgettext("a list", "others")]
    return format_list(shown, style="or", locale=locale_for((get_language() or "ar")[:2])) if shown else ""


def refused(code: str, data: Mapping[str, object]) -> str:
    """Why something typed makes no rule; empty for what is no refusal of a rule."""
    known = {**data, "name": _apart(str(data.get("name", "")))}
    return {
        "too_many_conditions": _("A rule may have %(most)s conditions at most."),
        "no_attribute_name": _("Write the name of the attribute."),
        "no_value": _("Write what it is compared with."),
        "not_a_number": _("Write one number, for example 10."),
        "value_too_long": _("Each may have %(longest)s letters at most."),
        "too_many_values": _("%(most)s values at most; part them by commas."),
        "not_a_page": _("%(name)s is no page. Write it like /checkout/* or shop.example/checkout/*."),
        "too_many_pages": _("%(most)s pages at most."),
        "no_such_choice": _("There is no such choice. Reload the page."),
    }.get(code, "") % known
