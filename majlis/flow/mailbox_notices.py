"""What admins are told of a mailbox itself: once for each alarm, and read by itself when the trouble is over."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from majlis.channels.gate import STOPPED_FOR
from majlis.journal.actions import nudge, wake
from majlis.journal.models import Event
from majlis.people.models import Notification, NotificationKind, Role, Teammate
from majlis.people.notifying import quiet_ids

# Asked of what stands there today: a trouble may end in many ways, and not each of them is an event.
_OVER: Final = """
update people_notification p set read_at = %(now)s from journal_event e
where e.id = p.event_id and p.read_at is null and p.kind in ('alarm', 'failed') and (
  e.kind = 'mailbox.stale' and not exists (select from channels_mailconnection c
    where c.mailbox_id = p.mailbox_id and c.stale_since is not null and c.is_enabled and c.in_host <> '')
  or e.kind = 'mailbox.lapsed' and not exists (select from channels_oauthgrant g
    join channels_mailconnection c on c.id = g.connection_id where c.mailbox_id = p.mailbox_id and g.problem <> '')
  or e.kind = 'automatic.stopped' and not exists (select from channels_stoppedaddress s
    where s.address = e.data ->> 'address' and s.let_go_at is null and s.at > %(since)s))
returning p.teammate_id, p.mailbox_id
"""


def tell(event: Event) -> None:
    """Tell every admin of an alarm about a mailbox: in the bell, and by push unless they want quiet.

    The letter about it is `alarms` and `lapsed`. May run twice: one event is told once.
    """
    if event.mailbox_id is None:
        return
    now = timezone.now()
    quiet = set(quiet_ids(now))
    admins = Teammate.objects.filter(is_active=True, role__in=[Role.OWNER, Role.ADMIN]).order_by("pk")
    told = [
        Notification(
            teammate=teammate,
            kind=NotificationKind.ALARM,
            event_id=event.pk,
            mailbox_id=event.mailbox_id,
            at=event.at,
            push_at=None if teammate.pk in quiet else now,
        )
        for teammate in admins
    ]
    Notification.objects.bulk_create(told, ignore_conflicts=True)
    for one in told:
        nudge({"k": "notice", "t": one.teammate_id, "m": one.mailbox_id})
    wake("notices")
    settle()


def settle(_event: Event | None = None) -> None:
    """What is not in trouble any more counts as read; open pages count anew."""
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_OVER, {"now": now, "since": now - STOPPED_FOR})
            settled = cursor.fetchall()
        for teammate_id, mailbox_id in set(settled):
            nudge({"k": "notice", "t": teammate_id, "m": mailbox_id})
