"""The one gate for all mail that nobody wrote: asked before it is queued, under a lock, with what it decided kept.

Decided by address, over all kinds and mailboxes (RFC 3834 §2; LESSONS 7). An address that got too much, or that talks
with us like a machine, gets nothing automatic for a day, or until a person lets it go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from majlis.channels.bounced import may_mail
from majlis.channels.email.automatic import is_nobody
from majlis.channels.email.threading import normalise_subject
from majlis.channels.looping import is_talking_alone
from majlis.channels.models import AutomaticMail, StoppedAddress
from majlis.journal import actions as journal
from majlis.lib.errors import Refused
from majlis.lib.own import plain
from majlis.people import queries as people
from majlis.people.demo import is_made_up
from majlis.people.models import Teammate

GATE_LOCK: Final = 7106  # class of the transaction's advisory locks, one for each address
MOST_AN_HOUR: Final = 20
MOST_ASKED_AN_HOUR: Final = 60  # of those a person asked for, all others counted
MOST_EQUAL: Final = 4  # of the same words to the same address,
EQUAL_WITHIN: Final = timedelta(minutes=10)  # in so long
STOPPED_FOR: Final = timedelta(days=1)
KEPT: Final = timedelta(days=30)
_HOUR: Final = timedelta(hours=1)

# Every code a mail may be refused with; those of acknowledgements alone come from `acknowledging`.
REFUSALS: Final = frozenset(
    {"own", "nobody", "demo", "bounces", "stopped", "loop", "flood"}
    | {"automatic", "historic", "put_away", "late", "no_way", "in_thread", "answered", "today", "failed"}
    | {"in_hours", "rush", "not_covered"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A mail that wants to leave by itself. `is_asked_for`: a person wants it now (a link for a new password)."""

    address: str
    kind: AutomaticMail.Kind
    subject: str
    text: str
    mailbox_id: int | None = None
    conversation_id: int | None = None
    is_asked_for: bool = False


def lets_through(asked: Asked, *, now: datetime, unless: Callable[[], str] | None = None) -> str:
    """Decide, inside the transaction in which the mail is queued; returns why it is refused, empty when it may go.

    `unless` returns a further reason against it, asked under the lock. What is decided is kept either way. Whoever
    holds a conversation took it before: the lock of an address comes last, and no transaction asks for two.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the gate is asked in the transaction that queues")
    address = counted(asked.address)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s::int, hashtext(%s))", [GATE_LOCK, address])
    code = _against(asked, address, now, unless)
    keep(asked, code, now=now)
    return code


def keep(asked: Asked, code: str, *, now: datetime) -> None:
    """Write down what was decided: `code`, or empty for what goes. Raises ValueError for a code nobody has words for."""
    if code and code not in REFUSALS:
        raise ValueError(f"{code} is no reason of the gate")
    AutomaticMail.objects.create(
        address=counted(asked.address),
        kind=asked.kind,
        mailbox_id=asked.mailbox_id,
        conversation_id=asked.conversation_id,
        digest=_digest(asked),
        refused=code,
        at=now,
    )


def counted(address: str) -> str:
    """The address as it is counted: lower case, without what stands behind a plus in the name."""
    return plain(address.strip())


def is_stopped(address: str, *, now: datetime) -> bool:
    """Claims that the address gets nothing automatic now."""
    return stopped(now=now).filter(address=counted(address)).exists()


def stopped(*, now: datetime) -> QuerySet[StoppedAddress]:
    """The addresses that get nothing automatic now, the newest first."""
    return StoppedAddress.objects.filter(let_go_at=None, at__gt=now - STOPPED_FOR).order_by("-at")


def let_go_on(by: Teammate, address: str) -> None:
    """Let an address have automatic mail again; what it got before counts no more.

    Raises Refused: not_allowed; not_found when it is not stopped.
    """
    if not by.is_admin:
        raise Refused("not_allowed")
    now = timezone.now()
    with transaction.atomic():
        found = stopped(now=now).select_for_update().filter(address=counted(address)).first()
        if found is None:
            raise Refused("not_found")
        found.let_go_at = now
        found.save(update_fields=["let_go_at"])
        journal.record(
            "automatic.resumed",
            mailbox_id=found.mailbox_id,
            actor_id=by.pk,
            data={"address": found.address},
        )


def forget_old(*, now: datetime) -> None:
    """What was decided is kept for `KEPT`."""
    AutomaticMail.objects.filter(at__lt=now - KEPT).delete()
    StoppedAddress.objects.filter(at__lt=now - KEPT).delete()


def forget_conversation(conversation_id: int) -> None:
    """What was decided about a conversation goes with it."""
    AutomaticMail.objects.filter(conversation_id=conversation_id).delete()


def forget_address(address: str) -> None:
    """Nothing is known of this address any more."""
    AutomaticMail.objects.filter(address=counted(address)).delete()
    StoppedAddress.objects.filter(address=counted(address)).delete()


def _against(asked: Asked, address: str, now: datetime, unless: Callable[[], str] | None) -> str:
    found = StoppedAddress.objects.filter(address=address).first()
    since = found.let_go_at if found is not None else None
    if not asked.is_asked_for:
        if code := _unreachable(asked, address):
            return code
        if found is not None and since is None and found.at > now - STOPPED_FOR:
            return "stopped"
        if _is_loop(asked, address, now, since):
            return _stop(asked, address, StoppedAddress.Why.LOOP, now)
    if unless is not None and (code := unless()):
        return code
    most = MOST_ASKED_AN_HOUR if asked.is_asked_for else MOST_AN_HOUR
    if _sent(address, _later(now - _HOUR, since)).count() >= most:
        return _stop(asked, address, StoppedAddress.Why.FLOOD, now)
    return ""


def _unreachable(asked: Asked, address: str) -> str:
    if is_nobody(address):
        return "nobody"
    if is_made_up(address):
        return "demo"
    if address in people.own_addresses() or address == plain(settings.DEFAULT_FROM_EMAIL):
        return "own"
    if asked.kind == AutomaticMail.Kind.NOTICE:
        return ""  # a teammate's own address: two letters that came back rest it for a week (noticing.comes_back)
    return "" if may_mail(asked.address) else "bounces"


def _is_loop(asked: Asked, address: str, now: datetime, since: datetime | None) -> bool:
    """Claims that the two talk like machines: we say the same again and again, or they do since we wrote to them."""
    lately = _later(now - EQUAL_WITHIN, since)
    if _sent(address, lately).filter(digest=_digest(asked)).count() >= MOST_EQUAL:
        return True
    wrote = _sent(address, _later(now - _HOUR, since)).order_by("at").values_list("at", flat=True).first()
    return wrote is not None and is_talking_alone(asked.address, since=max(lately, wrote))


def _stop(asked: Asked, address: str, why: StoppedAddress.Why, now: datetime) -> str:
    """Nothing more for a day, and the admins are told, once."""
    values = {"why": why, "mailbox_id": asked.mailbox_id, "at": now, "let_go_at": None}
    told = StoppedAddress.objects.filter(address=address, let_go_at=None, at__gt=now - STOPPED_FOR)
    is_told = told.exists()
    if not is_told:
        StoppedAddress.objects.update_or_create(address=address, defaults=values)
        conversation_id = asked.conversation_id or _last_conversation(address)
        journal.record(
            "automatic.stopped",
            conversation_id=conversation_id,
            mailbox_id=asked.mailbox_id,
            data={"address": address, "why": why.value},
        )
    return why.value


def _last_conversation(address: str) -> int | None:
    """Where the bell may lead for a mail that is about none."""
    about = AutomaticMail.objects.filter(address=address, conversation_id__isnull=False)
    return about.order_by("-pk").values_list("conversation_id", flat=True).first()


def _sent(address: str, since: datetime) -> QuerySet[AutomaticMail]:
    return AutomaticMail.objects.filter(address=address, refused="", at__gt=since)


def _later(moment: datetime, other: datetime | None) -> datetime:
    return moment if other is None else max(moment, other)


def _digest(asked: Asked) -> str:
    said = f"{normalise_subject(asked.subject).casefold()}\0{' '.join(asked.text.split())}"
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:32]
