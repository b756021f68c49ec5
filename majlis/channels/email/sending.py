"""One message over SMTP (RFC 5321), saying exactly how far it came when it fails."""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import NoReturn

from majlis.channels.email import dsn, network, shown_certificates, xoauth2
from majlis.channels.email.fields import ascii_domain
from majlis.channels.email.renewed import with_token
from majlis.channels.email.xoauth2 import Bearer
from majlis.channels.problems import ConnectionProblem, pack
from majlis.lib.errors import DeliveryError

TIMEOUT_SECONDS = 30.0
# How long the answer to the end of a message is waited for; RFC 5321 §4.5.3.2.6 says 10 minutes, because who
# gives up early sends twice. Here an early end is held for a person instead, so half of it is enough.
PATIENCE_SECONDS = 300.0
_GREETING_NAME = "[127.0.0.1]"  # an address literal: says nothing of the network, and asks no name server


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A way out. `security` is "tls", "starttls" or "none"; the password is in clear; no user: no sign-in.

    With a `bearer` its token is used instead of a password.
    """

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    bearer: Bearer | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server has the message: what it said, and whom of the copied ones it refused (address → words)."""

    server_words: str
    refused: dict[str, str]
    size_limit: int = 0  # octets of a message as the server announced (RFC 1870), 0 when it named none


def send(
    settings: SmtpSettings,
    message: bytes,
    *,
    sender: str,
    recipients: Sequence[str],
    envelope_id: str = "",
    before_end: Callable[[], None] = lambda: None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Receipt:
    """Hand `message` (a whole RFC 5322 message) to the server for `recipients`, the first of whom matters.

    `before_end` runs when everything but the line that ends the message has gone out: until then no server can
    take it; what it raises breaks off the sending. `envelope_id` comes back in reports (RFC 3461). Raises
    DeliveryError: permanent when the server refused the message, its sender or the first recipient (5xx), unclear
    when the connection ended after the end of the message was sent and before the answer; ConnectionProblem and
    other temporary ones may be tried again.
    """
    smtp = connect(settings, timeout_seconds=timeout_seconds)
    try:
        receipt = transmit(
            smtp,
            message,
            sender=sender,
            recipients=recipients,
            envelope_id=envelope_id,
            before_end=before_end,
            patience_seconds=patience_seconds,
        )
        leave(smtp)
    finally:
        smtp.close()
    return receipt


def transmit(
    smtp: smtplib.SMTP,
    message: bytes,
    *,
    sender: str,
    recipients: Sequence[str],
    envelope_id: str = "",
    before_end: Callable[[], None] = lambda: None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Receipt:
    """One message over an open connection, as `send` does it; the connection stays open."""
    with _problems():
        refused = _envelope(smtp, message, sender=sender, recipients=recipients, envelope_id=envelope_id)
        _expect(smtp.docmd("DATA"), 354)
        smtp.send(_stuffed(message))
        if _has_spoken(smtp):
            # Before the end nothing can be taken: a refusal is one, a promise answers something else.
            code, words = smtp.getreply()
            _refuse(code, words)
    before_end()
    return Receipt(_end(smtp, patience_seconds), refused, size_limit(smtp))


def again(smtp: smtplib.SMTP, *, timeout_seconds: float = TIMEOUT_SECONDS) -> bool:
    """Claims that an open connection takes another message (RSET, RFC 5321 §4.1.1.5)."""
    try:
        if smtp.sock is None or _has_spoken(smtp):
            return False
        smtp.sock.settimeout(timeout_seconds)
        return smtp.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _has_spoken(smtp: smtplib.SMTP) -> bool:
    """Claims that the server said something that nobody asked for; what it says next would answer the wrong question."""
    if smtp.sock is None or smtp.file is None:
        return False
    patience = smtp.sock.gettimeout()
    smtp.sock.settimeout(0)
    try:
        return bool(smtp.file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        smtp.sock.settimeout(patience)


def size_limit(smtp: smtplib.SMTP) -> int:
    """The largest message the server says it takes, in octets; 0 when it named none (RFC 1870 §3)."""
    named = smtp.esmtp_features.get("size", "").strip()
    return int(named) if named.isdecimal() and len(named) < 18 else 0


def test(  # a settings page's button, not a test of ours
    settings: SmtpSettings,
    *,
    sender: str = "",  # noqa: PT028
    timeout_seconds: float = TIMEOUT_SECONDS,  # noqa: PT028
) -> None:
    """Sign in as sending will, and ask whether `sender` may write from there. Nothing is sent.

    Raises ConnectionProblem: host, refused, timeout, certificate, tls, needs_tls, login, no_login, not_smtp,
    sender, later, lost or other.
    """
    smtp = connect(settings, timeout_seconds=timeout_seconds)
    try:
        with _problems():
            if sender:
                code, words = smtp.mail(_wire(sender))
                if code != 250:
                    raise ConnectionProblem("sender", detail=_said(code, words))
                smtp.rset()
        leave(smtp)
    finally:
        smtp.close()


def connect(settings: SmtpSettings, *, timeout_seconds: float = TIMEOUT_SECONDS) -> smtplib.SMTP:
    """A signed-in connection; certificates are checked against the system's authorities and the host's name.

    Raises ConnectionProblem as `test` does; with a token also token, no_oauth, sign_in_again and what its issuer says.
    """
    with shown_certificates.explained(settings.host, settings.port, settings.security, "smtp"):
        return with_token(settings.bearer, lambda token: _connected(settings, token, timeout_seconds))


def _connected(settings: SmtpSettings, token: str, timeout_seconds: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    with _problems():
        if settings.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                timeout=timeout_seconds, context=context, local_hostname=_GREETING_NAME
            )
        else:
            smtp = smtplib.SMTP(timeout=timeout_seconds, local_hostname=_GREETING_NAME)
    try:
        with _problems():
            # smtplib checks the certificate against the name it keeps here.
            smtp._host = settings.host  # type: ignore[attr-defined]
            code, words = smtp.connect(settings.host, settings.port)
            if code != 220:
                _not_open(code, words)
            smtp.ehlo_or_helo_if_needed()
            if settings.security == "starttls":
                if not smtp.has_extn("starttls"):
                    raise ConnectionProblem("tls")
                _expect(smtp.starttls(context=context), 220)
                smtp.ehlo_or_helo_if_needed()
            if token:
                _sign_in_by_token(smtp, settings, token)
            elif settings.user:
                _sign_in(smtp, settings)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _sign_in(smtp: smtplib.SMTP, settings: SmtpSettings) -> None:
    if not smtp.has_extn("auth"):
        raise ConnectionProblem("needs_tls" if settings.security == "none" else "no_login")
    try:
        if settings.user.isascii() and settings.password.isascii():
            smtp.login(settings.user, settings.password)
            return
        # PLAIN carries UTF-8 (RFC 4616); the library's own sign-in carries ASCII only.
        answer = base64.b64encode(f"\0{settings.user}\0{settings.password}".encode()).decode()
        code, words = smtp.docmd("AUTH", f"PLAIN {answer}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, words)
    except smtplib.SMTPAuthenticationError as error:
        said = _said(error.smtp_code, error.smtp_error)
        if 400 <= error.smtp_code < 500:
            raise ConnectionProblem("later", detail=said) from error
        raise ConnectionProblem("needs_tls" if error.smtp_code == 538 else "login", detail=said) from error
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        raise ConnectionProblem("no_login", detail=str(error)) from error


def _sign_in_by_token(smtp: smtplib.SMTP, settings: SmtpSettings, token: str) -> None:
    """AUTH XOAUTH2 or OAUTHBEARER; a refusal comes as 334 with JSON and ends after another word (RFC 7628 §3.2.3)."""
    if settings.security == "none" and settings.host not in ("127.0.0.1", "::1", "localhost"):
        raise ConnectionProblem("token_tls")
    offered = smtp.esmtp_features.get("auth", "").split()
    saying = xoauth2.dialogue(offered, settings.user, token, host=settings.host, port=settings.port)
    if saying is None:
        raise ConnectionProblem("no_oauth")
    first = base64.b64encode(saying.answer(b"")).decode()
    code, words = smtp.docmd("AUTH", f"{saying.mechanism} {first}")
    if code == 334:
        code, words = smtp.docmd(base64.b64encode(saying.answer(xoauth2.decoded(words))).decode())
    if code == 235:
        return
    said = " ".join(filter(None, (_said(code, words), xoauth2.said(saying.refusal))))
    raise ConnectionProblem("later" if 400 <= code < 500 else "token", detail=said)


def _envelope(
    smtp: smtplib.SMTP, message: bytes, *, sender: str, recipients: Sequence[str], envelope_id: str
) -> dict[str, str]:
    """Name sender and recipients; whom of the copied ones the server refused for good."""
    reports = smtp.has_extn("dsn")
    options = [f"size={len(message)}"] if smtp.has_extn("size") else []
    if reports:
        options += dsn.of_message(envelope_id)
    foreign = [address for address in (sender, *recipients) if not _wire(address).isascii()]
    if foreign:
        if not smtp.has_extn("smtputf8"):
            raise DeliveryError(pack("smtputf8", detail=foreign[0]), permanent=True)
        options += ["SMTPUTF8", "BODY=8BITMIME"]  # RFC 6531 §3.4: SMTPUTF8 comes with 8BITMIME
    _expect(smtp.mail(_wire(sender), options), 250)
    refused: dict[str, str] = {}
    for number, recipient in enumerate(recipients):
        code, words = smtp.rcpt(_wire(recipient), dsn.of_recipient(_wire(recipient)) if reports else ())
        if code in (250, 251):
            continue
        if number == 0 or code < 500:
            _refuse(code, words)
        refused[recipient] = _said(code, words)
    return refused


def _end(smtp: smtplib.SMTP, patience_seconds: float) -> str:
    """Send the end of the message and wait for the word that decides. From here on silence is unclear."""
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(patience_seconds)
        smtp.send(b".\r\n")
        code, words = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(pack("unclear"), unclear=True) from error
    if not 200 <= code < 600:
        raise DeliveryError(pack("unclear"), unclear=True)
    _expect((code, words), 250)
    return _said(code, words)


def leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye without waiting long: the work is done."""
    with suppress(OSError, smtplib.SMTPException):
        if smtp.sock is not None:
            smtp.sock.settimeout(2.0)
        smtp.quit()


@contextmanager
def _problems() -> Iterator[None]:
    """Say what the network and the library raise as ConnectionProblem."""
    try:
        yield
    except DeliveryError:
        raise
    except smtplib.SMTPHeloError as error:
        raise ConnectionProblem("not_smtp") from error
    except smtplib.SMTPServerDisconnected as error:
        code = "timeout" if isinstance(error.__context__, TimeoutError) else "lost"
        raise ConnectionProblem(code, detail=str(error)) from error
    except (OSError, UnicodeError) as error:  # the library's own are among them
        raise network.problem(error) from error


def _expect(answer: tuple[int, bytes], code: int) -> None:
    if answer[0] != code:
        _refuse(*answer)


def _refuse(code: int, words: bytes) -> NoReturn:
    """5xx is the server's last word (RFC 5321 §4.2.1), but a missing sign-in is about the settings."""
    if code == 530:
        raise ConnectionProblem("login", detail=_said(code, words))
    if not 400 <= code < 600:
        raise ConnectionProblem("other", detail=_said(code, words))
    raise DeliveryError(_said(code, words), permanent=code >= 500)


def _not_open(code: int, words: bytes) -> NoReturn:
    if code < 200:
        raise ConnectionProblem("not_smtp")
    raise ConnectionProblem("later" if code < 500 else "other", detail=_said(code, words))


def _said(code: int, words: bytes | str) -> str:
    words = words.encode() if isinstance(words, str) else words
    return f"{code} {b' '.join(words.split()).decode(errors='replace')}"


def _wire(address: str) -> str:
    """An address as it goes over the wire: the domain in ASCII (RFC 5890); the part before it stays."""
    try:
        return ascii_domain(address)
    except UnicodeError as error:
        raise DeliveryError(pack("smtputf8", detail=address), permanent=True) from error


def _stuffed(message: bytes) -> bytes:
    """Line ends as CRLF, dots at line starts doubled (RFC 5321 §4.5.2), closed by a line end."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    return re.sub(rb"(?m)^\.", b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")
