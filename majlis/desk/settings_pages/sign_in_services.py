"""Sign-in services: the installation's own clients at Google, Microsoft and others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from majlis.channels.actions import sign_in_services
from majlis.channels.actions.sign_in_services import ClientShape
from majlis.channels.oauth.models import OAuthClient, Provider
from majlis.channels.oauth.providers import MICROSOFT, OTHER, may_redirect_to
from majlis.desk.asking import me
from majlis.desk.forms import text_field
from majlis.desk.settings_pages.frame import admins_only, page
from majlis.desk.settings_pages.mailbox_sign_in import NOWHERE, callback_url
from majlis.lib.errors import Refused

_ADDRESSES = ("authorize_url", "token_url", "device_url")


class ServiceForm(forms.Form):
    """A client at one service. Its secret is never shown again."""

    client_id = text_field(gettext_lazy("Client ID"), max_length=500)
    client_secret = forms.CharField(
        label=gettext_lazy("Client secret"), strip=True, required=False, max_length=2000
    )
    is_public = forms.BooleanField(label=gettext_lazy("The client has no secret"), required=False)

    def __init__(self, provider: str, row: OAuthClient | None, data: Any = None) -> None:
        names = ("client_id", "tenant", "scopes", *_ADDRESSES)
        start = {name: getattr(row, name) for name in names} if row else {}
        super().__init__(data, initial=start, prefix=provider)
        self.row = row
        self.initial["is_public"] = row is not None and not row.client_secret
        self.fields["client_secret"].widget = forms.PasswordInput()
        if row is not None and row.client_secret:
            self.fields["client_secret"].help_text = _("Leave it empty to keep the stored one.")
        if provider == MICROSOFT:
            self.fields["tenant"] = text_field(
                gettext_lazy("Directory (tenant) ID"),
                required=False,
                help_text=gettext_lazy("Empty for accounts of any organisation and personal ones."),
            )
        if provider == OTHER:
            labels = (_("Authorisation address"), _("Token address"), _("Device authorisation address"))
            for name, label in zip(_ADDRESSES, labels, strict=True):
                self.fields[name] = text_field(label, max_length=500, required=name != "device_url")
            self.fields["scopes"] = text_field(_("Scopes"), max_length=500, required=False)
        for name in ("client_id", "client_secret", "tenant", "scopes", *_ADDRESSES):
            if name in self.fields:
                self.fields[name].widget.attrs.update(dir="ltr", autocomplete="off", spellcheck="false")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        has_stored = self.row is not None and bool(self.row.client_secret)
        if not said.get("client_secret") and not said.get("is_public") and not has_stored:
            self.add_error("client_secret", _("Write the secret, or say that the client has none."))
        tenant = said.get("tenant", "")
        if not all(letter.isalnum() or letter in "-." for letter in tenant) or not tenant.isascii():
            self.add_error("tenant", _("A directory ID has letters, digits, dots and dashes only."))
        return said

    def shape(self) -> ClientShape:
        """What is to be stored, once the form is valid."""
        return ClientShape(**self.cleaned_data)


@require_safe
@admins_only
def listed(request: HttpRequest) -> HttpResponse:
    """/settings/mailboxes/services/"""
    return _page(request, {})


@require_POST
@sensitive_post_parameters()
@admins_only
def save(request: HttpRequest, provider: str) -> HttpResponse:
    """POST /settings/mailboxes/services/<provider>"""
    form = ServiceForm(_known(provider), _row(provider), request.POST)
    if form.is_valid():
        try:
            sign_in_services.save(me(request), provider, form.shape())
        except Refused as refused:
            name = str(refused.data.get("name", "client_secret"))
            form.add_error(name if name in form.fields else None, _words(refused))
        else:
            messages.success(request, _("Saved. Mailboxes can be signed in to with it now."))
            return redirect("settings_services")
    return _page(request, {provider: form}, status=422)


@require_POST
@admins_only
def remove(request: HttpRequest, provider: str) -> HttpResponse:
    """POST /settings/mailboxes/services/<provider>/removal"""
    try:
        sign_in_services.remove(me(request), _known(provider))
        messages.success(request, _("The service is removed."))
    except Refused as refused:
        messages.error(request, _words(refused))
    return redirect("settings_services")


def _page(request: HttpRequest, said: dict[str, ServiceForm], *, status: int = 200) -> HttpResponse:
    rows = {row.provider: row for row in OAuthClient.objects.all()}
    services = [
        {
            "provider": provider,
            "label": provider.label,
            "row": rows.get(provider),
            "form": said.get(provider) or ServiceForm(provider, rows.get(provider)),
            "comes_back": may_redirect_to(provider, callback_url()),
        }
        for provider in Provider
    ]
    context = {"services": services, "callback_url": callback_url(), "nowhere": NOWHERE}
    return page(request, "settings/services.html", _("Sign-in services"), context=context, status=status)


def _known(provider: str) -> str:
    if provider not in Provider.values:
        raise Http404
    return provider


def _row(provider: str) -> OAuthClient | None:
    return OAuthClient.objects.filter(provider=provider).first()


def _words(refused: Refused) -> str:
    return {
        "unsafe_address": _("Write an address that begins with https."),
        "secret_again": _("Write the secret again, because the client or its address changed."),
        "in_use": _("Mailboxes sign in with it. Choose another way in their settings first."),
        "not_found": _("This service is not set up."),
    }.get(refused.code, _("Only owners and admins may do this."))
