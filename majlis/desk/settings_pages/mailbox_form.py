"""The form of a mailbox, in the first run and in the settings: who it is, and how mail comes and goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from majlis.channels.actions.connect import Shape
from majlis.channels.connections import imap_settings
from majlis.channels.email import mailserver, popserver, sending
from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.email.providers import Servers, by_pop3, guess
from majlis.channels.email.sending import SmtpSettings
from majlis.channels.models import MailConnection, Protocol
from majlis.channels.problems import explain
from majlis.channels.queries import smtp_settings
from majlis.desk.forms import NumberField, address_field, text_field
from majlis.desk.settings_pages import mailbox_token
from majlis.desk.settings_pages.mailbox_people import access_field, team_field, written_below
from majlis.lib.errors import DeliveryError
from majlis.people.models import Mailbox

SECURITY = [
    ("tls", gettext_lazy("TLS from the start")),
    ("starttls", gettext_lazy("STARTTLS")),
    ("none", gettext_lazy("No encryption")),
]
TEST_SECONDS = 10.0
IN = ("in_host", "in_port", "in_security", "in_user", "in_password", "in_folder")
OUT = ("smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password")


@dataclass(frozen=True, slots=True)
class Probe:
    """What a test of one side found. `side` is "in" or "smtp"."""

    side: str
    is_ok: bool
    text: str


class MailboxForm(forms.Form):
    """Everything about a mailbox; who answers it, its signature and who sees it only `with_access`. A side without a host is not used."""

    name = text_field(gettext_lazy("Name of the mailbox"))
    address = address_field(gettext_lazy("Its address"))
    protocol = forms.ChoiceField(label=gettext_lazy("Fetched by"), choices=Protocol.choices, required=False)
    in_host = text_field(gettext_lazy("Server"), max_length=253, required=False)
    in_port = NumberField(label=gettext_lazy("Port"), min_value=1, max_value=65535)
    in_security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=SECURITY)
    in_user = text_field(gettext_lazy("User name"), max_length=254, required=False)
    in_password = forms.CharField(label=gettext_lazy("Password"), strip=False, required=False)
    in_folder = text_field(pgettext_lazy("mail", "Folder"), max_length=250)
    scope = forms.ChoiceField(
        label=gettext_lazy("Which mail"),
        choices=[
            ("new", gettext_lazy("New mail from now on")),
            ("older", gettext_lazy("Older mail too")),
        ],
        widget=forms.RadioSelect,
    )
    older_since_on = forms.DateField(
        label=gettext_lazy("Older mail since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "Older mail arrives as closed conversations and nobody is answered automatically."
        ),
    )
    smtp_host = text_field(gettext_lazy("Server"), max_length=253, required=False)
    smtp_port = NumberField(label=gettext_lazy("Port"), min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=SECURITY)
    smtp_user = text_field(gettext_lazy("User name"), max_length=254, required=False)
    smtp_password = forms.CharField(label=gettext_lazy("Password"), strip=False, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        mailbox: Mailbox | None = None,
        connection: MailConnection | None = None,
        with_access: bool = False,
    ) -> None:
        super().__init__(data, initial=_initial(mailbox, connection))
        self.connection = connection
        self.saved = mailbox
        if with_access:
            self.fields["team"] = team_field(mailbox)
            self.fields["signature"] = written_below(mailbox)
            self.fields["teammates"] = access_field(mailbox)
            self.fields |= mailbox_token.fields(connection)
        for side, saved in (
            ("in", bool(connection and connection.in_password)),
            ("smtp", bool(connection and connection.smtp_password)),
        ):
            # What was typed comes back with an error; a stored password is never sent to a browser.
            widget = forms.PasswordInput(render_value=True, attrs={"autocomplete": "off", "dir": "ltr"})
            self.fields[f"{side}_password"].widget = widget
            if saved:
                self.fields[f"{side}_password"].help_text = _("Leave it empty to keep the stored one.")
            for name in ("host", "user"):
                self.fields[f"{side}_{name}"].widget.attrs.update(
                    dir="ltr", autocomplete="off", spellcheck="false", autocapitalize="none"
                )
        self.fields["in_folder"].widget.attrs.update(dir="auto", autocomplete="off")

    @property
    def hint(self) -> str:
        """What is worth knowing about the provider of the address."""
        servers = guess(str(self["address"].value() or ""))
        if servers is None or not servers.needs_app_password:
            return ""
        if "sign_in" in self.fields and self["sign_in"].value() == servers.sign_in != "password":
            return mailbox_token.hint(servers.sign_in)
        return _(
            "%(provider)s asks for an app password made for this program; your ordinary one is refused."
        ) % {"provider": servers.provider}

    def clean_protocol(self) -> str:
        return self.cleaned_data["protocol"] or Protocol.IMAP

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for side in ("in", "smtp"):
            self._check_side(side, cleaned)
        if cleaned.get("scope") == "older" and not cleaned.get("older_since_on"):
            self.add_error("older_since_on", _("Choose the day."))
        if cleaned.get("scope") == "new":
            cleaned["older_since_on"] = None
        return cleaned

    def _check_side(self, side: str, cleaned: dict[str, Any]) -> None:
        host, user = cleaned.get(f"{side}_host"), cleaned.get(f"{side}_user")
        if not host:
            return
        if side == "in" and not user:
            self.add_error("in_user", _("Write the user name; often it is the address."))
        if mailbox_token.lets_in(cleaned, side):
            cleaned[f"{side}_password"] = ""
            if not user and f"{side}_user" not in self.errors:
                self.add_error(f"{side}_user", _("Write the user name; often it is the address."))
            return
        if cleaned.get(f"{side}_password") or not user:
            return
        stored = self.connection
        if stored is None or not getattr(stored, f"{side}_password"):
            self.add_error(f"{side}_password", _("Write the password."))
        elif (host, user) != (getattr(stored, f"{side}_host"), getattr(stored, f"{side}_user")):
            # A stored password is never shown to a server it was not meant for.
            self.add_error(
                f"{side}_password", _("Write the password again, because the server or user changed.")
            )

    def shape(self) -> Shape:
        """What is to be stored, once the form is valid."""
        said = self.cleaned_data
        imap = smtp = None
        if said["in_host"]:
            imap = ImapSettings(**{name.removeprefix("in_"): said[name] for name in IN})
        if said["smtp_host"]:
            smtp = SmtpSettings(**{name.removeprefix("smtp_"): said[name] for name in OUT})
        return Shape(imap, smtp, said["older_since_on"], protocol=said["protocol"])

    def probes(self) -> list[Probe]:
        """Try both sides as they stand in the form, the network included; each side says its own result."""
        return [self._probe_in(), self._probe_out()]

    def _probe_in(self) -> Probe:
        return self._probe(
            "in",
            missing=_("Something is missing in the fields for incoming mail."),
            unused=_("No server for incoming mail is given."),
            fine=_("Incoming mail works: signed in, and every message has a lasting number.")
            if self["protocol"].value() == Protocol.POP3
            else _("Incoming mail works: signed in, and the folder is there."),
        )

    def _probe_out(self) -> Probe:
        return self._probe(
            "smtp",
            missing=_("Something is missing in the fields for outgoing mail."),
            unused=_("No server for outgoing mail is given."),
            fine=_("Outgoing mail works: signed in, and the address may send."),
        )

    def _probe(self, side: str, *, missing: str, unused: str, fine: str) -> Probe:
        if any(name in self.errors for name in (IN if side == "in" else OUT)):
            return Probe(side, is_ok=False, text=missing)
        try:
            usable = self._usable(side)
            if usable is None:
                return Probe(side, is_ok=True, text=unused)
            if isinstance(usable, ImapSettings) and self.cleaned_data["protocol"] == Protocol.POP3:
                popserver.test_pop3(usable, timeout_seconds=TEST_SECONDS)
            elif isinstance(usable, ImapSettings):
                mailserver.test_imap(usable, timeout_seconds=TEST_SECONDS)
            else:
                sender = self.cleaned_data.get("address", "")
                sending.test(usable, sender=sender, timeout_seconds=TEST_SECONDS)
        except DeliveryError as problem:
            return Probe(side, is_ok=False, text=explain(str(problem)))
        return Probe(side, is_ok=True, text=fine)

    def _usable(self, side: str) -> ImapSettings | SmtpSettings | None:
        """One side as typed, with the stored password where none was typed."""
        said = self.cleaned_data
        if not said.get(f"{side}_host"):
            return None
        names, kind = (IN, ImapSettings) if side == "in" else (OUT, SmtpSettings)
        typed: dict[str, Any] = {name.removeprefix(f"{side}_"): said[name] for name in names}
        if mailbox_token.lets_in(said, side):
            typed["password"] = ""
            typed["bearer"] = mailbox_token.bearer_of(self.connection, said, side)
        elif not typed["password"] and self.connection is not None and typed["user"]:
            stored = imap_settings(self.connection) if side == "in" else smtp_settings(self.connection)
            typed["password"] = stored.password if stored else ""
        return kind(**typed)


def guessed(data: QueryDict) -> QueryDict:
    """The form's data with the usual servers of the address filled in, but for the fields that a person wrote in.

    Those are named in `typed`, to which comes every field that holds something else than the guess before (for
    the address in `guessed_for`) left there, emptied ones too. The new guess stands in `guessed_for` then.
    """
    filled, address = data.copy(), data.get("address", "")
    before = _offered(data.get("guessed_for", ""), data.get("guessed_protocol", ""))
    protocol = data.get("protocol", "")
    typed = {name for name in data.get("typed", "").split() if name in (*IN, *OUT, "sign_in")}
    typed |= {name for name, offer in before.items() if data.get(name, offer).strip() != offer}
    filled["typed"] = " ".join(sorted(typed))
    filled["guessed_protocol"] = protocol
    if guess(address) is None and protocol == data.get("guessed_protocol", ""):
        return filled
    for name, offer in _offered(address, protocol).items():
        if name not in typed:
            filled[name] = offer
    filled["guessed_for"] = address
    return filled


def _offered(address: str, protocol: str) -> dict[str, str]:
    """What a guess for `address` writes into each field that it fills; what a new form holds without one."""
    servers = guess(address)
    user = "" if servers is None else address.strip()
    servers = servers or Servers("", "")
    if protocol == Protocol.POP3:
        servers = by_pop3(servers)
    offers = {name: str(getattr(servers, name)) for name in (*IN[:3], *OUT[:3])}
    return offers | {"in_user": user, "smtp_user": user, "sign_in": servers.sign_in}


def _initial(mailbox: Mailbox | None, connection: MailConnection | None) -> dict[str, Any]:
    plain = Servers("", "")
    start: dict[str, Any] = {
        "name": mailbox.name if mailbox else "",
        "address": mailbox.address if mailbox else "",
        "protocol": Protocol.IMAP,
        "in_folder": "INBOX",
        "scope": "new",
        **{name: getattr(plain, name) for name in (*IN[:3], *OUT[:3])},
    }
    if connection is not None:
        start |= {name: getattr(connection, name) for name in (*IN, *OUT) if not name.endswith("password")}
        start |= {"protocol": connection.protocol, "older_since_on": connection.older_since_on}
        start["scope"] = "older" if connection.older_since_on else "new"
    return start
