"""What the tests of letters to the away start from: a conversation of Badr's, and letters that are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from majlis.channels.models import Delivery, MailConnection, NoticeLetter
from majlis.conversations.actions.assign import assign_to
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.mention import mention
from majlis.conversations.actions.note import add_note
from majlis.conversations.models import Conversation, Entry
from majlis.flow import notice_letters
from majlis.flow.notices import tell_pending
from majlis.people.models import Notification, Session, Teammate
from tests import cast

SUBJECT = "أين طلبي؟"


def way_out() -> None:
    """A server for outgoing mail that nobody asks here."""
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="localhost", smtp_port=9)


def conversation(text: str = "أين طلبي رقم ٤٨٢١٣؟", *, of: Teammate | None = None) -> Conversation:
    """Layla wrote, the conversation is Badr's (or `of`), and nobody was told of it yet."""
    cast.salma()
    mate = of or cast.badr()
    cast.arrive(cast.letter(text, subject=SUBJECT, headers={"Message-ID": f"<{uuid4().hex}@customers.test>"}))
    found = Conversation.objects.latest("pk")
    with changing(found.pk) as change:
        assign_to(change, mate, by=mate)
    tell_pending()
    forget()
    return found


def forget() -> None:
    """What was told until now is not mailed."""
    Notification.objects.update(mail_at=None)


def writes(into: Conversation, text: str, **headers: str) -> Entry:
    """Layla writes again, and those concerned are told."""
    first = into.message_ids.filter(is_own=True).order_by("pk")[0].value
    named = {"Message-ID": f"<{uuid4().hex}@customers.test>", "In-Reply-To": first, **headers}
    cast.arrive(cast.letter(text, subject=f"Re: {into.subject}", headers=named))
    tell_pending()
    return Entry.objects.latest("pk")


def notes(into: Conversation, text: str, *, by: Teammate, naming: Teammate | None = None) -> Entry:
    """A colleague writes a note, perhaps naming somebody."""
    with changing(into.pk) as change:
        entry = add_note(change, teammate=by, text=text, submission_key=uuid4())
        if naming is not None:
            mention(change, entry, [naming.pk])
    tell_pending()
    return entry


def later(minutes: float = 3) -> datetime:
    """A moment at which what was told just now is due."""
    return timezone.now() + timedelta(minutes=minutes)


def mailed(minutes: float = 3) -> list[NoticeLetter]:
    """The letters that are queued when so much time has passed; only these."""
    known = set(NoticeLetter.objects.values_list("pk", flat=True))
    notice_letters.mail_due(now=later(minutes))
    return list(NoticeLetter.objects.exclude(pk__in=known).select_related("delivery").order_by("pk"))


def said(letter: NoticeLetter) -> dict[str, str]:
    """What a letter says."""
    return dict(Delivery.objects.get(pk=letter.delivery_id).letter or {})


def seen(teammate: Teammate, at: datetime) -> None:
    """A browser of theirs was used then."""
    Session.objects.create(
        session_key=uuid4().hex,
        session_data="",
        expire_date=at + timedelta(days=14),
        teammate=teammate,
        created_at=at,
        seen_at=at,
    )
