"""A raw message handed over by HTTP: signed by the mailbox's secret, durable before the answer."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import time

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from majlis.channels.actions.accept import accept
from majlis.channels.models import MailOptions, Route
from majlis.channels.secrets import SecretUnreadable, decrypt
from majlis.people.queries import mailbox_at

log = logging.getLogger(__name__)

CLOCK_SECONDS = 300  # how far the sender's clock may be from ours
REFUSED_A_MINUTE = 30  # from one address, before the rest is turned away unread
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
_WORDS = {
    "method": (405, "Send the raw message with POST."),
    "too_often": (429, "Too many refused messages from here. Wait a minute."),
    "unsigned": (401, "Majlis-Signature is missing or not of the form t=SECONDS,v1=HEX."),
    "clock": (401, "The time in Majlis-Signature is more than five minutes from ours. Set the clock."),
    "refused": (401, "There is no mailbox of this address that takes mail this way, or the signature is not its own."),
    "empty": (400, "The body is empty. Send the raw message, as RFC 5322 has it."),
    "too_large": (413, "The message is larger than MAJLIS_MAIL_MAX_BYTES."),
    "not_now": (503, "It cannot be kept now. Send it again later."),
}  # fmt: skip


def sign(secret: str, at: int, mailbox: str, envelope_from: str | None, content: bytes) -> str:
    """The value of Majlis-Signature: HMAC-SHA256 over time, mailbox, envelope sender ("-" when not said) and message.

    at: seconds since 1970. envelope_from: "" is the null return path.
    """
    sender = "-" if envelope_from is None else f"<{envelope_from}>"
    head = f"{at}\n{mailbox.lower()}\n{sender}\n".encode()
    return f"t={at},v1={hmac.new(secret.encode(), head + content, hashlib.sha256).hexdigest()}"


@csrf_exempt
def mail(request: HttpRequest) -> JsonResponse:
    """POST /intake/mail: the body is the message; headers Majlis-Mailbox, Majlis-Signature, Majlis-Envelope-From.

    200 with its id once it is durable; sending it again does no harm. Whatever is refused was not kept.
    """
    if request.method != "POST":
        return _no("method")
    try:
        return _kept(request)
    except (OperationalError, InterfaceError, OSError):
        log.exception("a message handed over by HTTP could not be kept")
        return _no("not_now")


def _kept(request: HttpRequest) -> JsonResponse:
    address = str(request.META.get("REMOTE_ADDR", ""))
    if cache.get(_counter(address), 0) >= REFUSED_A_MINUTE:
        return _no("too_often")
    content = request.read(settings.CONFIG.mail_max_bytes + 1)
    if len(content) > settings.CONFIG.mail_max_bytes:
        return _no("too_large")
    code, mailbox_id = _trusted(request, content)
    if code:
        _count(address)
        return _no(code)
    if not content.strip():
        return _no("empty")
    raw = accept(mailbox_id, content, route=Route.HTTP, envelope_from=_envelope(request))
    return JsonResponse({"kept": raw.pk})


mail.is_public = True  # type: ignore[attr-defined]


def _trusted(request: HttpRequest, content: bytes) -> tuple[str, int]:
    """Why the request is refused, or "" and the mailbox it is for. Unknown mailboxes are refused like wrong secrets."""
    signed = _SIGNATURE.fullmatch(request.headers.get("Majlis-Signature", "").replace(" ", ""))
    if signed is None:
        return "unsigned", 0
    at = int(signed.group(1))
    if abs(time.time() - at) > CLOCK_SECONDS:
        return "clock", 0
    mailbox = request.headers.get("Majlis-Mailbox", "")
    mailbox_id = mailbox_at(mailbox) if mailbox.isprintable() else None
    options = MailOptions.objects.filter(mailbox=mailbox_id or 0).exclude(endpoint_secret="").first()
    try:
        secret = decrypt(options.endpoint_secret) if options is not None else ""
    except SecretUnreadable:
        log.warning("the secret of a mailbox's HTTP intake cannot be read: the installation's key changed")
        secret = ""
    if not secret:
        return "refused", 0
    wanted = sign(secret, at, mailbox, _envelope(request), content)
    is_ours = hmac.compare_digest(wanted, signed.group(0))
    return ("", mailbox_id or 0) if is_ours else ("refused", 0)


def _envelope(request: HttpRequest) -> str | None:
    """The envelope sender that was said, "" for the null one; None when none was."""
    said = request.headers.get("Majlis-Envelope-From")
    return None if said is None else said.strip().removeprefix("<").removesuffix(">")


def _counter(address: str) -> str:
    return f"intake:{address}:{int(time.time()) // 60}"


def _count(address: str) -> None:
    key = _counter(address)
    cache.add(key, 0, 120)
    try:
        cache.incr(key)
    except ValueError:
        cache.set(key, 1, 120)


def _no(code: str) -> JsonResponse:
    status, words = _WORDS[code]
    return JsonResponse({"error": code, "message": words}, status=status)
