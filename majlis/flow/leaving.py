"""A visitor reads, writes, leaves an address, and goes: what they have not seen follows them by mail."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from majlis.channels.chat import mailing, queries, standing
from majlis.channels.chat.models import ChatThread, Visitor
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.merge_customers import merge_customers
from majlis.conversations.models import Conversation, Entry, EntryKind, Participant
from majlis.journal.actions import nudge, wake
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.models import Customer, CustomerAddress

log = logging.getLogger(__name__)
MOST_DUE: Final = 50
AGAIN_AFTER: Final = timedelta(hours=1)

_READ = (
    "update channels_chatthread t set read_seq = least(%s, c.seq), read_at = now()"
    " from conversations_conversation c where t.conversation_id = %s and c.id = t.conversation_id"
    "  and t.read_seq < least(%s, c.seq) returning t.read_seq, c.mailbox_id"
)

# The chats that will be looked at, and when: one that the team closed a minute after that.
_AT = (
    "select t.conversation_id as number, least(t.mail_due_at,"
    "  case when c.status = 'closed' then c.closed_at + make_interval(secs => %s) end) as at"
    " from channels_chatthread t join conversations_conversation c on c.id = t.conversation_id"
    " where t.mail_due_at is not null"
)
_NEXT = f"select min(at) from ({_AT}) as due"  # noqa: S608
_DUE = f"select number from ({_AT}) as due where at <= %s order by at limit %s"  # noqa: S608
_QUIET_SECONDS = standing.QUIET.total_seconds()


def seen(thread: ChatThread, seq: int) -> None:
    """The visitor has seen the conversation up to `seq`; a mark never goes back. Open pages of the desk hear of it."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [seq, thread.conversation_id, seq])
        row = cursor.fetchone()
    if row is not None:
        nudge({"k": "visited", "c": thread.conversation_id, "s": row[0], "m": row[1]})


def typing(thread: ChatThread) -> None:
    """The visitor is writing: told, and not kept."""
    nudge({"k": "typing", "c": thread.conversation_id, "m": thread.conversation.mailbox_id})


def address_of(visitor: Visitor) -> str:
    """Where this visitor gets mail of their newest chat, as far as it is known."""
    newest = queries.threads_of(visitor).order_by("-conversation__last_activity_at").first()
    return standing.address_of(newest) if newest else ""


def give_address(thread: ChatThread, typed: str, *, now: datetime) -> None:
    """Send what this visitor does not see to an address they typed.

    It identifies nobody: who they are shows when a mail to it is answered. Raises Refused: not_an_address,
    address_known (the chat has one that is proven, or signed by the site).
    """
    address = typed.strip().lower()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise Refused("not_an_address") from problem
    if address in people.own_addresses():
        raise Refused("not_an_address")
    if thread.proven_at is not None or thread.visitor is None or thread.visitor.identity:
        raise Refused("address_known")
    with transaction.atomic():
        held = ChatThread.objects.select_for_update().get(pk=thread.pk)
        held.address = address
        held.mail_due_at = held.mail_due_at or now + standing.QUIET
        held.save(update_fields=["address", "mail_due_at"])
        wake("letters")
        told = {"k": "visited", "c": thread.conversation_id, "s": held.read_seq}
        nudge({**told, "m": thread.conversation.mailbox_id})


def end(thread: ChatThread) -> None:
    """The visitor says that they are done; a copy goes by mail when an address is known."""
    with changing(thread.conversation_id) as change:
        held = ChatThread.objects.select_for_update().get(pk=thread.pk)
        if held.ended_at is not None:
            return
        held.ended_at = held.mail_due_at = timezone.now()
        held.save(update_fields=["ended_at", "mail_due_at"])
        change.record("chat.ended")
    wake("letters")


def answered_by_mail(conversation_id: int, address: str, customer: Customer) -> Customer:
    """A mail from `address` comes into a conversation, by `customer`: if it is a chat, it goes on by mail.

    From the address that its visitor typed it proves who they are: nobody else had a mail of ours to answer, and none
    but one with our signed id comes here from an address that takes no part. Then the visitor is that customer,
    if nothing was known of them before.
    Inside the arrival's transaction, before the conversation is held.
    """
    thread = ChatThread.objects.select_for_update().filter(conversation=conversation_id).first()
    if thread is None:
        return customer
    here = Conversation.objects.get(pk=conversation_id)
    # Somebody we know by an address of their own is not made another person by a third one's mail.
    is_nobody = not CustomerAddress.objects.filter(customer=here.customer_id).exists()
    is_proof = (
        bool(address)
        and thread.address == address
        and thread.proven_at is None
        and (is_nobody or here.customer_id == customer.pk)
    )
    if is_proof:
        if here.customer_id != customer.pk:
            merge_customers(here.customer_id, customer.pk, by=None)
        Participant.objects.filter(conversation=here.pk, is_customer=True, address="").update(address=address)
        thread.proven_at = timezone.now()
        with changing(here.pk, savepoint=False, is_merged=True) as change:
            change.record("chat.proven", data={"address": address})
    is_theirs = is_proof or here.customer_id == customer.pk
    if is_theirs:
        thread.is_by_mail = True
        thread.save(update_fields=["is_by_mail", "proven_at"])
    return customer


def mail_due(*, now: datetime | None = None) -> int:
    """Send by mail what visitors have not seen, and copies of chats that ended; how many chats were looked at."""
    now = now or timezone.now()
    due = _due(now)
    for number in due:
        try:
            _mail(number, now)
        except Refused as refused:
            log.warning("chat %s is not mailed: %s", number, refused)
            ChatThread.objects.filter(pk=number).update(mail_due_at=None)
        except OperationalError:
            raise  # the database, not the chat: all of them wait
        except Exception:
            # One that cannot be mailed holds up none behind it; it is tried again, and seldom.
            log.exception("chat %s could not be mailed", number)
            ChatThread.objects.filter(pk=number).update(mail_due_at=now + AGAIN_AFTER)
    return len(due)


def next_at() -> datetime | None:
    """When the next chat is to be looked at; None for none."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [_QUIET_SECONDS])
        row = cursor.fetchone()
    return row[0] if row else None


def _due(now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            [_QUIET_SECONDS, now, MOST_DUE],
        )
        return [row[0] for row in cursor.fetchall()]


def _mail(number: int, now: datetime) -> None:
    with changing(number, is_merged=True) as change:
        thread = ChatThread.objects.select_for_update().get(pk=number)
        here = change.conversation
        if thread.mail_due_at is None or (thread.mail_due_at > now and not here.is_closed):
            return  # somebody answered meanwhile, or another process was here
        thread.mail_due_at = None
        address = standing.address_of(thread)
        if here.merged_into_id is None and not here.is_spam and here.deleted_at is None and address:
            said = _said(number)
            is_over = (
                here.is_closed
                or thread.ended_at is not None
                or (bool(said) and said[-1].created_at <= now - standing.OVER)
            )
            answered = any(one.kind == EntryKind.REPLY for one in said)
            unseen = [
                one
                for one in said
                if one.kind == EntryKind.REPLY and one.seq > max(thread.read_seq, thread.mailed_seq)
            ]
            if is_over and answered and said[-1].seq > max(thread.told_seq, _covered(thread, said)):
                mailing.send_copy(change, said, address, now=now)
                thread.told_seq = thread.mailed_seq = said[-1].seq
            elif unseen and unseen[-1].created_at <= now - standing.QUIET:
                mailing.send_unseen(change, unseen, address, now=now)
                thread.mailed_seq = unseen[-1].seq
            if not is_over and said:
                thread.mail_due_at = _next(said, unseen, now)
        thread.save(update_fields=["mail_due_at", "mailed_seq", "told_seq"])


def _said(number: int) -> list[Entry]:
    """What was said in the chat by either side, in its order."""
    found = Entry.objects.filter(
        conversation=number, is_withdrawn=False, kind__in=(EntryKind.MESSAGE, EntryKind.REPLY)
    )
    return list(found.select_related("teammate").order_by("seq"))


def _covered(thread: ChatThread, said: list[Entry]) -> int:
    """Up to where a copy would say nothing that did not go by mail: a chat whose every word went so needs none."""
    by_mail = [one.seq for one in said if one.raw_id is not None]
    return max([0, *by_mail]) if thread.is_by_mail else 0


def _next(said: list[Entry], unseen: list[Entry], now: datetime) -> datetime:
    if unseen and unseen[-1].created_at > now - standing.QUIET:
        return unseen[-1].created_at + standing.QUIET
    return max(now + standing.QUIET, said[-1].created_at + standing.OVER)
