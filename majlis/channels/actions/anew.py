"""Whoever reads a mailbox begins anew: its settings, or who is signed in, changed."""

from __future__ import annotations

from django.utils import timezone

from majlis.channels.models import MailConnection, MailFolder
from majlis.journal.actions import wake


def begin_anew(connection: MailConnection) -> None:
    """Save a changed connection, which the caller holds; what was wrong is said again if it was not put right."""
    connection.version += 1
    connection.problem, connection.problem_since = "", None
    connection.watched_at = timezone.now()
    connection.save()
    MailFolder.objects.filter(connection=connection).update(version=connection.version)
    wake("connections")
