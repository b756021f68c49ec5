"""How long the certificates of the desk's own address and of its mail servers are still good. Never hangs."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from majlis.cli.findings import Finding
from majlis.cli.progress import counted
from majlis.config import Config

SECONDS = 5.0
SOON = timedelta(days=14)
_AHEAD = timedelta(minutes=5)

Speech = Literal["tls", "imap", "pop3", "smtp"]


@dataclass(frozen=True, slots=True)
class Door:
    """A server that shows a certificate: at once ("tls"), or after the words of its protocol."""

    host: str
    port: int
    speech: Speech
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
        except (OSError, ValueError, smtplib.SMTPException, imaplib.IMAP4.error, poplib.error_proto):
            return

    lookers = [threading.Thread(target=look, args=(door,), daemon=True) for door in wanted.values()]
    for looker in lookers:
        looker.start()
    deadline = time.monotonic() + 2 * SECONDS
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
    """From when and until when the certificate is good. It is only looked at: nobody is trusted by it."""
    from cryptography import x509

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    shown = x509.load_der_x509_certificate(_SHOWN[door.speech](door, context))
    return shown.not_valid_before_utc, shown.not_valid_after_utc


def _at_once(door: Door, context: ssl.SSLContext) -> bytes:
    with (
        socket.create_connection((door.host, door.port), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=door.host) as link,
    ):
        return link.getpeercert(binary_form=True) or b""


def _after_imap(door: Door, context: ssl.SSLContext) -> bytes:
    client = imaplib.IMAP4(door.host, door.port, timeout=SECONDS)
    try:
        client.starttls(context)
        return _certificate(client.sock)
    finally:
        client.shutdown()


def _after_pop3(door: Door, context: ssl.SSLContext) -> bytes:
    client = poplib.POP3(door.host, door.port, timeout=SECONDS)
    try:
        client.stls(context)
        return _certificate(client.sock)
    finally:
        client.close()


def _after_smtp(door: Door, context: ssl.SSLContext) -> bytes:
    client = smtplib.SMTP(door.host, door.port, timeout=SECONDS)
    try:
        client.starttls(context=context)
        return _certificate(client.sock)
    finally:
        client.close()


def _certificate(link: object) -> bytes:
    return (link.getpeercert(binary_form=True) or b"") if isinstance(link, ssl.SSLSocket) else b""


_SHOWN: dict[Speech, Callable[[Door, ssl.SSLContext], bytes]] = {
    "tls": _at_once,
    "imap": _after_imap,
    "pop3": _after_pop3,
    "smtp": _after_smtp,
}
