"""Letters that tell teammates what happened: by which way they leave, and how an answer is known."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.threading import make_notice_id, read_notice
from majlis.channels.gate import Asked, lets_through
from majlis.channels.letters import has_way_out, may_leave
from majlis.channels.models import (
    AUTOMATIC_RANK,
    AutomaticMail,
    Delivery,
    MailConnection,
    NoticeLetter,
    RawMessage,
    Route,
    State,
)
from majlis.channels.outbox import signing_key
from majlis.journal import actions as journal
from majlis.people.models import Mailbox, Teammate

KEPT = timedelta(days=30)
_BOUNCES = 2  # so many letters in a row that did not arrive,
_REST = timedelta(days=7)  # and no other follows for so long


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says; `html` is clean, `from_name` is who it tells of."""

    subject: str
    text: str
    html: str
    from_name: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a letter is about and what an answer to it becomes, as `NoticeLetter` has it."""

    conversation_id: int | None = None
    becomes: NoticeLetter.Becomes = NoticeLetter.Becomes.NOTHING
    seen_seq: int = 0
    answer_key: str | None = None
    in_reply_to: str = ""


def queue_notice(
    teammate: Teammate, letter: Letter, about: About, *, mailbox: Mailbox | None, now: datetime
) -> NoticeLetter | None:
    """Queue a letter to `teammate`, inside the caller's transaction; None where there is no way out.

    None too where the gate refuses it.

    It leaves from `mailbox`, so that an answer comes back there. A mailbox that has no way of its own is left out.
    """
    mailbox = mailbox if mailbox is not None and may_leave(mailbox) else None
    if mailbox is None and not has_way_out():
        return None
    asked = Asked(
        teammate.email,
        AutomaticMail.Kind.NOTICE,
        letter.subject,
        letter.text,
        mailbox_id=mailbox.pk if mailbox else None,
        conversation_id=about.conversation_id,
    )
    if lets_through(asked, now=now):
        return None
    reference = secrets.randbits(62)
    address = mailbox.address if mailbox else settings.DEFAULT_FROM_EMAIL
    domain = ascii_domain(address).rpartition("@")[2]
    with transaction.atomic():
        delivery = Delivery.objects.create(
            mailbox=mailbox,
            letter={
                "to": teammate.email,
                "from_name": letter.from_name,
                "subject": letter.subject,
                "text": letter.text,
                "html": letter.html,
                "in_reply_to": about.in_reply_to,
            },
            message_id=make_notice_id(reference, teammate.pk, domain=domain, key=signing_key()),
            rank=AUTOMATIC_RANK,
            due_at=now,
            created_at=now,
        )
        queued = NoticeLetter.objects.create(
            reference=reference,
            delivery=delivery,
            teammate=teammate,
            conversation_id=about.conversation_id,
            becomes=about.becomes,
            seen_seq=about.seen_seq,
            answer_key=about.answer_key,
            created_at=now,
        )
        journal.wake("deliver")
    return queued


def may_answer(mailbox: Mailbox) -> bool:
    """Claims that a letter leaves from this mailbox's address and that an answer to it comes back here."""
    if not may_leave(mailbox):
        return False
    if MailConnection.objects.filter(mailbox=mailbox, is_enabled=True).exclude(in_host="").exists():
        return True
    by_lmtp = RawMessage.objects.filter(mailbox=mailbox, route=Route.LMTP)
    return bool(settings.CONFIG.lmtp_port) and by_lmtp.exists()


def sent_since(teammate: Teammate, moment: datetime) -> list[NoticeLetter]:
    """The letters to `teammate` from that moment on, oldest first."""
    return list(NoticeLetter.objects.filter(teammate=teammate, created_at__gt=moment).order_by("created_at"))


def comes_back(teammate: Teammate, *, now: datetime) -> bool:
    """Claims that the last letters to the address of `teammate` were refused or bounced for good, and lately.

    Told from the deliveries: `failed` is what a server refused, what came back, and what found no way for two days.
    """
    settled = Delivery.objects.filter(
        notice_letter__teammate=teammate, state__in=[State.SENT, State.FAILED], letter__to=teammate.email
    )
    last = list(settled.order_by("-pk")[:_BOUNCES])
    return (
        len(last) == _BOUNCES
        and all(one.state == State.FAILED for one in last)
        and (last[0].settled_at or last[0].created_at) > now - _REST
    )


def is_own(message_id: str | None) -> bool:
    """Claims that this is the id of a letter of ours."""
    return message_id is not None and read_notice(message_id, signing_key()) is not None


def answered_by(ids: Sequence[str]) -> NoticeLetter | None:
    """The letter that the first of these ids names with our signature; None when none does, or it is forgotten."""
    for value in ids:
        named = read_notice(value, signing_key())
        if named is None:
            continue
        letters = NoticeLetter.objects.select_related("teammate", "delivery")
        return letters.filter(reference=named.reference, teammate=named.teammate_id).first()
    return None


def forget_letters(conversation_id: int) -> None:
    """The letters about a conversation go with it; one that is on its way goes later, with the old ones."""
    _forget(Q(notice_letter__conversation_id=conversation_id))


def forget_old_letters(*, now: datetime) -> None:
    """What was told is kept for `KEPT`: an answer is taken for half as long."""
    _forget(Q(notice_letter__created_at__lt=now - KEPT))


def _forget(which: Q) -> None:
    Delivery.objects.filter(which).exclude(state=State.SENDING).delete()
