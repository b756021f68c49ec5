"""Acknowledgements: what a mailbox says by itself to somebody who writes, once in a thread and once a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone, translation

from majlis.channels import greeting
from majlis.channels.chat.standing import CHANNEL
from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.threading import make_message_id
from majlis.channels.gate import Asked, counted, keep, lets_through
from majlis.channels.letters import may_leave
from majlis.channels.models import Acknowledgement, AutomaticMail
from majlis.channels.outbox import queue, signing_key
from majlis.channels.rule_models import ChannelRule
from majlis.channels.rules import not_for
from majlis.conversations.actions.acknowledge import acknowledge, has_answer
from majlis.conversations.actions.changing import Change, changing
from majlis.conversations.models import Entry, Shelf
from majlis.coverage import opening_words
from majlis.coverage.queries import of_team, zone_named
from majlis.coverage.schedule import Plan
from majlis.journal import actions as journal
from majlis.lib.arabic import is_arabic
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.called import name_of
from majlis.people.demo import is_made_up
from majlis.people.models import Mailbox, Teammate

LANGUAGES: Final = ("ar", "en")
ONCE_IN: Final = timedelta(days=1)
TOO_LATE: Final = timedelta(days=1)
_PUT_AWAY = frozenset({Shelf.SPAM.value, Shelf.TRASH.value, Shelf.MERGED.value})


def of_mailbox(mailbox: Mailbox) -> Acknowledgement:
    """What a mailbox answers by itself; until somebody says otherwise nothing, with our words to start from."""
    found = Acknowledgement.objects.filter(mailbox=mailbox).first()
    return found or Acknowledgement(
        mailbox=mailbox, text_ar=greeting.DEFAULTS["ar"], text_en=greeting.DEFAULTS["en"]
    )


def set_up(
    by: Teammate,
    mailbox: Mailbox,
    *,
    is_on: bool,
    texts: dict[str, str],
    is_only_outside_hours: bool = False,
) -> None:
    """Have a mailbox acknowledge, or not, in these words ("ar", "en"); one that is empty is said in the other language.

    Raises Refused: not_allowed, no_acknowledgement (on, without words), unknown_placeholder (data: name, language),
    acknowledgement_too_long (data: longest, language).
    """
    if not by.is_admin:
        raise Refused("not_allowed")
    texts = {language: texts.get(language, "").replace("\r\n", "\n").strip() for language in LANGUAGES}
    for language, text in texts.items():
        if len(text) > greeting.LONGEST:
            raise Refused("acknowledgement_too_long", longest=greeting.LONGEST, language=language)
        if name := greeting.unknown(text):
            raise Refused("unknown_placeholder", name=name, language=language)
    if is_on and not any(texts.values()):
        raise Refused("no_acknowledgement", language="ar")
    with transaction.atomic():
        Acknowledgement.objects.update_or_create(
            mailbox=mailbox,
            defaults={
                "is_on": is_on,
                "text_ar": texts["ar"],
                "text_en": texts["en"],
                "is_only_outside_hours": is_only_outside_hours,
            },
        )
        journal.record(
            "mailbox.changed",
            mailbox_id=mailbox.pk,
            actor_id=by.pk,
            data={"name": mailbox.name, "what": ["acknowledgement"]},
        )


def answer(entry: Entry, *, now: datetime | None = None) -> Entry | None:
    """Acknowledge a customer's message if its mailbox does and the gate lets it; the entry it became.

    Whom support by mail is not for has the words of the mailbox's rule instead, and without any nothing.

    Inside the caller's transaction: what is decided, the entry and its delivery stand together or not at all.
    """
    now = now or timezone.now()
    with changing(entry.conversation_id, is_merged=True) as change:
        here = change.conversation
        mailbox = Mailbox.objects.select_related("rule").get(pk=here.mailbox_id)
        found: Acknowledgement | ChannelRule | None
        found = Acknowledgement.objects.filter(mailbox=mailbox, is_on=True).first()
        is_only_outside_hours = found is not None and found.is_only_outside_hours
        is_for_them = not_for(mailbox, here, entry.customer) is None
        if not is_for_them:
            found, is_only_outside_hours = mailbox.rule, False
        if found is None or here.channel == CHANNEL:  # a chat says so where it is read
            return None
        plan = of_team(mailbox.team_id)
        subject, text, team = _words(found, entry, plan, now)
        asked = Asked(
            entry.from_address,
            AutomaticMail.Kind.ACKNOWLEDGEMENT,
            subject,
            text,
            mailbox_id=mailbox.pk,
            conversation_id=here.pk,
        )
        is_waited_for = is_only_outside_hours and plan is not None and plan.hours.is_open(now)
        why_not = "in_hours" if is_waited_for else "" if text else "not_covered"
        if code := _never(change, mailbox, entry, now) or why_not:
            keep(asked, code, now=now)
            return None
        if lets_through(asked, now=now, unless=lambda: _not_again(here.pk, entry.from_address, now)):
            return None
        return _queued(change, mailbox, asked, from_name=team, now=now)


def give_up(entry: Entry, *, now: datetime) -> None:
    """It failed again and again: nothing is sent, and that is written down."""
    asked = Asked(
        entry.from_address,
        AutomaticMail.Kind.ACKNOWLEDGEMENT,
        entry.subject,
        "",
        mailbox_id=entry.mailbox_id,
        conversation_id=entry.conversation_id,
    )
    keep(asked, "failed", now=now)


def _queued(change: Change, mailbox: Mailbox, asked: Asked, *, from_name: str, now: datetime) -> Entry:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('conversations_entry_id_seq')")
        (entry_id,) = cursor.fetchone() or (0,)
    named = make_message_id(
        change.conversation.pk,
        entry_id,
        domain=ascii_domain(mailbox.address).rpartition("@")[2],
        key=signing_key(),
    )
    made = acknowledge(
        change, entry_id, to=asked.address, from_name=from_name, text=asked.text, message_id=named, now=now
    )
    queue(change, made)
    journal.wake("deliver")
    return made


def _words(
    found: Acknowledgement | ChannelRule, entry: Entry, plan: Plan | None, now: datetime
) -> tuple[str, str, str]:
    """Subject, text and the team's name, in the customer's language."""
    known = entry.customer.language if entry.customer else ""
    language = known if known in LANGUAGES else "ar" if is_arabic(entry.subject + entry.text) else "en"
    wanted, other = (found.text_ar, found.text_en) if language == "ar" else (found.text_en, found.text_ar)
    installation = people.installation()
    with translation.override(language):
        team = name_of(installation)
    zone = zone_named(entry.customer.time_zone) if entry.customer else None
    to = opening_words.reader(language, region=installation.region if installation else "", zone=zone)
    text = greeting.filled(
        wanted or other,
        name=entry.from_name or (entry.customer.name if entry.customer else ""),
        team=team,
        company=installation.company if installation else "",
        answer=opening_words.answer(plan, now=now, to=to),
    )
    return entry.subject, text, team


def _never(change: Change, mailbox: Mailbox, entry: Entry, now: datetime) -> str:
    """Why this message is none to acknowledge, whoever sent it (RFC 3834 §2)."""
    here = change.conversation
    if not entry.from_address or entry.automatic:
        return "automatic"
    if entry.is_historic:
        return "historic"
    if (entry.details or {}).get("form", {}).get("is_quiet"):
        return "rush"
    if str(here.shelf) in _PUT_AWAY or here.is_spam or here.deleted_at is not None or entry.is_withdrawn:
        return "put_away"
    if is_made_up(mailbox.address):
        return "demo"
    if entry.created_at < now - TOO_LATE:
        return "late"
    return "" if may_leave(mailbox) else "no_way"


def _not_again(conversation_id: int, address: str, now: datetime) -> str:
    """Why it was enough already: once in a thread, never after a person answered, once a day to one address."""
    if had := has_answer(conversation_id):
        return "in_thread" if had == "acknowledged" else "answered"
    before = AutomaticMail.objects.filter(
        address=counted(address),
        kind=AutomaticMail.Kind.ACKNOWLEDGEMENT,
        refused="",
        at__gt=now - ONCE_IN,
    )
    return "today" if before.exists() else ""
