"""How the sending of a mailbox stands: what left lately, what waits, whether its server asked for a rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from majlis.channels.actions import pacing
from majlis.channels.models import Delivery, OutgoingServer, State
from majlis.channels.problems import ConnectionProblem
from majlis.channels.queries import way_of
from majlis.people.models import Mailbox


@dataclass(frozen=True, slots=True)
class Standing:
    """`host`: where its mail goes, "" without a way out. `rest`: until when nothing is tried, None when something is."""

    host: str
    keys: tuple[str, ...]
    last_hour: int
    last_day: int
    waiting: int
    rest: pacing.Wait | None
    size_limit: int


def standing(mailbox: Mailbox) -> Standing:
    """What the settings page of a mailbox says of its sending."""
    try:
        way = way_of(mailbox)
    except ConnectionProblem:
        way = None
    keys: tuple[str, ...] = (pacing.key_of_mailbox(mailbox.pk),)
    if way is not None:
        keys = (pacing.key_of_server(way.host, way.port), *keys)
    now = timezone.now()
    since = now - timedelta(hours=1)
    counted = Delivery.objects.filter(mailbox=mailbox, transmitting_at__gt=now - timedelta(days=1)).aggregate(
        day=Count("pk"), hour=Count("pk", filter=Q(transmitting_at__gt=since))
    )
    size = OutgoingServer.objects.filter(key=keys[0]).values_list("size_limit", flat=True).first()
    return Standing(
        host=way.host if way else "",
        keys=keys,
        last_hour=counted["hour"],
        last_day=counted["day"],
        waiting=Delivery.objects.filter(mailbox=mailbox, state=State.QUEUED).count(),
        rest=pacing.resting(keys),
        size_limit=size or 0,
    )
