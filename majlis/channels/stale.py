"""Mailboxes nobody can rely on at the moment: not checked well for too long, or short of mail for too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from majlis.channels.models import MailConnection
from majlis.channels.problems import unpack
from majlis.people.models import Mailbox

STALE_AFTER = timedelta(minutes=15)
DIFFERS_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Alarm:
    """`why` is "unchecked" or "differs"; `since` is when all was last well; `problem` is packed, or empty."""

    connection: MailConnection
    why: str
    since: datetime

    @property
    def mailbox(self) -> Mailbox:
        """Whose mail is in doubt."""
        return self.connection.mailbox

    @property
    def problem(self) -> str:
        """What the server said last."""
        return self.connection.problem

    @property
    def waits_for_sign_in(self) -> bool:
        """Claims that somebody has to sign in again, which is told by itself, everywhere."""
        return unpack(self.problem)[0] == "sign_in_again"


def alarms(now: datetime | None = None) -> list[Alarm]:
    """Every mailbox that is stale now, by name. Never one that is paused or not fetched.

    Told from the rows alone, so that it is true also when no worker runs.
    """
    now = now or timezone.now()
    heard = Greatest(
        Coalesce("checked_at", "watched_at"), Coalesce("heard_at", "watched_at"), "watched_at"
    )  # in PostgreSQL null is no greatest
    differing = Min("folders__differs_since", filter=Q(folders__is_enabled=True))
    rows = (
        MailConnection.objects.filter(is_enabled=True)
        .exclude(in_host="")
        .annotate(last=heard, differing=differing)
        .filter(Q(last__lt=now - STALE_AFTER) | Q(differing__lt=now - DIFFERS_AFTER))
        .select_related("mailbox")
        .order_by("mailbox__name", "pk")
    )
    return [
        Alarm(row, "unchecked", row.last)
        if row.last < now - STALE_AFTER
        else Alarm(row, "differs", row.differing)
        for row in rows
    ]
