"""A conversation that somebody is about to begin: kept as it is typed, gone when it is sent."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from majlis.conversations.models import Beginning
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Teammate

BROUGHT_BACK_FOR = timedelta(hours=1)


def keep_beginning(
    teammate: Teammate, key: UUID, *, mailbox_id: int, to: str, subject: str, text: str, reason: str
) -> bool:
    """Keep what was typed under `key`; whether anything is kept, as empty fields are nothing to keep.

    Raises Refused("no_draft") when the key is somebody else's.
    """
    mine = Beginning.objects.filter(teammate=teammate)
    mine.filter(thrown_at__lt=timezone.now() - BROUGHT_BACK_FOR).delete()
    typed = {"to": to, "subject": subject, "text": text, "reason": reason}
    if not any(value.strip() for value in typed.values()):
        mine.filter(key=key).delete()
        return False
    mailbox = people.mailboxes_visible_to(teammate).filter(pk=mailbox_id).first()
    given = {**typed, "mailbox": mailbox, "updated_at": timezone.now(), "thrown_at": None}
    try:
        with transaction.atomic():
            mine.update_or_create(key=key, defaults=given, create_defaults={**given, "teammate": teammate})
    except IntegrityError as problem:
        raise Refused("no_draft") from problem
    return True


def throw_beginning(teammate: Teammate, key: UUID, *, is_back: bool = False) -> None:
    """Throw away what was kept under `key`, or bring it back. Raises Refused("no_draft")."""
    thrown_at = None if is_back else timezone.now()
    if not Beginning.objects.filter(teammate=teammate, key=key).update(thrown_at=thrown_at):
        raise Refused("no_draft")


def forget_beginning(teammate: Teammate, key: UUID) -> None:
    """It was sent: nothing of it stays."""
    Beginning.objects.filter(teammate=teammate, key=key).delete()
