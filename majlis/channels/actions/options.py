"""What a mailbox does with mail beyond fetching and sending it, as an administrator sets it."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from majlis.channels.models import MailOptions
from majlis.channels.secrets import encrypt
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox, Teammate


@transaction.atomic
def change(by: Teammate, mailbox: Mailbox, **values: object) -> MailOptions:
    """Set these fields of the mailbox's options. Raises Refused: not_allowed."""
    _check(by)
    options, _ = MailOptions.objects.select_for_update().get_or_create(mailbox=mailbox)
    changed = [name for name, value in values.items() if getattr(options, name) != value]
    for name in changed:
        setattr(options, name, values[name])
    if changed:
        if "sent_folder" in changed:
            options.sent_problem = ""
        options.save()
        _record(by, mailbox, "options")
    return options


@transaction.atomic
def open_endpoint(by: Teammate, mailbox: Mailbox) -> str:
    """Let raw messages come by HTTP under a new secret, which is returned once; an earlier one holds no more.

    Raises Refused: not_allowed.
    """
    _check(by)
    secret = secrets.token_urlsafe(32)
    values = {"endpoint_secret": encrypt(secret), "endpoint_at": timezone.now()}
    MailOptions.objects.update_or_create(mailbox=mailbox, defaults=values)
    _record(by, mailbox, "endpoint")
    return secret


@transaction.atomic
def close_endpoint(by: Teammate, mailbox: Mailbox) -> None:
    """Take nothing by HTTP any more. Raises Refused: not_allowed."""
    _check(by)
    MailOptions.objects.filter(mailbox=mailbox).update(endpoint_secret="", endpoint_at=None)
    _record(by, mailbox, "endpoint")


def _record(by: Teammate, mailbox: Mailbox, what: str) -> None:
    data = {"name": mailbox.name, "what": [what]}
    record("mailbox.changed", mailbox_id=mailbox.pk, actor_id=by.pk, data=data)


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")
