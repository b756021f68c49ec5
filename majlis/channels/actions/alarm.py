"""A mailbox that became stale is told once, and once that it is well again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from majlis.channels.models import MailConnection
from majlis.channels.stale import alarms
from majlis.journal.actions import record


def look(now: datetime | None = None) -> None:
    """Tell of mailboxes that are stale since this was last asked, and of those that are not any more.

    Of two processes at it, one tells: the update decides. A paused mailbox is passed over in silence, and one that waits
    for somebody to sign in again is told by that.
    """
    now = now or timezone.now()
    stale = {one.connection.pk: one for one in alarms(now)}
    told = MailConnection.objects.filter(stale_since__isnull=False)
    known = set(told.values_list("pk", flat=True))
    for pk in stale.keys() - known:
        if stale[pk].waits_for_sign_in:
            continue
        _tell(pk, "mailbox.stale", why=stale[pk].why, stale_since=stale[pk].since)
    for pk in known - stale.keys():
        _tell(pk, "mailbox.well", why="", stale_since=None)


@transaction.atomic
def _tell(pk: int, kind: str, *, why: str, stale_since: datetime | None) -> None:
    was_told = stale_since is None
    rows = MailConnection.objects.filter(pk=pk, stale_since__isnull=not was_told)
    if not rows.update(stale_since=stale_since):
        return
    connection = MailConnection.objects.select_related("mailbox").get(pk=pk)
    if not connection.is_enabled or not connection.in_host:
        return
    data = {"name": connection.mailbox.name, "why": why}
    record(kind, mailbox_id=connection.mailbox_id, data=data)
