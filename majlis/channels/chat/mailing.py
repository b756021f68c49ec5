"""What of a chat goes by mail: answers nobody saw there, and a copy of all that was said when it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from majlis.channels.chat.models import CHAT_ANSWERS, CHAT_COPY, ChatThread
from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.threading import make_message_id
from majlis.channels.gate import Asked, lets_through
from majlis.channels.models import AutomaticMail
from majlis.channels.outbox import queue, signing_key
from majlis.conversations.actions.acknowledge import acknowledge
from majlis.conversations.actions.attach import attach
from majlis.conversations.actions.changing import Change
from majlis.conversations.models import Attachment, Entry, EntryKind
from majlis.journal import actions as journal
from majlis.lib import dates, plain, rich
from majlis.lib.arabic import is_arabic
from majlis.lib.numbers import system
from majlis.people import queries as people
from majlis.people.brands import house
from majlis.people.models import Brand, Customer, Mailbox


def send_unseen(change: Change, answers: Sequence[Entry], address: str, *, now: datetime) -> Entry | None:
    """Mail the answers a visitor has not seen, as their writers wrote them; the entry it became, None if it may not go.

    Their files go along. Inside the change's transaction.
    """
    text = "\n\n".join(one.text for one in answers if one.text)
    html = "\n".join(one.html or plain.from_text(one.text) for one in answers)
    writer = next((one.teammate for one in reversed(answers) if one.teammate), None)
    name = writer.name_for(_language(change, answers)) if writer else ""
    return _send(change, address, CHAT_ANSWERS, name, text, html, _files(answers), now)


def send_copy(change: Change, said: Sequence[Entry], address: str, *, now: datetime) -> Entry | None:
    """Mail everything that was said in a chat that has ended; answering it goes on with the conversation."""
    language = _language(change, said)
    with translation.override(language):
        brand = _brand(change).name_for(language)
        opening = _("Here is what we wrote to each other. You can go on by answering this mail at any time.")
        lines, blocks = [opening], [f"<p>{escape(opening)}</p>"]
        for one in said:
            head = f"{_name(one, language)} · {_at(one, language)}"
            lines.append(f"{head}\n{one.text}")
            body = (one.html if one.kind == EntryKind.REPLY else "") or plain.from_text(one.text)
            blocks.append(f'<p dir="auto"><strong>{escape(head)}</strong></p>\n{body}')
    return _send(change, address, CHAT_COPY, brand, "\n\n".join(lines), "\n".join(blocks), _files(said), now)


def _send(
    change: Change,
    address: str,
    automatic: str,
    from_name: str,
    text: str,
    html: str,
    files: Sequence[Attachment],
    now: datetime,
) -> Entry | None:
    here = change.conversation
    asked = Asked(
        address,
        AutomaticMail.Kind.CHAT,
        here.subject,
        text,
        mailbox_id=here.mailbox_id,
        conversation_id=here.pk,
    )
    if lets_through(asked, now=now):
        return None
    mailbox = Mailbox.objects.get(pk=here.mailbox_id)
    with connection.cursor() as cursor:
        cursor.execute("select nextval('conversations_entry_id_seq')")
        (entry_id,) = cursor.fetchone() or (0,)
    made = acknowledge(
        change,
        entry_id,
        to=address,
        from_name=from_name,
        text=text,
        html=rich.clean(html, lambda source: source),
        message_id=make_message_id(
            here.pk,
            entry_id,
            domain=ascii_domain(mailbox.address).rpartition("@")[2],
            key=signing_key(),
        ),
        now=now,
        automatic=automatic,
        kind="chat.mailed",
    )
    for one in files:
        attach(
            made,
            file=one.file,
            name=one.name,
            content_type=one.content_type,
            content_id=one.content_id,
            is_inline=one.is_inline,
        )
    queue(change, made)
    journal.wake("deliver")
    return made


def _files(said: Sequence[Entry]) -> list[Attachment]:
    """What goes along: our own files; the visitor has theirs."""
    ours = [one.pk for one in said if one.kind == EntryKind.REPLY]
    return list(Attachment.objects.filter(entry__in=ours).select_related("file").order_by("pk"))


def _language(change: Change, said: Sequence[Entry]) -> str:
    """The customer's language; where it is not known, that of what was said."""
    customer = Customer.objects.get(pk=change.conversation.customer_id)
    if customer.language in ("ar", "en"):
        return customer.language
    return "ar" if is_arabic(" ".join(one.text for one in said)[:2_000]) else "en"


def _brand(change: Change) -> Brand:
    thread = ChatThread.objects.select_related("widget__brand").get(pk=change.conversation.pk)
    return thread.widget.brand if thread.widget else house()


def _name(one: Entry, language: str) -> str:
    if one.kind == EntryKind.REPLY:
        return one.teammate.name_for(language) if one.teammate else ""
    return one.from_name or pgettext("in a copy of a chat: who it goes to", "You")


def _at(one: Entry, language: str) -> str:
    installation = people.installation()
    region = installation.region if installation else ""
    return dates.clock(
        one.created_at,
        zone=ZoneInfo(installation.time_zone if installation else "UTC"),
        language=language,
        digits=system(language, "auto", region),
        region=region,
    )
