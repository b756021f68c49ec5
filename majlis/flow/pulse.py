"""How the desk fares right now: is the worker at work, does anything pile up, is every mailbox being fetched.

Read by `majlis doctor` and the health page; three short questions, cheap enough for a monitor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from majlis.channels import problems, stale
from majlis.channels.models import MailConnection

# Held, shared, by the listening session of every worker: it goes with the process, however that ends.
WORKER_LOCK = 7111
LATE_AFTER = timedelta(minutes=5)
# A long import is no fault as long as something was taken in so lately.
MOVING_WITHIN = timedelta(minutes=2)

_QUEUES = """
with raw as (
    select count(*) as number, min(id) as first, min(received_at) as since
    from channels_rawmessage where taken_in_at is null and quarantined_at is null
), due as (
    select count(*) as number, min(due_at) as since
    from channels_delivery where state = 'queued' and due_at < now()
), events as (
    select count(*) as number, min(at) as since from journal_event where reacted_at is null
)
select 'raw', number, since, (
    select max(taken_in_at) from (
        select taken_in_at from channels_rawmessage where id < raw.first order by id desc limit 50
    ) lately
) from raw
union all select 'due', number, since, (
    select max(settled_at) from (
        select settled_at from channels_delivery order by id desc limit 50
    ) lately
) from due
union all select 'events', number, since, (
    select max(reacted_at) from (
        select reacted_at from journal_event where reacted_at is not null order by id desc limit 50
    ) lately
) from events
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits to be done: mail not taken in ("raw"), mail due to leave ("due"), events ("events")."""

    name: str
    number: int
    since: datetime | None
    moved_at: datetime | None

    @property
    def is_stuck(self) -> bool:
        """Claims that something waits for long, and that nothing was done lately."""
        now = timezone.now()
        is_late = self.since is not None and now - self.since > LATE_AFTER
        return is_late and (self.moved_at is None or now - self.moved_at > MOVING_WITHIN)


@dataclass(frozen=True, slots=True)
class Fetching:
    """How the fetching of one mailbox stands. `problem` in words for a person; `is_stale` as `channels.stale` has it."""

    address: str
    checked_at: datetime | None
    problem: str
    is_stale: bool


def is_worker_there() -> bool:
    """Whether a worker process holds its session open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from pg_locks l join pg_database d on d.oid = l.database"
            " where d.datname = current_database() and l.locktype = 'advisory' and l.objsubid = 1"
            " and l.classid = 0 and l.objid = %s and l.granted)",
            [WORKER_LOCK],
        )
        return bool((cursor.fetchone() or (False,))[0])


def queues() -> list[Queue]:
    """All three."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUES)
        return [Queue(*row) for row in cursor.fetchall()]


def mailboxes() -> list[Fetching]:
    """Every mailbox that is to be fetched."""
    rows = (
        MailConnection.objects.filter(is_enabled=True)
        .exclude(in_host="")
        .select_related("mailbox")
        .order_by("mailbox__address")
    )
    doubtful = {alarm.connection.pk for alarm in stale.alarms()}
    return [
        Fetching(row.mailbox.address, row.checked_at, _words(row.problem), row.pk in doubtful) for row in rows
    ]


def _words(problem: str) -> str:
    if not problem:
        return ""
    return problems.words(problem) if problem in problems.CODES else problems.explain(problem)
