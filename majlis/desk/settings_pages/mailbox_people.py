"""Whose a mailbox is: who sees it, the team that answers, and what stands below its replies."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from majlis.desk.forms import signature_field
from majlis.lib.html import to_text
from majlis.people import queries
from majlis.people.models import Mailbox, Role, Signature, Team, Teammate


def access_field(mailbox: Mailbox | None) -> forms.Field:
    """Who sees the mailbox besides owners and admins."""
    people = Teammate.objects.filter(is_active=True).exclude(role__in=[Role.OWNER, Role.ADMIN])
    given = mailbox.accesses.values_list("teammate_id", flat=True) if mailbox else ()
    return forms.TypedMultipleChoiceField(
        label=_("Who sees it"),
        required=False,
        coerce=int,
        choices=[(one.pk, one.name) for one in people.order_by("name_key", "pk")],
        initial=list(given),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Owners and admins see every mailbox."),
    )


def team_field(mailbox: Mailbox | None) -> forms.Field:
    """Who answers it. A new mailbox is the first team's unless somebody says otherwise."""
    first = queries.first_team()
    return forms.TypedChoiceField(
        label=pgettext("mailbox", "Team"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("No team")), *Team.objects.order_by("name", "pk").values_list("pk", "name")],
        initial=mailbox.team_id if mailbox else first.pk if first else None,
    )


def written_below(mailbox: Mailbox | None) -> forms.Field:
    """The signature of whoever has none of their own."""
    html = Signature.objects.filter(mailbox=mailbox).values_list("html", flat=True).first() if mailbox else ""
    return signature_field(
        _("Signature"),
        initial=to_text(html or ""),
        help_text=_(
            "Stands under replies of whoever has none of their own."
            " {name} becomes the writer's name, {team} what the team is called."
        ),
    )
