"""Whether mail to name+anything@ comes back to name@: tried by a letter to ourselves, never assumed."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.mail import ParsedMail
from majlis.channels.models import Delivery, MailOptions, Plus, State
from majlis.journal import actions as journal
from majlis.lib.errors import Refused
from majlis.lib.own import Own
from majlis.people.models import Mailbox, Teammate

PATIENCE = timedelta(hours=1)
_LONGEST_LOCAL = 64  # octets before the @, RFC 5321 §4.5.3.1.1
_TRIED = re.compile(r"\+mt-([0-9a-f]{16})@")


@transaction.atomic
def ask(by: Teammate, mailbox: Mailbox) -> None:
    """Send the letter that shows it; what comes of it stands in the mailbox's options. Raises Refused: not_allowed."""
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")
    now, token = timezone.now(), secrets.token_hex(8)
    name, _at, domain = mailbox.address.rpartition("@")
    letter = {
        "to": f"{name}+mt-{token}@{domain}",
        "subject": _("A trial of Majlis: does this mail come back?"),
        "text": _("Nothing is to be done. This mail disappears by itself when it arrives."),
    }
    Delivery.objects.create(
        mailbox=mailbox, letter=letter, message_id=_message_id(mailbox, token), due_at=now, created_at=now
    )
    values = {"plus": Plus.ASKED, "plus_token": token, "plus_at": now}
    MailOptions.objects.update_or_create(mailbox=mailbox, defaults=values)
    journal.wake("deliver")


def take(mailbox_id: int, mail: ParsedMail) -> bool:
    """Claims that `mail` is such a letter come back: then it is remembered, and is nobody's message."""
    tokens = [found.group(1) for to in (*mail.to, *mail.cc) if (found := _TRIED.search(to.address))]
    if not tokens:
        return False
    tried = MailOptions.objects.filter(mailbox_id=mailbox_id, plus_token__in=tokens)
    return bool(tried.update(plus=Plus.WORKS, plus_at=timezone.now()))


def standing(mailbox: Mailbox, options: MailOptions | None) -> Plus:
    """What is known by now: a letter that was refused, or is missing for an hour, says that it does not work."""
    if options is None or options.plus != Plus.ASKED or options.plus_at is None:
        return Plus(options.plus) if options is not None else Plus.UNTRIED
    sent = Delivery.objects.filter(message_id=_message_id(mailbox, options.plus_token))
    is_lost = sent.filter(state__in=[State.FAILED, State.HELD]).exists()
    if is_lost or options.plus_at < timezone.now() - PATIENCE:
        return Plus.FAILS
    return Plus.ASKED


def reply_address(mailbox: Mailbox, message_id: str) -> str:
    """The address that brings an answer to this message home even where its headers are lost; empty: there is none."""
    is_known = MailOptions.objects.filter(mailbox=mailbox, plus=Plus.WORKS, has_reply_token=True).exists()
    token = message_id.strip("<>").rpartition("@")[0]
    name, _at, domain = mailbox.address.rpartition("@")
    local = f"{name}+{token}"
    if not is_known or "+" in name or len(local.encode()) > _LONGEST_LOCAL:
        return ""
    return f"{local}@{domain}"


def behind(own: Own, mail: ParsedMail) -> list[str]:
    """What stands behind the plus of our own addresses among a mail's recipients."""
    return [
        to.address.rpartition("@")[0].partition("+")[2]
        for to in (*mail.to, *mail.cc)
        if "+" in to.address and to.address in own
    ]


def _message_id(mailbox: Mailbox, token: str) -> str:
    return f"<mt-{token}@{ascii_domain(mailbox.address).rpartition('@')[2]}>"
