"""A mailbox's stored connection as settings that can be used: passwords in clear, for a moment."""

from __future__ import annotations

from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.email.sending import SmtpSettings
from majlis.channels.models import MailConnection
from majlis.channels.problems import ConnectionProblem
from majlis.channels.secrets import SecretUnreadable, decrypt


def imap_settings(connection: MailConnection) -> ImapSettings | None:
    """How to fetch this mailbox's mail, or None when it is not fetched.

    Raises ConnectionProblem `secret` when the password cannot be read any more.
    """
    if not connection.imap_host:
        return None
    return ImapSettings(
        host=connection.imap_host,
        port=connection.imap_port,
        security=connection.imap_security,
        user=connection.imap_user,
        password=_clear(connection.imap_password),
        folder=connection.imap_folder,
    )


def smtp_settings(connection: MailConnection) -> SmtpSettings | None:
    """The mailbox's own way out, or None when it has none.

    Raises ConnectionProblem `secret` when the password cannot be read any more.
    """
    if not connection.smtp_host:
        return None
    return SmtpSettings(
        host=connection.smtp_host,
        port=connection.smtp_port,
        security=connection.smtp_security,
        user=connection.smtp_user,
        password=_clear(connection.smtp_password),
    )


def _clear(token: str) -> str:
    try:
        return decrypt(token)
    except SecretUnreadable as error:
        raise ConnectionProblem("secret") from error
