"""Signing in with allauth: nobody signs up, and its mail and messages are in our words."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.views import (
    LoginView,
    PasswordChangeView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from majlis.channels.letters import has_way_out
from majlis.desk.forms import PASSWORD_HELP
from majlis.desk.limits import too_many, wait_seconds
from majlis.desk.middleware import LANGUAGES, public, remember_language
from majlis.people import queries
from majlis.people.actions.teammates import set_language
from majlis.people.called import name_of
from majlis.people.models import Teammate
from majlis.people.sessions import teammate_of

_SAID = {"account/messages/password_changed.txt": gettext_lazy("Your password was changed.")}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's questions, answered for one company that invites its people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings_profile")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for each account, by whatever name of this host it is tried."""
        return str(credentials.get("email", "")).strip().lower()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try, by address and by account; refuses it in words that say when to try again."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        waits = wait_seconds(request, "login_failed", key=key)
        if waits:
            raise ValidationError(too_many(waits), code="too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "too_many_login_attempts":
            return ValidationError(too_many(60), code=code)
        return cast(ValidationError, super().validation_error(code, *args))

    def send_password_reset_mail(self, user: Teammate, email: str, context: dict[str, Any]) -> None:
        """The link, in the teammate's own language, by the one way anything leaves."""
        installation = queries.installation()
        company = installation.company if installation else ""
        with translation.override(user.language):
            subject = _("Choose a new password")
            text = _(
                "Hello %(name)s,\n\nsomebody asked for a new password for your desk at %(company)s (%(called)s). "
                "Choose it here:\n\n%(url)s\n\nIf it was not you, do nothing: your password stays as it is."
            ) % {
                "name": user.name_for(user.language),
                "company": company,
                "called": name_of(installation),
                "url": context["password_reset_url"],
            }
        EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [user.email]).send()

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Only what is worth saying: that somebody signed in, the page itself says."""
        if message_template in _SAID:
            messages.add_message(request, level, str(_SAID[message_template]))


class SignInForm(LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, login=_("Email address"), password=_("Password"))


class AskResetForm(ResetPasswordForm):  # type: ignore[misc]
    """The address alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, email=_("Email address"))


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password1=_("New password"), password2=_("New password again"))
        self.fields["password1"].help_text = PASSWORD_HELP


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The password of now, then a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self,
            oldpassword=_("Current password"),
            password1=_("New password"),
            password2=_("New password again"),
        )
        self.fields["password1"].help_text = PASSWORD_HELP


class SignIn(LoginView):  # type: ignore[misc]
    """The page before every other."""

    form_class = SignInForm


class AskReset(PasswordResetView):  # type: ignore[misc]
    """Asking for a link by mail; without a way out for mail it says who can help instead."""

    form_class = AskResetForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "can_send": has_way_out()}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Known and unknown addresses are counted alike, so that neither the answer nor its limit tells them apart."""
        waits = wait_seconds(self.request, "reset_password", key=form.cleaned_data["email"].lower())
        if not waits:
            return cast(HttpResponse, super().form_valid(form))
        form.add_error(None, too_many(waits))
        response = cast(HttpResponse, self.form_invalid(form))
        response.status_code = 429
        return response


class NewPassword(PasswordResetFromKeyView):  # type: ignore[misc]
    """Where the mailed link leads."""

    form_class = NewPasswordForm


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    """From the profile."""

    form_class = PasswordForm


def _say(form: forms.Form, **labels: str) -> None:
    """Our labels, and no placeholders that repeat them."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseRedirect:
    """POST /language: `language`, and `next` to go back to. A teammate's choice is theirs everywhere."""
    code = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    if code in LANGUAGES:
        remember_language(response, code)
        teammate = teammate_of(request)
        if teammate is not None:
            set_language(teammate, code)
    return response
