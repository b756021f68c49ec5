"""Mail to teammates who are away: what waits for one of them in a conversation is one letter, once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from majlis.channels import gate, noticing
from majlis.channels.models import NoticeLetter
from majlis.channels.noticing import About
from majlis.conversations.actions.answering import recipients_of
from majlis.conversations.models import Conversation, Entry, EntryKind, Shelf
from majlis.people import queries as people
from majlis.people.demo import is_made_up
from majlis.people.models import Notification, NotificationKind, Teammate

from .letter_words import Answering, Shown, letter_of, more_of
from .notice_words import Gathered, gather

log = logging.getLogger(__name__)

LETTERS_LOCK = 7105  # class of the transaction's advisory locks, one for each teammate
AWAY_AFTER = timedelta(minutes=5)
TOO_OLD = timedelta(days=1)
MOST_AN_HOUR = gate.MOST_AN_HOUR - 1  # and one for the rest: the gate stops an address that has more
MOST_ENTRIES = 5
_HOUR = timedelta(hours=1)
_AGAIN = timedelta(minutes=10)  # after a letter that could not be written
_OFF = frozenset({Shelf.SPAM.value, Shelf.TRASH.value, Shelf.MERGED.value})
_BY_CUSTOMER = frozenset({NotificationKind.NEW, NotificationKind.ANSWERED, NotificationKind.FOLLOWED})
_WAITING = (
    "select teammate_id from people_notification where mail_at <= %s"
    " group by teammate_id order by min(mail_at), teammate_id"
)
# A session is written to once in five minutes; an open conversation says every half minute that somebody is there.
_SEEN = (
    "select greatest((select max(seen_at) from people_session where teammate_id = %s),"
    " (select max(seen_at) from conversations_presence where teammate_id = %s))"
)


def mail_due(*, now: datetime | None = None) -> int:
    """Queue the letters that are due; how many. Any number of processes may do so at once.

    What is told is marked in the transaction that queues its letter: none is written twice, none is lost.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [now])
        waiting = [row[0] for row in cursor.fetchall()]
    return sum(_mail_safely(teammate_id, now) for teammate_id in waiting)


def next_at() -> datetime | None:
    """When the next letter may be due; None when nothing waits."""
    with connection.cursor() as cursor:
        cursor.execute("select min(mail_at) from people_notification where mail_at is not null")
        row = cursor.fetchone()
    return row[0] if row else None


def _mail_safely(teammate_id: int, now: datetime) -> int:
    """What cannot be mailed to one waits, and holds up nobody else."""
    try:
        return _mail(teammate_id, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("letters to teammate %s", teammate_id)
        Notification.objects.filter(teammate=teammate_id, mail_at__lte=now).update(mail_at=now + _AGAIN)
        return 0


def _mail(teammate_id: int, now: datetime) -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_xact_lock(%s::int, %s::int)", [LETTERS_LOCK, teammate_id])
            (is_mine,) = cursor.fetchone() or (False,)
        if not is_mine:
            return 0
        rows = list(Notification.objects.filter(teammate=teammate_id, mail_at__isnull=False).order_by("pk"))
        over = [row for row in rows if row.read_at is not None or row.at < now - TOO_OLD]
        rows = [row for row in rows if row not in over]
        _put_off(over, None)
        if not any(_is_due(row, now) for row in rows):
            return 0
        teammate = Teammate.objects.get(pk=teammate_id)
        if not _may_be_mailed(teammate, now=now):
            _put_off(rows, None)
            return 0
        if (seen_at := _last_seen(teammate)) is not None and seen_at + AWAY_AFTER > now:
            _put_off([row for row in rows if _is_due(row, now)], seen_at + AWAY_AFTER)
            return 0
        return _tell(teammate, rows, now)


def _tell(teammate: Teammate, rows: Sequence[Notification], now: datetime) -> int:
    """A letter for each conversation in which something is due, with what else waits there; one for the rest."""
    by_conversation: dict[int, list[Gathered]] = {}
    for one in gather(rows):
        if _is_worth(one, teammate):
            by_conversation.setdefault(one.conversation.pk, []).append(one)
    told = {one.notification.pk for found in by_conversation.values() for one in found}
    _put_off([row for row in rows if row.pk not in told], None)
    due = [
        found for found in by_conversation.values() if any(_is_due(one.notification, now) for one in found)
    ]
    sent = noticing.sent_since(teammate, now - _HOUR)
    left = max(0, MOST_AN_HOUR - sum(letter.becomes != NoticeLetter.Becomes.NOTHING for letter in sent))
    queued = sum(_write(teammate, found, now) for found in due[:left])
    if rest := [one.notification for found in due[left:] for one in found]:
        last = [one.created_at for one in sent if one.becomes == NoticeLetter.Becomes.NOTHING]
        if last:
            _put_off(rest, last[-1] + _HOUR)
        else:
            more = more_of(teammate, len(rest), now=now)
            queued += bool(noticing.queue_notice(teammate, more, About(), mailbox=None, now=now))
            _put_off(rest, None)
    return queued


def _write(teammate: Teammate, found: Sequence[Gathered], now: datetime) -> int:
    """One letter. One that cannot be written waits, and holds up no other."""
    rows = [one.notification for one in found]
    conversation = found[-1].conversation
    try:
        with transaction.atomic():
            becomes, copies = _becomes(found)
            letter = letter_of(
                teammate,
                found,
                _said(found, teammate),
                Answering(becomes, copies) if noticing.may_answer(conversation.mailbox) else None,
                now=now,
            )
            about = About(conversation.pk, becomes, conversation.seq)
            queued = noticing.queue_notice(teammate, letter, about, mailbox=conversation.mailbox, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("the letter to teammate %s about conversation %s", teammate.pk, conversation.pk)
        _put_off(rows, now + _AGAIN)
        return 0
    _put_off(rows, None)
    return int(queued is not None)


def _becomes(found: Sequence[Gathered]) -> tuple[NoticeLetter.Becomes, Sequence[str]]:
    """What an answer becomes, and who gets a copy: a reply where a customer wrote last and nothing internal was told."""
    newest = found[-1]
    has_note = any(one.entry is not None and one.entry.kind == EntryKind.NOTE for one in found)
    is_customer = newest.entry is not None and newest.entry.kind == EntryKind.MESSAGE
    if is_customer and newest.notification.kind in _BY_CUSTOMER and not has_note:
        to, copies = recipients_of(newest.conversation.pk)
        if to:
            return NoticeLetter.Becomes.REPLY, copies
    return NoticeLetter.Becomes.NOTE, ()


def _said(found: Sequence[Gathered], teammate: Teammate) -> Shown:
    """All that was said since the first thing that is told, by others; of much, the newest.

    Whoever answers has read it: the conversation's number that the letter carries was read before.
    """
    conversation, named = found[-1].conversation, [one.entry for one in found if one.entry is not None]
    standing = Entry.objects.filter(conversation=conversation, is_withdrawn=False, seq__lte=conversation.seq)
    first = min((entry.seq for entry in named), default=0) or _last_message(conversation)
    own = Q(teammate=teammate) & ~Q(pk__in=[entry.pk for entry in named])
    others = standing.filter(seq__gte=first).exclude(own).defer("html", "quoted", "quoted_above")
    newest = list(others.prefetch_related("attachments").order_by("-seq")[:MOST_ENTRIES])
    return Shown(newest[::-1], others.count() - len(newest))


def _last_message(conversation: Conversation) -> int:
    messages = Entry.objects.filter(conversation=conversation, is_withdrawn=False, kind=EntryKind.MESSAGE)
    return messages.order_by("-seq").values_list("seq", flat=True).first() or 0


def _is_worth(one: Gathered, teammate: Teammate) -> bool:
    """Looked at again: nothing a machine wrote, nothing put away or made up, nothing from the reader's own address."""
    entry, conversation = one.entry, one.conversation
    if str(conversation.shelf) in _OFF or is_made_up(conversation.mailbox.address):
        return False
    if entry is None or entry.kind != EntryKind.MESSAGE:
        return True
    is_from_reader = entry.from_address.lower() == teammate.email.lower()
    return not (entry.automatic or entry.is_historic or is_from_reader)


def _may_be_mailed(teammate: Teammate, *, now: datetime) -> bool:
    """Claims that letters reach somebody who still works here, and none of our own mailboxes."""
    if not teammate.is_active or teammate.email in people.own_addresses():
        return False
    return not noticing.comes_back(teammate, now=now)


def _last_seen(teammate: Teammate) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [teammate.pk, teammate.pk])
        row = cursor.fetchone()
    return row[0] if row else None


def _is_due(row: Notification, now: datetime) -> bool:
    return row.mail_at is not None and row.mail_at <= now


def _put_off(rows: Sequence[Notification], until: datetime | None) -> None:
    """These are mailed at another time, or never."""
    if rows:
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail_at=until)
