"""Reading what leaves: when the next is due, what a delivery says, and by which way it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import escape
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import translation

from majlis.channels import plus, sharing
from majlis.channels.chat.models import CHAT_ANSWERS
from majlis.channels.email.building import Address, Forwarded, Outgoing, Part, Quoted
from majlis.channels.email.fields import reply_subject
from majlis.channels.email.linked import Linked
from majlis.channels.email.sending import SmtpSettings
from majlis.channels.models import Delivery, MailConnection, SharedFile, State
from majlis.channels.oauth.renewing import bearer
from majlis.channels.problems import ConnectionProblem, explain
from majlis.channels.secrets import SecretUnreadable, decrypt
from majlis.conversations.models import Attachment, Conversation, Entry, EntryKind, MessageId, Participant
from majlis.files.queries import read
from majlis.lib.arabic import is_arabic
from majlis.lib.own import plain
from majlis.lib.rich import clean
from majlis.people import queries as people
from majlis.people.called import name_of
from majlis.people.models import Installation, Mailbox, MailboxAlias, Signature, Teammate

_REFERENCES = 400  # the newest ids a chain is made of; the header holds fewer


@dataclass(frozen=True, slots=True)
class WayOut:
    """A server to send by, and the sender's name and address that it lets pass."""

    settings: SmtpSettings
    sender: Address


def next_due_at() -> datetime | None:
    """When the next queued delivery is due; None when nothing is queued."""
    with connection.cursor() as cursor:
        cursor.execute("select min(due_at) from channels_delivery where state = 'queued'")
        row = cursor.fetchone()
    return row[0] if row else None


def unsettled_letters() -> QuerySet[Delivery]:
    """The desk's own mail that did not leave and waits for somebody, newest first."""
    return Delivery.objects.filter(entry=None, state__in=[State.FAILED, State.HELD]).order_by("-pk")


def reason(delivery: Delivery) -> str:
    """Why a delivery failed, is held or was tried again, in the reader's words or the server's."""
    return explain(delivery.why)


def way_out(delivery: Delivery) -> WayOut:
    """The server a delivery goes by: a reply by its mailbox's own, then the company's; a letter the other way.

    A letter of a mailbox (a question to a colleague) goes as a reply does, from the address that answers come to.

    Raises ConnectionProblem: no_smtp when there is none, secret when its password cannot be read.
    """
    company = Installation.objects.values_list("company", flat=True).first() or ""
    if delivery.entry is not None:
        mailbox = delivery.entry.mailbox
        name = " — ".join(part for part in (delivery.entry.from_name, company) if part)
        return WayOut(way_of(mailbox), (name, mailbox.address))
    if delivery.mailbox is not None:
        chosen: SmtpSettings | None = way_of(delivery.mailbox)
        assert chosen is not None
        name = " — ".join(part for part in ((delivery.letter or {}).get("from_name", ""), company) if part)
        return WayOut(chosen, (name, delivery.mailbox.address))
    first = Mailbox.objects.order_by("pk").first()
    chosen = _of_company()
    if chosen is not None:
        address = (
            chosen.user if "@" in chosen.user else (first.address if first else settings.DEFAULT_FROM_EMAIL)
        )
        return WayOut(chosen, (company, address))
    # One that cannot be fetched goes last: its way out may be gone too.
    for mailbox in Mailbox.objects.order_by(F("connection__stale_since").asc(nulls_first=True), "pk"):
        chosen = _of_mailbox(mailbox)
        if chosen is not None:
            return WayOut(chosen, (company, mailbox.address))
    raise ConnectionProblem("no_smtp")


def way_of(mailbox: Mailbox) -> SmtpSettings:
    """The server a mailbox's mail goes by: its own, then the company's. Raises ConnectionProblem as `way_out` does."""
    chosen = _of_mailbox(mailbox) or _of_company()
    if chosen is None:
        raise ConnectionProblem("no_smtp")
    return chosen


def smtp_settings(connected: MailConnection) -> SmtpSettings:
    """The outgoing side of a mailbox. Raises ConnectionProblem("secret") when the password cannot be read."""
    try:
        password = decrypt(connected.smtp_password)
    except SecretUnreadable as error:
        raise ConnectionProblem("secret") from error
    return SmtpSettings(
        connected.smtp_host,
        connected.smtp_port,
        connected.smtp_security,
        connected.smtp_user,
        password,
        bearer=bearer(connected, connected.smtp_host) if connected.smtp_user and not password else None,
    )


def outgoing(delivery: Delivery, sender: Address) -> Outgoing:
    """Everything a delivery's message is built from. Raises FileNotFoundError when an attachment's bytes are gone."""
    if delivery.entry is not None and delivery.entry.kind == EntryKind.FORWARD:
        return _forward(delivery, delivery.entry, sender)
    if delivery.entry is not None:
        return _reply(delivery, delivery.entry, sender)
    letter = delivery.letter or {}
    return Outgoing(
        message_id=delivery.message_id,
        sender=sender,
        to=[("", letter["to"])],
        subject=letter["subject"],
        text=letter["text"],
        html=letter.get("html", ""),
        written_at=delivery.created_at,
        in_reply_to=letter.get("in_reply_to", ""),
        is_automatic=not letter.get("is_personal", False),
    )


def _forward(delivery: Delivery, entry: Entry, sender: Address) -> Outgoing:
    """A message passed on: a thread of its own for whoever gets it."""
    original = Entry.objects.select_related("customer").get(pk=(entry.details or {})["entry"])
    return Outgoing(
        message_id=delivery.message_id,
        sender=sender,
        to=[("", address) for address in entry.to],
        cc=[("", address) for address in entry.cc],
        bcc=[("", address) for address in entry.bcc],
        subject=entry.subject,
        text=entry.text,
        html=entry.html,
        signature=signature(entry),
        written_at=entry.created_at,
        forwarded=Forwarded(
            author=(original.from_name, original.from_address or sender[1]),
            to=original.to,
            subject=original.subject or entry.subject,
            written_at=original.written_at or original.created_at,
            text=original.whole_text,
            language=_language(original),
            zone=_zone(),
        ),
        parts=_parts(entry),
        linked=_linked(entry),
    )


def _language(entry: Entry) -> str:
    language = entry.customer.language if entry.customer else ""
    return language if language in ("ar", "en") else "ar" if is_arabic(entry.text) else "en"


def _reply(delivery: Delivery, entry: Entry, sender: Address) -> Outgoing:
    names = dict(
        Participant.objects.filter(conversation=entry.conversation_id).values_list("address", "name")
    )
    answered = (
        Entry.objects.filter(conversation=entry.conversation_id, kind=EntryKind.MESSAGE, seq__lt=entry.seq)
        .select_related("customer")
        .order_by("-seq")
        .first()
    )
    # Of a chat, the words of people go by mail: nothing a machine says.
    is_automatic = entry.kind == EntryKind.AUTO and entry.automatic != CHAT_ANSWERS
    chosen = _answers_from(entry, answered, sender)
    is_main = chosen == sender and not is_automatic
    return Outgoing(
        message_id=delivery.message_id,
        sender=chosen,
        reply_to=plus.reply_address(entry.mailbox, delivery.message_id) if is_main else "",
        to=[(names.get(address, ""), address) for address in entry.to],
        cc=[(names.get(address, ""), address) for address in entry.cc],
        bcc=[("", address) for address in entry.bcc],
        subject=reply_subject(entry.subject) if answered else entry.subject,
        text=entry.text,
        html=entry.html,
        signature=signature(entry),
        written_at=entry.created_at,
        in_reply_to=answered.message_id if answered else "",
        references=_chain(entry),
        quoted=_quoted(answered) if answered and not is_automatic else None,
        parts=_parts(entry),
        is_automatic=is_automatic,
        linked=_linked(entry),
    )


def _answers_from(entry: Entry, answered: Entry | None, sender: Address) -> Address:
    """The address a customer wrote to answers them, where it is one that may."""
    if answered is None:
        return sender
    may = set(
        MailboxAlias.objects.filter(mailbox=entry.mailbox_id, is_answered_from=True).values_list(
            "address", flat=True
        )
    )
    for address in (*answered.to, *answered.cc):
        if plain(address) == plain(sender[1]):
            break
        if address.lower() in may:
            return sender[0], address.lower()
    return sender


def signature(entry: Entry) -> str:
    """What stands under a reply, as clean HTML: its writer's own signature, else the mailbox's."""
    return signed(entry.conversation, entry.teammate) if entry.teammate else ""


def signed(conversation: Conversation, teammate: Teammate) -> str:
    """The signature of a teammate in a conversation, clean, in its customer's language.

    {name} is the teammate there, and {team} what the team is called.
    """
    mine = Q(mailbox=conversation.mailbox_id) | Q(teammate=teammate)
    found = Signature.objects.filter(mine).exclude(html="")
    best = min(found, key=lambda one: one.teammate_id is None, default=None)
    if best is None:
        return ""
    language = conversation.customer.language or "ar"
    html = best.html.replace("{name}", escape(teammate.name_for(language)))
    if "{team}" in html:
        with translation.override(language):
            html = html.replace("{team}", escape(name_of(people.installation())))
    return clean(html)


def _chain(entry: Entry) -> list[str]:
    """The ids known before this reply, oldest first: what each entry referred to, then its own."""
    newest = (
        MessageId.objects.filter(
            conversation=entry.conversation_id, entry__seq__lt=entry.seq, entry__is_withdrawn=False
        )
        .order_by("-entry__seq", "-pk")
        .values_list("value", flat=True)[:_REFERENCES]
    )
    return list(reversed(newest))


def _quoted(answered: Entry) -> Quoted:
    return Quoted(
        author=(answered.from_name, answered.from_address),
        written_at=answered.written_at or answered.created_at,
        text=answered.text,
        language=_language(answered),
        zone=_zone(),
    )


def _parts(entry: Entry) -> Sequence[Part]:
    return [
        Part(attachment.name, attachment.content_type, read(attachment.file), attachment.content_id)
        for attachment in Attachment.objects.filter(entry=entry, shared=None)
        .select_related("file")
        .order_by("pk")
    ]


def _linked(entry: Entry) -> list[Linked]:
    """The files that go as links: the day is that of the company's clock."""
    found = SharedFile.objects.filter(attachment__entry=entry, revoked_at=None).select_related(
        "attachment__file"
    )
    return [
        Linked(
            shared.attachment.name,
            shared.attachment.file.size,
            sharing.url(shared),
            shared.expires_at.astimezone(_zone()).date(),
        )
        for shared in found.order_by("attachment_id")
    ]


def _zone() -> tzinfo:
    name = Installation.objects.values_list("time_zone", flat=True).first()
    return ZoneInfo(name) if name else UTC


def _of_mailbox(mailbox: Mailbox) -> SmtpSettings | None:
    connected = MailConnection.objects.filter(mailbox=mailbox).exclude(smtp_host="").first()
    return smtp_settings(connected) if connected else None


def _of_company() -> SmtpSettings | None:
    smtp = settings.CONFIG.smtp
    return SmtpSettings(smtp.host, smtp.port, smtp.security, smtp.user, smtp.password) if smtp else None
