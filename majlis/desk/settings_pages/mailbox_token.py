"""The part of the mailbox form that says how it is signed in to: by password, or with a service's account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.channels.actions import sign_in
from majlis.channels.email.xoauth2 import Bearer
from majlis.channels.models import MailConnection
from majlis.channels.oauth import renewing
from majlis.channels.oauth.clients import set_up
from majlis.channels.oauth.models import OAuthGrant
from majlis.channels.oauth.providers import OTHER, takes_tokens
from majlis.channels.problems import ConnectionProblem
from majlis.desk.forms import address_field
from majlis.people.models import Mailbox, Teammate

PASSWORD = "password"  # noqa: S105 - a choice, not a password
CHOICES = [
    (PASSWORD, gettext_lazy("Password")),
    ("google", gettext_lazy("Sign in with Google")),
    ("microsoft", gettext_lazy("Sign in with Microsoft")),
    (OTHER, gettext_lazy("Sign in with another service")),
]


def fields(connection: MailConnection | None) -> dict[str, forms.Field]:
    """How it is signed in to, and as whom."""
    grant = _grant(connection)
    account = address_field(
        gettext_lazy("Account that signs in"),
        required=False,
        initial=grant.account if grant else "",
        help_text=gettext_lazy(
            "Only when it is another than the user name, as with a shared mailbox that a colleague may open."
        ),
    )
    return {
        # Not required: a form without it is a form with passwords.
        "sign_in": forms.ChoiceField(
            label=gettext_lazy("Way of signing in"),
            choices=CHOICES,
            required=False,
            initial=grant.provider if grant else PASSWORD,
        ),
        "account": account,
    }


def lets_in(said: Mapping[str, Any], side: str) -> bool:
    """Claims that the server of this side ("in", "smtp") is signed in to by token, not by password."""
    provider = said.get("sign_in") or PASSWORD
    if provider == PASSWORD:
        return False
    return provider == OTHER or takes_tokens(provider, said.get(f"{side}_host") or "")


def bearer_of(connection: MailConnection | None, said: Mapping[str, Any], side: str) -> Bearer | None:
    """What a test of the form signs in with. Raises ConnectionProblem: oauth_first, sign_in_again."""
    grant = _grant(connection)
    if connection is None or grant is None or grant.provider != said["sign_in"] or not grant.refresh_token:
        raise ConnectionProblem("oauth_first")
    return renewing.bearer(connection, said[f"{side}_host"])


def choose(mailbox: Mailbox, by: Teammate, said: Mapping[str, Any]) -> None:
    """Store how it is signed in to. Raises Refused as the actions do."""
    if "sign_in" not in said:
        return
    if (said["sign_in"] or PASSWORD) == PASSWORD:
        sign_in.use_password(mailbox, by)
    else:
        sign_in.choose(mailbox, by, provider=said["sign_in"], account=said.get("account", ""))


def next_page(mailbox: Mailbox | None, said: Mapping[str, Any]) -> str:
    """Where somebody signs in, when that is what comes next; else empty."""
    if mailbox is None or (said.get("sign_in") or PASSWORD) == PASSWORD:
        return ""
    waits = OAuthGrant.objects.filter(connection__mailbox=mailbox, refresh_token="").exists()
    return reverse("settings_mailbox_sign_in", args=[mailbox.pk]) if waits else ""


def hint(provider: str) -> str:
    """What has to be there before somebody can sign in with `provider`."""
    if provider in set_up():
        return _("Save the mailbox; then you sign in with its account.")
    return _(
        "This needs a client ID of your own once, entered under Sign-in services. With an app password it works too: "
        "choose Password."
    )


def _grant(connection: MailConnection | None) -> OAuthGrant | None:
    return getattr(connection, "grant", None) if connection is not None else None
