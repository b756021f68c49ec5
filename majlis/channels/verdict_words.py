"""What a server's refusal means for the person who wrote, and what they can do, in plain words beside the server's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.channels.email import verdicts
from majlis.channels.problems import explain, unpack


@dataclass(frozen=True, slots=True)
class Said:
    """A reason as its reader sees it. `next_step` and `words` may be empty; `words` are the server's own."""

    sentence: str
    next_step: str = ""
    words: str = ""


_MEANS: dict[str, tuple[str | Promise, str | Promise]] = {
    "unknown_address": (
        _("The address does not exist."),
        _("Check its spelling, or ask the customer for another one."),
    ),
    "unknown_domain": (
        _("There is no mail at this domain."),
        _("Check what stands after the @."),
    ),
    "closed": (
        _("The address takes no mail any more."),
        _("Ask the customer for another one."),
    ),
    "mailbox_full": (
        _("Their mailbox is full."),
        _("Reach them another way, or send again in some days."),
    ),
    "greylisted": (_("Their server does not know us yet and asks us to come again."), ""),
    "busy": (_("They get a lot of mail at the moment."), ""),
    "throttled": (_("Too much was sent in a short time."), ""),
    "spam": (
        _("Their server takes us for spam."),
        _("Ask whoever runs your mail server to see whether its address is on a block list."),
    ),
    "unauthenticated": (
        _("Their server cannot tell that the mail is ours."),
        _("Ask whoever runs your domain to see to SPF, DKIM and DMARC."),
    ),
    "policy": (
        _("Their server does not take mail from us."),
        _("Reach them another way; the server's words below may say why."),
    ),
    "relay": (
        _("The outgoing server does not carry mail for this mailbox."),
        _("Check its user name and password in the mailbox's settings."),
    ),
    "sender": (
        _("The server does not let this mailbox's address send."),
        _("Check the address in the mailbox's settings."),
    ),
    "too_big": (
        _("The message is too large for their server."),
        _("Send its files as links: lower the limit in the mailbox's “Sending” settings, then send again."),
    ),
    "expired": (
        _("Their server could not be reached for days."),
        _("Check what stands after the @, or send again later."),
    ),
    "loop": (_("The mail went round in a circle at the other side."), _("Reach them another way.")),
}
_GOES_ON: dict[str, str | Promise] = {
    "mailbox_full": _("Their mailbox is full; we go on trying for two days."),
}


def said(why: str, *, goes_on: bool = False) -> Said:
    """A stored reason in words. `goes_on`: it is tried again by itself, so nobody has to do anything."""
    code, _data = unpack(why)
    if code:
        return Said(explain(why))
    kind = verdicts.read(why).kind
    if goes_on and kind in _GOES_ON:
        return Said(str(_GOES_ON[kind]), "", why)
    if kind not in _MEANS:
        return Said("", "", why)
    sentence, step = _MEANS[kind]
    return Said(str(sentence), "" if goes_on else str(step), why)
