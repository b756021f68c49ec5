"""The story of a message coming in: parsed, threaded, its writer recognised, received."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from majlis.channels import plus
from majlis.channels.actions import bounce, taking
from majlis.channels.actions.returned import forget
from majlis.channels.email import parsing, quoting
from majlis.channels.email.parsing import Address, ParsedMail
from majlis.channels.models import RawMessage
from majlis.conversations.actions.ask import Answer, answered
from majlis.conversations.actions.attach import attach
from majlis.conversations.actions.open import opening
from majlis.conversations.actions.pair import following
from majlis.conversations.actions.participate import participate
from majlis.conversations.actions.receive import Incoming, receive
from majlis.conversations.actions.spam import BLOCKED_ADDRESS, BLOCKED_DOMAIN, MAIL_SERVER
from majlis.conversations.models import Entry, Question
from majlis.files import actions as files
from majlis.files import queries as stored
from majlis.files.models import File
from majlis.journal import actions as journal
from majlis.lib import arabic, html
from majlis.lib.full import is_disk_full
from majlis.lib.own import Own
from majlis.people.actions.recognise import recognise
from majlis.people.blocks import blocked_by

from . import alone, by_mail, leaving, limit, lookup, ours, questions, threads, verdicts

log = logging.getLogger(__name__)

DRAIN_LOCK = 7101  # class of the session advisory locks, one for each mailbox
ATTEMPTS = 3
ATTEMPTS_ALONE = 12  # in a process of its own, while nothing comes of those
_spared: set[int] = set()  # attempts that failed by the database's fault, in this process
_REMOTE = re.compile(
    r"""(?:src|srcset|background|poster)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//""",
    re.IGNORECASE,
)


@contextmanager
def _alone(mailbox_id: int) -> Iterator[bool]:
    """Whether this session is the mailbox's only drain; death of the process releases it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s::int, %s::int)", [DRAIN_LOCK, mailbox_id])
        (is_mine,) = cursor.fetchone() or (False,)
    try:
        yield bool(is_mine)
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s::int, %s::int)", [DRAIN_LOCK, mailbox_id])


def mailboxes_waiting() -> list[int]:
    """The mailboxes that have raw mail not taken in."""
    return list(
        RawMessage.objects.filter(taken_in_at=None, quarantined_at=None)
        .order_by()
        .values_list("mailbox_id", flat=True)
        .distinct()
    )


def take_in_pending(mailbox_id: int, *, progress: Callable[[int], None] | None = None) -> int:
    """Take in whatever raw mail of a mailbox waits; returns how many were handled.

    One process at a time does so for a mailbox: when another is at it, nothing is done here.
    `progress` is told the running number. A mail that fails three times stands in quarantine.
    """
    done = 0
    with _alone(mailbox_id) as is_mine:
        if not is_mine:
            return 0
        while True:
            waiting = list(
                RawMessage.objects.filter(mailbox_id=mailbox_id, taken_in_at=None, quarantined_at=None)
                .order_by("pk")
                .values_list("pk", flat=True)[:200]
            )
            if not waiting:
                return done
            for raw_id in waiting:
                take_in(raw_id)
                done += 1
                if progress is not None:
                    progress(done)


def take_in(raw_id: int) -> None:
    """Take one raw message in. Its attempt is counted and committed before anything is tried.

    An attempt without an end means that the process died, of whatever, or ended itself because the mail was read
    for too long (`limit`). After three of those the mail is tried in a process of its own, and stands in quarantine
    if that dies too: no mail pays for a killed worker.
    """
    raw = taking.take(raw_id, is_counted=raw_id not in _spared)
    _spared.discard(raw_id)
    if raw.taken_in_at or raw.quarantined_at:
        return
    if raw.attempts > 1 and not raw.error:
        log.warning("raw message %s: the attempt before this one came to no end", raw_id)
    if raw.attempts <= ATTEMPTS:
        _try(raw)
        return
    try:
        why = alone.why_deadly(raw_id)
    except alone.Undecided:
        if raw.attempts <= ATTEMPTS_ALONE:
            raise
        why = raw.error or alone.DEADLY
    if why:
        _quarantine(raw, why)


def try_once(raw_id: int) -> None:
    """Take one raw message in, without counting; after its third failure it stands in quarantine.

    Raises OperationalError when the database is at fault, OSError for a full disk: not the mail is to blame.
    """
    _try(taking.take(raw_id, is_counted=False))


def _try(raw: RawMessage) -> None:
    raw_id = raw.pk
    try:
        content = stored.read(raw.file)
        with limit.reading(raw_id):
            mail = parsing.parse(content)
        _retrying(lambda: _settle(raw, mail, content))
    except Exception as problem:
        if is_disk_full(problem) or (
            isinstance(problem, OperationalError | InterfaceError) and _is_of_the_database(problem)
        ):
            # Nothing can be written now: this process remembers that the attempt does not count.
            _spared.add(raw_id)
            raise
        log.exception("raw message %s was not taken in", raw_id)
        why = f"{type(problem).__name__}: {problem}"[:500].replace("\x00", "")
        RawMessage.objects.filter(pk=raw_id).update(error=why)
        if raw.attempts >= ATTEMPTS:
            _quarantine(raw, why)


def _is_of_the_database(problem: Exception) -> bool:
    """Connection, conflict, resources or shutdown (PostgreSQL's error classes); a limit that one mail breaks is not."""
    state = str(getattr(problem.__cause__, "sqlstate", None) or "")
    return not state or state[:2] in ("08", "40", "53", "55", "57", "58")


def _retrying(settle: Callable[[], None]) -> None:
    """Deadlocks and serialisation failures are tried again: they are nobody's fault."""
    for left in (2, 1, 0):
        try:
            settle()
            return
        except OperationalError as problem:
            state = getattr(problem.__cause__, "sqlstate", "")
            if state not in ("40001", "40P01") or not left:
                raise


def _quarantine(raw: RawMessage, why: str) -> None:
    with transaction.atomic():
        waiting = RawMessage.objects.filter(pk=raw.pk, taken_in_at=None, quarantined_at=None)
        if not waiting.update(quarantined_at=timezone.now(), error=why):
            return
        journal.record("raw.quarantined", mailbox_id=raw.mailbox_id, data={"raw": raw.pk, "why": why})


def _settle(raw: RawMessage, mail: ParsedMail, content: bytes) -> None:
    """The one transaction of a mail: an entry, or the reason why there is none."""
    key = parsing.message_key(mail, content)
    before = lookup.before(raw.mailbox_id, key=key, message_id=mail.message_id or "")
    known = before.entry_id
    parts = [] if known else [(part, files.store(part.content)) for part in mail.attachments]
    with transaction.atomic():
        entry_id = known
        is_pinned = known is None and mail.bounce is not None and bounce.pin(mail.bounce, raw.mailbox)
        is_settled = known is not None or is_pinned or plus.take(raw.mailbox_id, mail)
        taken = (
            None
            if is_settled
            else by_mail.take(
                raw, mail, key=key, files=parts, is_forged=verdicts.is_forged(mail.checks, before.believed)
            )
        )
        question = None if is_settled or taken else questions.asked_by(raw.mailbox_id, mail)
        if taken is not None:
            entry_id = taken.entry_id
        elif question is not None:
            entry_id = _take_answer(raw, mail, key, parts, question, own=before.own)
        elif not is_settled and (sent := ours.take(raw, mail, key=key, files=parts, own=before.own)):
            entry_id = sent.pk
        elif not is_settled:
            entry_id = _enter(raw, mail, key, parts, before=before).pk
        taking.settle(raw.pk, entry_id)


def _enter(
    raw: RawMessage,
    mail: ParsedMail,
    key: str,
    parts: list[tuple[parsing.Part, File]],
    *,
    before: lookup.Before,
) -> Entry:
    own = before.own
    writer = _writer(mail, own)
    with limit.reading(raw.pk):
        folded = quoting.fold(mail.text, subject=mail.subject)
        clean = html.sanitise(mail.html) if mail.html else ""
        has_remote_images = bool(clean and _REMOTE.search(clean))
    found = threads.find(raw.mailbox_id, mail, writer.address, own=own)
    customer = recognise(
        writer.address,
        name=writer.name,
        language="ar" if arabic.is_arabic(mail.subject + folded.text) else "",
    )
    if found.join:
        customer = leaving.answered_by_mail(found.join, writer.address, customer)
    is_historic = raw.is_historic
    incoming = Incoming(
        customer=customer,
        from_name=writer.name,
        from_address=writer.address,
        to=[address.address for address in mail.to],
        cc=[address.address for address in mail.cc],
        subject=mail.subject,
        quoted_above=folded.above,
        text=folded.text,
        signature=folded.signature,
        quoted=folded.quoted,
        html=clean,
        has_remote_images=has_remote_images,
        message_id=mail.message_id or "",
        message_key=key,
        references=(*mail.in_reply_to, *mail.references),
        automatic=_automatic(raw, mail, writer, own),
        is_historic=is_historic,
        is_same_id=before.has_same_id,
        raw=raw.file,
        written_at=mail.date,
        received_at=(mail.date or raw.received_at) if is_historic else raw.received_at,
        mailbox_id=raw.mailbox_id,
        spam_reason=_spam_reason(mail, writer),
        details=_details(mail, before),
    )
    holding = (
        following(found.join)
        if found.join
        else opening(
            raw.mailbox_id,
            customer,
            subject=mail.subject,
            address=writer.address,
            name=writer.name,
            now=incoming.received_at,
            maybe_same_as=found.maybe,
            is_historic=is_historic,
            is_closed=is_historic and not raw.stays_open,
            savepoint=False,
        )
    )
    if not incoming.automatic and not is_historic:
        forget([writer.address])  # mail from there: what came back from it is over
    with holding as change:
        entry = receive(change, incoming)
        participate(change.conversation, [*mail.to, *mail.cc], own=own)
        for part, file in parts:
            attach(
                entry,
                file=file,
                name=part.name,
                content_type=part.content_type,
                content_id=part.content_id or "",
                is_inline=part.is_inline,
            )
    return entry


def _take_answer(
    raw: RawMessage,
    mail: ParsedMail,
    key: str,
    parts: list[tuple[parsing.Part, File]],
    question: Question,
    *,
    own: Own,
) -> int | None:
    """The note that a colleague's answer becomes; none for an automatic one: the question goes on waiting."""
    writer = _writer(mail, own)
    if _automatic(raw, mail, writer, own):
        return None
    with limit.reading(raw.pk):
        folded = quoting.fold(mail.text, subject=mail.subject)
    answer = Answer(
        from_name=writer.name,
        from_address=writer.address,
        quoted_above=folded.above,
        text=folded.text,
        signature=folded.signature,
        quoted=folded.quoted,
        message_key=key,
        raw=raw.file,
    )
    with following(question.conversation_id) as change:
        entry = answered(change, question, answer, mailbox_id=raw.mailbox_id)
        for part, file in parts:
            attach(
                entry,
                file=file,
                name=part.name,
                content_type=part.content_type,
                content_id=part.content_id or "",
                is_inline=part.is_inline,
            )
    return entry.pk


def _writer(mail: ParsedMail, own: Own) -> Address:
    """Who answers go to: Reply-To, unless it is a list's or our own; else From."""
    if mail.reply_to and mail.auto != "list" and mail.reply_to[0].address.lower() not in own:
        name = mail.reply_to[0].name or (mail.sender.name if mail.sender else "")
        return Address(name, mail.reply_to[0].address.lower())
    if mail.sender is not None:
        return Address(mail.sender.name, mail.sender.address.lower())
    return Address("", "")


def _spam_reason(mail: ParsedMail, writer: Address) -> str:
    """Why this belongs to spam: its sender is blocked, or the mail server had marked it; nothing when it does not."""
    senders = {writer.address, mail.sender.address.lower() if mail.sender else ""}
    blocked = blocked_by(senders)
    if blocked:
        return BLOCKED_ADDRESS if blocked == "address" else BLOCKED_DOMAIN
    return MAIL_SERVER if mail.is_spam else ""


def _details(mail: ParsedMail, before: lookup.Before) -> dict[str, Any] | None:
    """What the message says besides its text; None for nothing."""
    found = {
        "seal": mail.seal,
        "invitations": list(mail.invitations),
        "checks": verdicts.shown(mail.checks, before.believed),
    }
    return {name: value for name, value in found.items() if value} or None


def _automatic(raw: RawMessage, mail: ParsedMail, writer: Address, own: Own) -> str:
    if mail.auto:
        return mail.auto
    if raw.envelope_from == "":
        return "bounce" if mail.is_bounce else "auto-generated"
    return "own" if writer.address in own else ""
