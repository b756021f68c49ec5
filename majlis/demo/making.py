"""Making the shop: all of it or nothing, in one transaction that nobody sees before its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from majlis.conversations.models import Conversation
from majlis.demo import details, plan, staging
from majlis.demo.clock import Clock, standing
from majlis.demo.playing import Player
from majlis.files.models import File
from majlis.journal import actions as journal
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Customer, Demo, Role, Teammate

DEMO_LOCK: Final = 7110
SEED: Final = 20_260
CONVERSATIONS: Final = 320


@dataclass(frozen=True, slots=True)
class Made:
    """How much was made, or taken away."""

    conversations: int
    customers: int


def make(
    *,
    by: Teammate | None = None,
    number: int = CONVERSATIONS,
    seed: int = SEED,
    now: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> Made:
    """Make the shop with so many conversations, the last of them at `now`; `by` answers for it, the owner by default.

    Mail is taken in and answered by the actions that do so every day, which are told the time of the story. Nothing
    leaves: every reply is settled before anybody could send it. Nobody is told of what happened: all events are
    settled too. Raises Refused: `no_owner`, `demo_there`, `demo_busy`.
    """
    installation = people.installation()
    owner = by or Teammate.objects.filter(role=Role.OWNER, is_active=True).order_by("pk").first()
    if owner is None or installation is None:
        raise Refused("no_owner")
    zone = ZoneInfo(installation.time_zone)
    now = (now or timezone.now()).astimezone(zone)
    with transaction.atomic():
        hold()
        if Demo.objects.filter(made_at__isnull=False).exists():
            raise Refused("demo_there")
        first = _newest_file()
        stage = staging.set_up(
            language="en" if installation.language == "en" else "ar",
            time_zone=installation.time_zone,
            now=now,
        )
        stories = plan.stories(seed=seed, now=now, number=number)
        clock = Clock(now)
        with standing(clock):
            player = Player(stage, clock, seed=seed, now=now)
            player.play(stories, progress=progress)
            player.hand_to(owner, stories)
            clock.at = now
            details.write_down(stage, seed=seed, today=now.date())
        stage.made["files"] = [first, _newest_file()]
        return _finish(stage, owner)


def hold() -> None:
    """One process at a time makes or removes the shop, until its transaction ends. Raises Refused("demo_busy")."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s::bigint)", [DEMO_LOCK])
        if not (cursor.fetchone() or (False,))[0]:
            raise Refused("demo_busy")


def _newest_file() -> int:
    return File.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _finish(stage: staging.Stage, owner: Teammate) -> Made:
    boxes = stage.made["mailboxes"]
    # What follows from events (being told of them, say) is for the living.
    Event.objects.filter(mailbox_id__in=boxes, reacted_at=None).update(reacted_at=timezone.now())
    made = Made(
        Conversation.objects.filter(mailbox__in=boxes).count(),
        Customer.objects.filter(conversations__mailbox__in=boxes).distinct().count(),
    )
    values = {"asked": "", "problem": "", "made_at": timezone.now(), "made": stage.made}
    Demo.objects.update_or_create(pk=1, defaults=values)
    told = {"conversations": made.conversations, "customers": made.customers}
    journal.record("demo.made", actor_id=owner.pk, data=told)
    return made
