"""Mail that could not be taken in is tried again when somebody asks for it, or when it has waited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

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
    raw.attempts, raw.hearings, raw.quarantined_at = 0, 0, None
    raw.save(update_fields=["attempts", "hearings", "quarantined_at"])
    _record(raw, actor_id)
    return raw


@transaction.atomic
def hear_again(*, error: str, attempts: int, pauses_seconds: Sequence[float]) -> None:
    """Let messages that stand in quarantine for `error` out by themselves, the first time after the first pause, and so on.

    `attempts` is what they count as having been tried.
    """
    now = timezone.now()
    is_due = Q()
    for number, seconds in enumerate(pauses_seconds):
        is_due |= Q(hearings=number, quarantined_at__lte=now - timedelta(seconds=seconds))
    held = RawMessage.objects.select_for_update(skip_locked=True)
    for raw in held.filter(is_due, error=error, quarantined_at__isnull=False).order_by("pk"):
        raw.attempts, raw.hearings, raw.quarantined_at = attempts, raw.hearings + 1, None
        raw.save(update_fields=["attempts", "hearings", "quarantined_at"])
        _record(raw, None)


def _record(raw: RawMessage, actor_id: int | None) -> None:
    record("raw.retried", mailbox_id=raw.mailbox_id, actor_id=actor_id, data={"raw": raw.pk})
    wake("raw")
