"""The incoming side of a stored connection as settings that can be used: the password in clear, for a moment."""

from __future__ import annotations

from majlis.channels.email.mailserver import ImapSettings
from majlis.channels.models import MailConnection
from majlis.channels.oauth.renewing import bearer
from majlis.channels.problems import ConnectionProblem
from majlis.channels.secrets import SecretUnreadable, decrypt


def imap_settings(connection: MailConnection) -> ImapSettings | None:
    """How to fetch this mailbox's mail, or None when it is not fetched.

    Without a password it is signed in to by token, where that was chosen. Raises ConnectionProblem `secret` when the
    password cannot be read any more.
    """
    if not connection.in_host:
        return None
    try:
        password = decrypt(connection.in_password)
    except SecretUnreadable as error:
        raise ConnectionProblem("secret") from error
    return ImapSettings(
        host=connection.in_host,
        port=connection.in_port,
        security=connection.in_security,
        user=connection.in_user,
        password=password,
        folder=connection.in_folder,
        bearer=None if password else bearer(connection, connection.in_host),
    )
