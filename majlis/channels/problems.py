"""What can be wrong with a mail server, by code, and the plain words a person reads for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from majlis.channels.oauth.words import OF_SIGN_IN
from majlis.lib.errors import DeliveryError

_STORED = "problem:"

# code -> a sentence; what stands in %(…)s comes from the problem's data.
_WORDS = {
    "host": _("There is no server by this name. Check the spelling of the host."),
    "refused": _("The server refuses connections on this port. Check the port number."),
    "timeout": _("The server did not answer in time. Check the host, the port and the firewall between."),
    "certificate": _("The server's certificate is not trusted: %(detail)s"),
    "certificate_expired": _("it expired on %(on)s."),
    "certificate_early": _("it is good from %(on)s on only. Check this machine's clock."),
    "certificate_name": _("it is made out to %(names)s, not to %(host)s. Check the spelling of the host."),
    "certificate_self_signed": _("the server signed it itself, so nobody vouches for it."),
    "certificate_issuer": _("it was issued by %(issuer)s, an authority that is not known here."),
    "tls": _(
        "The server does not speak this kind of encryption on this port. Choose another port or encryption."
    ),
    "needs_tls": _(
        "The server takes the password over an encrypted connection only. Choose TLS or STARTTLS."
    ),
    "login": _("The server did not accept the user name or the password."),
    "no_login": _("The server offers no way to sign in that is known here."),
    "lost": _("The connection to the server was lost. %(detail)s"),
    "not_smtp": _("What answers on this port is not a server for outgoing mail. Check the port number."),
    "not_imap": _("What answers on this port is not a server for incoming mail. Check the port number."),
    "not_pop3": _("What answers on this port is not a POP3 server. Check the port number."),
    "no_uidl": _(
        "The server gives its messages no lasting numbers, so what came already could not be told from what is new. "
        "Fetch this mailbox another way, by IMAP or by forwarding."
    ),
    "folder": _("The mailbox has no folder by this name."),
    "no_folders": _("This mailbox is not fetched by IMAP, so it has no folder to put copies in."),
    "folder_gone": _("The mailbox has no folder %(detail)s any more. Choose its folders again."),
    "sender": _("The server does not let this account send from this address: %(detail)s"),
    "later": _("The server asks to try again later: %(detail)s"),
    "smtputf8": _("The address holds letters that the outgoing server cannot carry: %(detail)s"),
    "no_smtp": _("There is no server for outgoing mail yet. Add one in the mailbox's settings."),
    "secret": _(
        "The password cannot be read, because the installation's secret key changed. Enter it again."
    ),
    "unbuildable": _("The message could not be put together: %(detail)s"),
    "unclear": _("The connection was lost after the message was handed over. The server may have taken it."),
    "worker": _("Sending was cut off by a stop of the system. The server may have taken the message."),
    "rests": _("The server asked for a pause: %(detail)s"),
    "limit_minute": _("This mailbox may send %(n)s messages a minute."),
    "limit_hour": _("This mailbox may send %(n)s messages an hour."),
    "limit_day": _("This mailbox may send %(n)s messages a day."),
    "deadly": _(
        "Whatever process read this message was stopped while it did, the last time one that did nothing else. "
        "It is tried again by itself after a minute, ten minutes and an hour."
    ),
    "slow": _("Reading this message takes longer than %(n)s seconds."),
    "disk_full": _(
        "There is no room left on this machine's disk. The mail stays on its server until somebody makes room here."
    ),
    "not_kept": _("The mail could not be kept here and stays on its server: %(detail)s"),
    "delayed": _("Their server has not delivered it yet and goes on trying: %(detail)s"),
    "other": _("The server's answer was not understood: %(detail)s"),
    **OF_SIGN_IN,
}
CODES = frozenset(_WORDS)
_CERTIFICATE = dict.fromkeys(("on", "names", "host", "issuer"), "")


class ConnectionProblem(DeliveryError):  # noqa: N818 - the word people read
    """A mail server cannot be used as it is set: `code` says why, `data` what belongs to it.

    Never permanent for a message: somebody may correct the settings, then it leaves.
    """

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(pack(code, **data))
        self.code = code
        self.data: dict[str, object] = data
        self.is_while_connecting = False


def words(code: str, **data: object) -> str:
    """The sentence for `code` in the reader's language; an unknown code is shown as the server's answer."""
    if code not in _WORDS:
        code, data = "other", {"detail": data.get("detail") or code}
    if isinstance(data.get("why"), str):  # a problem within a problem
        data["detail"] = f"\u2068{explain(str(data['why']))}\u2069"
    if isinstance(data.get("on"), str):
        data["on"] = date_format(date.fromisoformat(str(data["on"])), "j F Y")
    data |= {name: f"\u2068{data[name]}\u2069" for name in ("names", "host", "issuer") if name in data}
    return (
        str(_WORDS[code]) % {"detail": "", "account": "", "wanted": "", "n": "", **_CERTIFICATE, **data}
    ).strip()


def pack(code: str, **data: object) -> str:
    """`code` and `data` as one string for a text column; `unpack` and `explain` read it."""
    return _STORED + orjson.dumps({"code": code, **data}, default=str).decode()


def unpack(stored: str) -> tuple[str, Mapping[str, Any]]:
    """The code and data of a packed problem; a server's own words come back as ("", {"detail": words})."""
    if not stored.startswith(_STORED):
        return "", {"detail": stored}
    data = orjson.loads(stored.removeprefix(_STORED))
    return data.pop("code"), data


def explain(stored: str) -> str:
    """What a person reads for a stored reason: our sentence for a code, else the server's own words."""
    code, data = unpack(stored)
    return words(code, **data) if code else stored
