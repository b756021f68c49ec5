"""How long the certificates of the desk's own address and of its mail servers are still good. Never hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from majlis.channels.email import shown_certificates
from majlis.channels.email.shown_certificates import Speech
from majlis.cli.findings import Finding
from majlis.cli.progress import counted
from majlis.config import Config

SOON = timedelta(days=14)
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Door(shown_certificates.Door):
    """A server that shows a certificate, and what it is to us."""

    what: str


def doors(config: Config) -> Iterator[Door]:
    """The desk's own address and the way out for all; a mailbox's doors come from the database (`of_mailboxes`)."""
    parts = urlsplit(config.url)
    if parts.scheme == "https" and parts.hostname:
        yield Door(parts.hostname, parts.port or 443, "tls", "the desk's own address")
    if config.smtp and config.smtp.security != "none":
        speech: Speech = "tls" if config.smtp.security == "tls" else "smtp"
        yield Door(config.smtp.host, config.smtp.port, speech, "MAJLIS_SMTP_URL")


def of_mailboxes() -> list[Door]:
    """The mail servers of every mailbox that is at work."""
    from majlis.channels.models import MailConnection, Security

    found = []
    for row in MailConnection.objects.filter(is_enabled=True).select_related("mailbox").order_by("pk"):
        speeches: tuple[tuple[str, int, str, Speech], ...] = (
            (row.in_host, row.in_port, row.in_security, "pop3" if row.protocol == "pop3" else "imap"),
            (row.smtp_host, row.smtp_port, row.smtp_security, "smtp"),
        )
        for host, port, security, speech in speeches:
            if host and security != Security.NONE:
                at_once = security == Security.TLS
                found.append(Door(host, port, "tls" if at_once else speech, row.mailbox.address))
    return found


def findings(all_doors: Iterable[Door]) -> Iterator[Finding]:
    """A finding for each certificate that is or soon will be over, and one for all the others.

    Who does not answer within five seconds is no certificate's fault: that is told by the mailbox itself.
    """
    wanted = {(door.host, door.port): door for door in all_doors}
    answers: dict[tuple[str, int], tuple[datetime, datetime]] = {}

    def look(door: Door) -> None:
        try:
            answers[(door.host, door.port)] = _validity(door)
        except shown_certificates.UNREADABLE:
            return

    lookers = [threading.Thread(target=look, args=(door,), daemon=True) for door in wanted.values()]
    for looker in lookers:
        looker.start()
    deadline = time.monotonic() + 2 * shown_certificates.SECONDS
    for looker in lookers:
        looker.join(max(0.0, deadline - time.monotonic()))
    good = 0
    now = datetime.now(UTC)
    for key, (begins, ends) in sorted(answers.items()):
        wrong = _judge(wanted[key], begins, ends, now)
        good += wrong is None
        if wrong:
            yield wrong
    silent = len(wanted) - len(answers)
    said = f"{counted(good, 'certificate')} good for more than {SOON.days} days"
    yield Finding("certificates", said + (f"; {silent} could not be asked" if silent else ""))


def _judge(door: Door, begins: datetime, ends: datetime, now: datetime) -> Finding | None:
    title = f"certificate of {door.host}:{door.port}"
    step = f"Have it renewed (certbot renew, or by whoever runs {door.host}), and the server read it anew."
    if ends <= now:
        return Finding(
            title, f"expired on {ends:%Y-%m-%d} ({door.what}): browsers and mail refuse to go on", step
        )
    if begins > now + _AHEAD:
        said = f"begins to be good on {begins:%Y-%m-%d} only ({door.what})"
        return Finding(title, said, "Set this machine's clock; or wait until then.")
    if ends <= now + SOON:
        days = (ends - now).days
        return Finding(title, f"expires on {ends:%Y-%m-%d}, in {counted(days, 'day')} ({door.what})", step)
    return None


def _validity(door: Door) -> tuple[datetime, datetime]:
    """From when and until when the certificate is good."""
    certificate = shown_certificates.shown(door)
    return certificate.not_valid_before_utc, certificate.not_valid_after_utc
