"""What people read of a form: its own words, what is wrong with an answer, and why something was not taken."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from majlis.lib.errors import Refused
from majlis.lib.numbers import shaped

from .answers import Problem
from .fields import Condition, Field, Kind, When, either
from .models import Form


def title(form: Form, language: str) -> str:
    """The heading of its page."""
    return either(form.title_ar, form.title_en, language) or _("Write to us")


def thanks(form: Form, language: str) -> str:
    """What is said when it has come in."""
    return either(form.thanks_ar, form.thanks_en, language) or _("Your message has reached us.")


def label(field: Field, language: str) -> str:
    """What a field is called, by its kind where it has no name."""
    return field.label(language) or kinds()[field.kind]


def kinds() -> dict[Kind, str]:
    """The kinds of fields, in the order they are offered."""
    return {
        Kind.TEXT: pgettext("kind of field", "Short text"),
        Kind.LONG: pgettext("kind of field", "Long text"),
        Kind.CHOICE: pgettext("kind of field", "One of several"),
        Kind.SEVERAL: pgettext("kind of field", "Several of a list"),
        Kind.YES_NO: pgettext("kind of field", "Yes or no"),
        Kind.ORDER: pgettext("kind of field", "Order number"),
        Kind.PHONE: pgettext("kind of field", "Phone number"),
        Kind.EMAIL: pgettext("kind of field", "Email address"),
        Kind.NUMBER: pgettext("kind of field", "Number"),
        Kind.DATE: pgettext("kind of field", "Date"),
        Kind.FILE: pgettext("kind of field", "Files"),
    }


def yes_no() -> tuple[str, str]:
    """The two answers."""
    return pgettext("answer", "Yes"), pgettext("answer", "No")


def condition(asked: Condition, other: Field, language: str) -> str:
    """When a field is to be filled in, for those who see all of them."""
    name = f"\u2068{label(other, language)}\u2069"
    value = asked.value
    if other.kind in (Kind.CHOICE, Kind.SEVERAL):
        words = other.words(language)
        value = words[int(value)] if value.isdecimal() and int(value) < len(words) else value
    elif other.kind == Kind.YES_NO:
        value = yes_no()[value != "yes"]
    said = {"name": name, "value": f"\u2068{value}\u2069"}
    if asked.test == When.FILLED:
        return _("Only if you filled in “%(name)s”.") % said
    if asked.test == When.IS:
        return _("Only if you chose “%(value)s” for “%(name)s”.") % said
    return _("Only if you did not choose “%(value)s” for “%(name)s”.") % said


def problem(found: Problem, *, digits: str) -> str:
    """What is wrong with one answer, and what to do."""
    longest = int(found.data.get("longest", 0))
    most = int(found.data.get("most", 0))
    if found.code == "too_long":
        text = ngettext(
            "Shorten this to %(n)s character at most.", "Shorten this to %(n)s characters at most.", longest
        )
        return text % {"n": shaped(str(longest), digits)}
    if found.code == "too_many_files":
        return ngettext("%(n)s file at most.", "%(n)s files at most.", most) % {
            "n": shaped(str(most), digits)
        }
    return {
        "required": _("This is needed."),
        "not_an_address": _("This is not an email address. Check it for a missing part."),
        "own_address": _("This is our own address. Write yours, so that we can answer you."),
        "not_a_name": _("Write your name here, without a web or email address."),
        "not_a_phone": _("This is not a phone number. Write its digits, with the country's code if you can."),
        "not_a_number": _("Write a number here."),
        "not_an_order": _("An order number has letters, digits and dashes only."),
        "not_a_date": _("This is not a date. Choose one, or write it as year-month-day."),
        "not_offered": _("Choose from what is offered."),
        "file_too_large": _("“%(name)s” is larger than %(most)s MB. Send a smaller one.")
        % {"name": f"\u2068{found.data.get('name', '')}\u2069", "most": shaped(str(most), digits)},
        "files_too_large": _("The files are too large together: %(most)s MB at most.")
        % {"most": shaped(str(most), digits)},
        "file_empty": _("“%(name)s” is empty. Choose it again.")
        % {"name": f"\u2068{found.data.get('name', '')}\u2069"},
        "file_gone": _("A file is not here any more. Choose it again."),
    }[found.code]


def refused(found: Refused, *, digits: str) -> str:
    """Why the whole was not taken, with what to do; nothing typed is lost."""
    if found.code == "too_often":
        raw = found.data.get("seconds")
        minutes = max(1, math.ceil((raw if isinstance(raw, int) else 60) / 60))
        text = ngettext(
            "More messages come in here than we can take at the moment. What you wrote is still here: send it in a minute.",
            "More messages come in here than we can take at the moment. What you wrote is still here: send it in %(n)s minutes.",
            minutes,
        )
        return text % {"n": shaped(str(minutes), digits)}
    return {
        "trapped": _(
            "A field was filled in that people do not see, perhaps by a program that fills in forms. It is empty now: send again."
        ),
        "too_fast": _("That was very quick. Look once more at what you wrote, then send again."),
        "too_old": _(
            "This page was open for more than a day. Everything you wrote is still here: send again."
        ),
        "no_stamp": _("This page was not whole. Everything you wrote is still here: send again."),
        "used": _("A message was sent from this page already. To send another one, send again."),
        "unproven": _(
            "Many messages come in just now, and we could not tell that a person wrote this one. Allow scripts on this page, or send again in ten minutes. What you wrote is still here."
        ),
        "wrong_origin": _("This was sent from another site. Look at it here, then send it from this page."),
        "too_many_parts": _("This was more than the form asks for. Nothing was sent."),
    }[found.code]
