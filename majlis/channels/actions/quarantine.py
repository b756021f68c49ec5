"""Mail that could not be taken in is tried again when somebody asks for it."""

from __future__ import annotations

from django.db import transaction

from majlis.channels.models import RawMessage
from majlis.journal.actions import record, wake
from majlis.lib.errors import Refused


@transaction.atomic
def retry(raw_id: int, *, actor_id: int | None = None) -> RawMessage:
    """Let the message out of quarantine and have it taken in again, with all its tries before it.

    Raises Refused: `not_quarantined` (somebody else was faster, or there is no such message).
    """
    raw = RawMessage.objects.select_for_update().filter(pk=raw_id, quarantined_at__isnull=False).first()
    if raw is None:
        raise Refused("not_quarantined")
    raw.attempts, raw.quarantined_at = 0, None
    raw.save(update_fields=["attempts", "quarantined_at"])
    record("raw.retried", mailbox_id=raw.mailbox_id, actor_id=actor_id, data={"raw": raw.pk})
    wake("raw")
    return raw
