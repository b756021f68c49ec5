"""The certificate that a server shows, looked at without trusting it: why it was refused, in words for people."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from majlis.channels.problems import ConnectionProblem, pack

if TYPE_CHECKING:
    from cryptography import x509

SECONDS = 5.0
Speech = Literal["tls", "imap", "pop3", "smtp"]
# OpenSSL's reasons (x509_vfy.h).
_EARLY, _EXPIRED, _SELF_SIGNED, _NO_ISSUER, _OTHER_NAME, _OTHER_NUMBER = 9, 10, 18, 20, 62, 64


@dataclass(frozen=True, slots=True)
class Door:
    """A server that shows a certificate: at once ("tls"), or after the words of its protocol."""

    host: str
    port: int
    speech: Speech


@contextmanager
def explained(host: str, port: int, security: str, speech: Speech) -> Iterator[None]:
    """Say of a ConnectionProblem `certificate` what is wrong with it: until when, or for whom it is good.

    For that the server is called once more and asked for nothing but its certificate; `security` "tls" means at once.
    """
    try:
        yield
    except ConnectionProblem as problem:
        refusal = problem.__cause__
        if problem.code != "certificate" or not isinstance(refusal, ssl.SSLCertVerificationError):
            raise
        why = _why(refusal.verify_code, Door(host, port, "tls" if security == "tls" else speech))
        if not why:
            raise
        raise ConnectionProblem("certificate", **{**problem.data, "why": why}) from refusal


def _why(code: int, door: Door) -> str:
    """The packed reason, "" where the words of the library are all that is known."""
    if code == _SELF_SIGNED:
        return pack("certificate_self_signed")
    try:
        certificate = shown(door)
    except UNREADABLE:
        return ""
    now = datetime.now(UTC)
    if code == _EXPIRED and certificate.not_valid_after_utc <= now:
        return pack("certificate_expired", on=certificate.not_valid_after_utc.date().isoformat())
    if code == _EARLY and certificate.not_valid_before_utc > now:
        return pack("certificate_early", on=certificate.not_valid_before_utc.date().isoformat())
    if code in (_OTHER_NAME, _OTHER_NUMBER) and (names := _names(certificate)):
        return pack("certificate_name", names=", ".join(names), host=door.host)
    if code == _NO_ISSUER and (issuer := _named(certificate.issuer)):
        return pack("certificate_issuer", issuer=issuer)
    return ""


def shown(door: Door) -> x509.Certificate:
    """What the server shows. Nobody is trusted by it. Raises one of UNREADABLE; takes some seconds at most."""
    from cryptography import x509

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return x509.load_der_x509_certificate(_SHOWN[door.speech](door, context))


UNREADABLE = (OSError, ValueError, smtplib.SMTPException, imaplib.IMAP4.error, poplib.error_proto)


def _names(certificate: x509.Certificate) -> list[str]:
    """The hosts it is made out to, three at most, control characters left out."""
    from cryptography import x509

    try:
        said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found = [*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress))]
    except (x509.ExtensionNotFound, ValueError):
        found = []
    return [_readable(name) for name in found[:3]] or [name for name in [_named(certificate.subject)] if name]


def _named(name: x509.Name) -> str:
    from cryptography.x509.oid import NameOID

    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for one in name.get_attributes_for_oid(oid):
            return _readable(str(one.value))
    return ""


def _readable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:200]


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
