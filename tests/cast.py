"""The small cast of the tests: Salma owns, Badr answers, Noura sits elsewhere; Layla and Omar write."""

from __future__ import annotations

from django.utils import timezone

from majlis.lib.arabic import sort_key
from majlis.people.models import Installation, Mailbox, MailboxAccess, Role, Team, Teammate

PASSWORD = "lantern-river-42"
SUPPORT = "support@majlis.test"
SALES = "sales@majlis.test"
LAYLA = "layla@customers.test"
OMAR = "omar@customers.test"


def company() -> Installation:
    """The installation, ready."""
    return Installation.objects.get_or_create(
        pk=1, defaults={"company": "متجر سدرة", "language": "ar", "ready_at": timezone.now()}
    )[0]


def teammate(email: str, *, name: str, role: str, language: str = "ar") -> Teammate:
    """A teammate who can sign in with PASSWORD."""
    company()
    found = Teammate.objects.filter(email=email).first()
    if found is None:
        found = Teammate(
            email=email,
            name=name,
            name_key=sort_key(name),
            role=role,
            language=language,
            created_at=timezone.now(),
        )
        found.set_password(PASSWORD)
        found.save()
    return found


def salma() -> Teammate:
    """The owner."""
    return teammate("salma@majlis.test", name="سلمى", role=Role.OWNER)


def badr() -> Teammate:
    """An agent who sees the support mailbox."""
    found = teammate("badr@majlis.test", name="بدر", role=Role.AGENT)
    give(found, support())
    return found


def noura() -> Teammate:
    """An agent elsewhere: sees the sales mailbox and nothing of support."""
    found = teammate("noura@majlis.test", name="نورة", role=Role.AGENT)
    give(found, sales())
    return found


def give(who: Teammate, mailbox: Mailbox) -> None:
    """Let a teammate see a mailbox."""
    MailboxAccess.objects.get_or_create(teammate=who, mailbox=mailbox)


def support() -> Mailbox:
    """The mailbox of Salma and Badr."""
    return mailbox(SUPPORT, name="الدعم")


def sales() -> Mailbox:
    """The mailbox of Noura."""
    return mailbox(SALES, name="المبيعات")


def mailbox(address: str, *, name: str) -> Mailbox:
    """A mailbox without a server behind it."""
    team = Team.objects.get_or_create(name="الفريق")[0]
    return Mailbox.objects.get_or_create(
        address=address, defaults={"name": name, "team": team, "created_at": timezone.now()}
    )[0]


def letter(
    body: str,
    *,
    sender: str = LAYLA,
    name: str = "ليلى",
    subject: str = "أين طلبي؟",
    to: str = SUPPORT,
    headers: dict[str, str] | None = None,
) -> bytes:
    """A plain mail as a customer's program would send it."""
    from email.message import EmailMessage
    from email.utils import formataddr, make_msgid

    mail = EmailMessage()
    mail["From"] = formataddr((name, sender))
    mail["To"] = to
    mail["Subject"] = subject
    for key, value in (headers or {}).items():
        mail[key] = value
    if "Message-ID" not in mail:
        mail["Message-ID"] = make_msgid(domain="customers.test")
    if "Date" not in mail:
        mail["Date"] = timezone.now()
    mail.set_content(body)
    return mail.as_bytes()


def arrive(content: bytes, *, mailbox: Mailbox | None = None, is_historic: bool = False) -> int:
    """Let a mail come in the whole way; returns the raw row's id."""
    from majlis.channels.actions.accept import accept
    from majlis.flow.arrival import take_in_pending

    box = mailbox or support()
    raw = accept(box.pk, content, route="lmtp", envelope_from=LAYLA, is_historic=is_historic)
    take_in_pending(box.pk)
    return raw.pk
