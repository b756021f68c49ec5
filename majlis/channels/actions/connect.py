"""How a mailbox is reached is set here; the receiver hears of it at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from majlis.channels.actions import cursor
from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.email.sending import SmtpSettings
from majlis.channels.models import MailConnection
from majlis.channels.secrets import encrypt
from majlis.journal.actions import record, wake
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox, Teammate


@dataclass(frozen=True, slots=True)
class Shape:
    """Both sides of a connection; None: that side is not used. An empty password leaves the stored one.

    `older_since_on`: mail from that day on is fetched too; None: only what arrives from now on.
    """

    imap: ImapSettings | None
    smtp: SmtpSettings | None
    older_since_on: date | None = None


@transaction.atomic
def save(mailbox: Mailbox, by: Teammate, *, shape: Shape) -> MailConnection:
    """Set how `mailbox` is reached and have it tried at once.

    When another server, account or folder is read from now on, the cursor does not hold there, whatever its
    UIDVALIDITY (RFC 3501): everything in it is looked at again. Raises Refused: `not_allowed`.
    """
    _check(by)
    connection, is_new = MailConnection.objects.select_for_update().get_or_create(mailbox=mailbox)
    before = _place(connection)
    _fill_imap(connection, shape.imap)
    _fill_smtp(connection, shape.smtp)
    connection.older_since_on = shape.older_since_on
    if before != _place(connection):
        cursor.lead_elsewhere(connection)
    if not is_new:
        record(
            "mailbox.changed",
            mailbox_id=mailbox.pk,
            actor_id=by.pk,
            data={"name": mailbox.name, "what": ["connection"]},
        )
    _settle(connection)
    return connection


@transaction.atomic
def disable(mailbox: Mailbox, by: Teammate) -> None:
    """Stop fetching this mailbox; its conversations stay. Raises Refused: `not_allowed`, `not_connected`."""
    _switch(mailbox, by, is_enabled=False)
    record("mailbox.disabled", mailbox_id=mailbox.pk, actor_id=by.pk, data={"name": mailbox.name})


@transaction.atomic
def enable(mailbox: Mailbox, by: Teammate) -> None:
    """Fetch this mailbox again, from where it stopped. Raises Refused: `not_allowed`, `not_connected`."""
    _switch(mailbox, by, is_enabled=True)
    record(
        "mailbox.changed",
        mailbox_id=mailbox.pk,
        actor_id=by.pk,
        data={"name": mailbox.name, "what": ["enabled"]},
    )


def _switch(mailbox: Mailbox, by: Teammate, *, is_enabled: bool) -> None:
    _check(by)
    connection = MailConnection.objects.select_for_update().filter(mailbox=mailbox).first()
    if connection is None:
        raise Refused("not_connected")
    connection.is_enabled = is_enabled
    _settle(connection)


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")


def _place(connection: MailConnection) -> tuple[str, int, str, str]:
    """What the cursor is of. IMAP's two own ports are the same server; any other may lead anywhere."""
    port = 993 if connection.in_port == 143 else connection.in_port
    return connection.in_host.lower(), port, connection.in_user, connection.in_folder


def _settle(connection: MailConnection) -> None:
    """What was wrong may be put right by the change: it is said again if it was not."""
    connection.version += 1  # under the row's lock
    connection.problem, connection.problem_since = "", None
    connection.save()
    wake("connections")


def _fill_imap(connection: MailConnection, imap: ImapSettings | None) -> None:
    if imap is None:
        connection.in_host = connection.in_user = connection.in_password = ""
        return
    connection.in_host, connection.in_port = imap.host, imap.port
    connection.in_security, connection.in_user = imap.security, imap.user
    connection.in_folder = imap.folder
    if imap.password:
        connection.in_password = encrypt(imap.password)


def _fill_smtp(connection: MailConnection, smtp: SmtpSettings | None) -> None:
    if smtp is None:
        connection.smtp_host = connection.smtp_user = connection.smtp_password = ""
        return
    connection.smtp_host, connection.smtp_port = smtp.host, smtp.port
    connection.smtp_security, connection.smtp_user = smtp.security, smtp.user
    if smtp.password:
        connection.smtp_password = encrypt(smtp.password)
