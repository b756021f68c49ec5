"""An admin says how mail leaves a mailbox."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from majlis.channels.models import SendingRules
from majlis.journal.actions import record, wake
from majlis.lib.errors import Refused
from majlis.people.models import Mailbox, Teammate


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rules: a limit of None is what is usual, 0 none; megabytes of files in all; days that a link works."""

    per_minute: int | None
    per_hour: int | None
    per_day: int | None
    attachments_mb: int
    link_days: int


@transaction.atomic
def choose(mailbox: Mailbox, by: Teammate, chosen: Chosen) -> None:
    """From now on `mailbox` sends by these rules. Raises Refused: not_allowed."""
    if not by.is_active or not by.is_admin:
        raise Refused("not_allowed")
    SendingRules.objects.update_or_create(
        mailbox=mailbox,
        defaults={
            "per_minute": chosen.per_minute,
            "per_hour": chosen.per_hour,
            "per_day": chosen.per_day,
            "attachments_mb": chosen.attachments_mb,
            "link_days": chosen.link_days,
        },
    )
    record(
        "mailbox.changed",
        mailbox_id=mailbox.pk,
        actor_id=by.pk,
        data={"name": mailbox.name, "what": ["sending"]},
    )
    wake("deliver")
