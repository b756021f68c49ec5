"""What a teammate was told: the bell's list, how much of it is unread, and what came since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from majlis.people.models import Notification, NotificationChoice, NotificationKind, Teammate

SHOWN: Final = 30
MOST: Final = 100  # beyond that nobody counts
NEWS: Final = 3

_UNREAD = (
    "select count(*) from (select from people_notification n where n.teammate_id = %s and n.read_at is null"
    " and n.mailbox_id = any(%s::bigint[]) and (n.kind <> 'alarm' or %s) and not exists (select from people_notificationchoice o"
    "  where o.teammate_id = n.teammate_id and o.kind = n.kind and not o.in_page) limit %s) as n"
)


def unread(teammate: Teammate, *, mailbox_ids: Sequence[int]) -> int:
    """How many are unread, up to MOST."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [teammate.pk, list(mailbox_ids), teammate.is_admin, MOST])
        return int((cursor.fetchone() or (0,))[0])


def newest(teammate: Teammate, *, mailbox_ids: Sequence[int]) -> list[Notification]:
    """The newest ones, read or not."""
    return list(_of(teammate, mailbox_ids).order_by("-pk")[:SHOWN])


def news(teammate: Teammate, *, since: int, mailbox_ids: Sequence[int]) -> list[Notification]:
    """Those unread that came after the one with this id, the newest NEWS of them, the oldest first."""
    found = _of(teammate, mailbox_ids).filter(pk__gt=since, read_at=None).order_by("-pk")[:NEWS]
    return list(reversed(found))


def newest_id(teammate: Teammate) -> int:
    """The id of the newest there is, 0 without any."""
    found = Notification.objects.filter(teammate=teammate).order_by("-pk")
    return found.values_list("pk", flat=True).first() or 0


def _of(teammate: Teammate, mailbox_ids: Sequence[int]) -> QuerySet[Notification]:
    """Those of this teammate that the page tells of: not of kinds they do not want there, alarms to admins alone."""
    unwanted = NotificationChoice.objects.filter(teammate=teammate, in_page=False).values("kind")
    found = Notification.objects.filter(teammate=teammate, mailbox_id__in=mailbox_ids)
    if not teammate.is_admin:
        found = found.exclude(kind=NotificationKind.ALARM)
    return found.exclude(kind__in=unwanted)
