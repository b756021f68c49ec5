"""Who is told of what: a batch of events becomes notifications in one statement, and is settled by it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from majlis.journal.actions import nudge, wake
from majlis.journal.models import Event
from majlis.people.models import Notification
from majlis.people.notifying import DEFAULTS, quiet_ids

log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
MAIL_AFTER: Final = timedelta(minutes=2)
KEPT_READ: Final = timedelta(days=30)
KEPT: Final = timedelta(days=90)

# A follower hears of these; of a status, when a person set it by itself and not by writing or taking back.
_FOLLOWED = ("customer.wrote", "reply.posted", "note.added", "question.answered", "status.changed")
_FAILED = ("delivery.failed", "delivery.held")
_PUT_AWAY = ("spam.marked", "trashed")
_OTHERS = ("mentioned", "assigned", "bounced", "reply.withdrawn", "merged", "automatic.stopped")
KINDS: Final = sorted({*_OTHERS, *_FAILED, *_FOLLOWED, *_PUT_AWAY})

# What weighs more comes first: of one event a person is told once.
_WEIGHTS = ("mentioned", "assigned", "failed", "answered", "followed", "new")
_USUAL = ", ".join(
    f"('{kind}', {weight}, {usual.in_page}, {usual.by_push}, {usual.by_mail})"
    for weight, kind in enumerate(_WEIGHTS)
    for usual in [DEFAULTS[kind]]
)


# Claims that the teammate `t` may see the mailbox of `n`.
_SEES = (
    "t.is_active and (t.role in ('owner', 'admin') or exists ("
    "select from people_mailboxaccess a where a.teammate_id = t.id and a.mailbox_id = n.mailbox_id))"
)


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


# What a mailbox may have to acknowledge is written down with it, for `acknowledging`.
# What stops for an address in no conversation is told of the mailbox itself.
# Rows are written in one order. That something is nobody's (`new`) is no news once somebody has it, or it is put away:
# then it counts as read. What was read before the bell rang (`on conflict`) stays as it is: it may run again.
_TELL = f"""
with batch as materialized (
  select id, kind, conversation_id, mailbox_id, seq, actor_id, at, data from journal_event
  where reacted_at is null and kind = any(%(kinds)s::text[]) and (%(only)s::bigint is null or id = %(only)s::bigint)
  order by id limit %(batch)s for update skip locked),
news as materialized (
  select b.id, b.kind, b.seq, b.actor_id, b.at, b.data, c.id as number, c.mailbox_id, c.assignee_id,
    e.id as entry_id, e.teammate_id as writer_id, coalesce(e.automatic, '') <> '' as is_automatic
  from batch b join conversations_conversation c on c.id = b.conversation_id
  left join conversations_entry e on e.id = (b.data ->> 'entry')::bigint
  where c.shelf not in ('spam', 'trash') and not coalesce(e.is_historic or e.is_withdrawn, false)),
seeing as materialized (
  select t.id as teammate_id, n.mailbox_id from people_teammate t
  cross join (select distinct mailbox_id from news) n where {_SEES}),
chosen as (
  select distinct on (n.id, k.teammate_id) n.id, k.teammate_id, k.kind, n.number, n.mailbox_id, n.entry_id, n.at,
    n.is_automatic, coalesce(o.by_push, u.by_push) as by_push, coalesce(o.by_mail, u.by_mail) as by_mail
  from news n cross join lateral (
    select named::bigint, 'mentioned' from jsonb_array_elements_text(n.data -> 'teammates') as named
      where n.kind = 'mentioned'
    union all select (n.data ->> 'to')::bigint, 'assigned' where n.kind = 'assigned'
    union all select n.writer_id, 'failed'
      where n.kind in ({_listed(_FAILED)}) or (n.kind = 'bounced' and n.data ->> 'is_final' = 'true')
    union all select s.teammate_id, 'failed' from seeing s
      join people_teammate a on a.id = s.teammate_id and a.role in ('owner', 'admin')
      where n.kind = 'automatic.stopped' and s.mailbox_id = n.mailbox_id
    union all select n.assignee_id, 'answered' where n.kind = 'customer.wrote'
    union all select f.teammate_id, 'followed' from conversations_follower f
      where f.conversation_id = n.number and n.kind in ({_listed(_FOLLOWED)})
      and (n.kind <> 'status.changed' or n.actor_id is not null and not exists (
        select from journal_event p where p.conversation_id = n.number and p.seq = n.seq - 1
        and p.actor_id = n.actor_id and p.kind in ('reply.posted', 'reply.withdrawn')))
      and (n.kind <> 'note.added' or not exists (
        select from conversations_mention m where m.entry_id = n.entry_id and m.teammate_id = f.teammate_id))
    union all select s.teammate_id, 'new' from seeing s
      where n.kind = 'customer.wrote' and n.assignee_id is null and s.mailbox_id = n.mailbox_id
  ) as k (teammate_id, kind)
  join people_teammate t on t.id = k.teammate_id
  join (values {_USUAL}) as u (kind, weight, in_page, by_push, by_mail) on u.kind = k.kind
  left join people_notificationchoice o on o.teammate_id = k.teammate_id and o.kind = k.kind
  where k.teammate_id is distinct from n.actor_id and {_SEES}
    and (coalesce(o.in_page, u.in_page) or coalesce(o.by_push, u.by_push) or coalesce(o.by_mail, u.by_mail))
  order by n.id, k.teammate_id, u.weight),
told as (
  insert into people_notification
    (teammate_id, kind, event_id, conversation_id, mailbox_id, entry_id, at, push_at, mail_at)
  select teammate_id, kind, id, number, mailbox_id, entry_id, at,
    case when by_push and not is_automatic and teammate_id <> all(%(quiet)s::bigint[]) then %(now)s end,
    case when by_mail and not is_automatic then %(mail_at)s end
  from chosen order by id, teammate_id
  on conflict (teammate_id, event_id) do nothing returning teammate_id, mailbox_id, push_at, mail_at),
alarmed as (
  insert into people_notification (teammate_id, kind, event_id, mailbox_id, at, push_at)
  select t.id, 'alarm', b.id, b.mailbox_id, b.at,
    case when t.id <> all(%(quiet)s::bigint[]) then %(now)s end
  from batch b join people_teammate t on t.is_active and t.role in ('owner', 'admin')
  where b.kind = 'automatic.stopped' and b.conversation_id is null and b.mailbox_id is not null
  order by b.id, t.id on conflict (teammate_id, event_id) do nothing returning teammate_id, mailbox_id, push_at),
due as (
  insert into channels_acknowledgementdue (entry_id)
  select n.entry_id from news n where n.kind = 'customer.wrote' and n.entry_id is not null
    and (exists (select from channels_acknowledgement k where k.mailbox_id = n.mailbox_id and k.is_on)
      or exists (select from channels_channelrule r where r.mailbox_id = n.mailbox_id)) order by n.entry_id on conflict do nothing),
gone as (
  delete from people_notification p using batch b join conversations_follower f
    on f.conversation_id = b.conversation_id
  where b.kind = 'reply.withdrawn' and p.teammate_id = f.teammate_id and p.conversation_id = b.conversation_id
    and p.entry_id = (b.data ->> 'entry')::bigint and p.read_at is null
  returning p.teammate_id, p.mailbox_id),
moved as (
  update people_notification p set conversation_id = n.number, mailbox_id = n.mailbox_id
  from news n join seeing s on s.mailbox_id = n.mailbox_id
  where n.kind = 'merged' and p.teammate_id = s.teammate_id and p.read_at is null
    and p.conversation_id = (n.data ->> 'number')::bigint),
over as (
  select distinct conversation_id from batch
  where (kind = 'assigned' and data ->> 'to' is not null) or kind in ({_listed(_PUT_AWAY)})
    or (kind = 'status.changed' and data ->> 'after' = 'closed')),
taken as (
  update people_notification p set read_at = %(now)s from over o cross join people_teammate t
  where p.teammate_id = t.id and p.conversation_id = o.conversation_id and p.read_at is null and p.kind = 'new'
  returning p.teammate_id, p.mailbox_id),
settled as (update journal_event set reacted_at = %(now)s where id = any(array(select id from batch)))
select (select count(*) from batch),
  coalesce((select jsonb_agg(jsonb_build_array(teammate_id, mailbox_id)) from (
    select teammate_id, mailbox_id from told union select teammate_id, mailbox_id from alarmed union select teammate_id, mailbox_id from gone
    union select teammate_id, mailbox_id from taken) as x), '[]'),
  coalesce((select bool_or(push_at is not null or mail_at is not null) from told), false)
    or exists (select from alarmed where push_at is not null)
"""  # noqa: S608


def tell_pending(*, batch: int = 200) -> int:
    """Tell of the events nobody was told of yet; how many were settled.

    Never the one who did it, nobody who cannot see the mailbox; nothing of spam, of what lies in the trash, of what
    was imported. Of two processes at it, each takes what the other leaves.
    """
    done = 0
    while True:
        try:
            settled = _tell(batch)
        except OperationalError:
            raise
        except DatabaseError:
            log.exception("telling of a batch of events failed; each is told by itself")
            settled = _one_by_one(batch)
        done += settled
        if settled < batch:
            return done


def _tell(batch: int, *, only: int | None = None) -> int:
    """Tell of the oldest events, or of one alone; how many there were."""
    now = timezone.now()
    given: dict[str, Any] = {"kinds": KINDS, "batch": batch, "only": only, "now": now}
    given |= {"quiet": quiet_ids(now), "mail_at": now + MAIL_AFTER}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_TELL, given)
            settled, concerned, is_leaving = cursor.fetchone()
        for teammate_id, mailbox_id in orjson.loads(concerned):
            nudge({"k": "notice", "t": teammate_id, "m": mailbox_id})
        if is_leaving:
            wake("notices")
    return int(settled)


def _one_by_one(batch: int) -> int:
    """What cannot be told three times is settled with its error on it, and holds up nothing."""
    settled = 0
    waiting = Event.objects.filter(reacted_at=None, kind__in=KINDS).order_by("pk")
    for pk, attempts in waiting.values_list("pk", "attempts")[:batch]:
        try:
            settled += _tell(1, only=pk)
        except OperationalError:
            raise
        except DatabaseError as problem:
            is_last = attempts + 1 >= ATTEMPTS
            Event.objects.filter(pk=pk).update(
                attempts=F("attempts") + 1,
                error=f"{type(problem).__name__}: {problem}"[:500],
                reacted_at=timezone.now() if is_last else None,
            )
            settled += is_last
    return settled


def forget_old(now: datetime) -> int:
    """Notifications that were read and are a month old go, all go after three; how many went."""
    is_old = Q(at__lt=now - KEPT_READ, read_at__isnull=False) | Q(at__lt=now - KEPT)
    number, _ = Notification.objects.filter(is_old).delete()
    return number
