"""How a mailbox is reached, and which of its folders are read, is set here; the receiver hears of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from majlis.channels.actions import cursor
from majlis.channels.actions.anew import begin_anew
from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.email.sending import SmtpSettings
from majlis.channels.models import MailConnection, MailFolder, Protocol
from majlis.channels.secrets import encrypt
from majlis.journal.actions import record
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox, Teammate


@dataclass(frozen=True, slots=True)
class Shape:
    """Both sides of a connection; None: that side is not used. An empty password leaves the stored one.

    `older_since_on`: mail from that day on is fetched too; None: only what arrives from now on. `protocol` is one of
    `Protocol`: what is spoken to the server for incoming mail (POP3 knows no folders).
    """

    imap: ImapSettings | None
    smtp: SmtpSettings | None
    older_since_on: date | None = None
    protocol: str = Protocol.IMAP.value


@transaction.atomic
def save(mailbox: Mailbox, by: Teammate, *, shape: Shape) -> MailConnection:
    """Set how `mailbox` is reached and have it tried at once.

    When another server, account or folder is read from now on, the cursor does not hold there, whatever its
    UIDVALIDITY (RFC 3501): everything in it is looked at again. Raises Refused: `not_allowed`.
    """
    _check(by)
    connection, is_new = MailConnection.objects.select_for_update().get_or_create(mailbox=mailbox)
    before, folder = _place(connection), connection.in_folder
    connection.protocol = Protocol(shape.protocol)
    _fill_imap(connection, shape.imap)
    _fill_smtp(connection, shape.smtp)
    connection.older_since_on = shape.older_since_on
    if before != _place(connection):
        cursor.lead_elsewhere(connection)
    if folder != connection.in_folder:
        _change_first(connection, folder)
    if not is_new:
        record(
            "mailbox.changed",
            mailbox_id=mailbox.pk,
            actor_id=by.pk,
            data={"name": mailbox.name, "what": ["connection"]},
        )
    begin_anew(connection)
    return connection


@transaction.atomic
def choose_folders(mailbox: Mailbox, by: Teammate, *, names: Sequence[str]) -> None:
    """Read these folders and no others; a new one starts from now, as a new mailbox does.

    News of INBOX, or else of the first of them, come at once, those of the others within a minute. Raises Refused:
    `not_allowed`, `not_connected` (also when it is fetched by POP3), `no_folder` (none was chosen).
    """
    _check(by)
    found = MailConnection.objects.select_for_update().filter(mailbox=mailbox, protocol=Protocol.IMAP)
    connection = found.exclude(in_host="").first()
    if connection is None:
        raise Refused("not_connected")
    if not names:
        raise Refused("no_folder")
    rows = MailFolder.objects.filter(connection=connection)
    rows.update(is_enabled=False)
    for name in names:
        rows.update_or_create(connection=connection, name=name, defaults={"is_enabled": True})
    inbox = [name for name in names if name.upper() == "INBOX"]
    if connection.in_folder not in names or inbox:
        connection.in_folder = (*inbox, *names)[0]
    record(
        "mailbox.changed",
        mailbox_id=mailbox.pk,
        actor_id=by.pk,
        data={"name": mailbox.name, "what": ["folders"]},
    )
    begin_anew(connection)


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
    begin_anew(connection)


def _check(by: Teammate) -> None:
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")


def _place(connection: MailConnection) -> tuple[str, str, int, str]:
    """What the cursors are of. The two own ports of IMAP, or of POP3, are the same server; others may lead anywhere."""
    port = {143: 993, 110: 995}.get(connection.in_port, connection.in_port)
    return connection.protocol, connection.in_host.lower(), port, connection.in_user


def _change_first(connection: MailConnection, earlier: str) -> None:
    """Another folder takes the place of the first one; one that was read beside it comes to be the first."""
    rows = MailFolder.objects.filter(connection=connection)
    if rows.filter(name=connection.in_folder).exists():
        rows.filter(name=connection.in_folder).update(is_enabled=True)
        rows.filter(name=earlier).update(is_enabled=False)
        return
    moved = rows.filter(name=earlier)
    cursor.lead_elsewhere(connection, rows=moved)
    moved.update(name=connection.in_folder)


def _fill_imap(connection: MailConnection, imap: ImapSettings | None) -> None:
    if imap is None:
        connection.in_host = connection.in_user = connection.in_password = ""
        return
    connection.in_host, connection.in_port = imap.host, imap.port
    connection.in_security, connection.in_user = imap.security, imap.user
    connection.in_folder = cursor.POP3_FOLDER if connection.protocol == Protocol.POP3 else imap.folder
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
