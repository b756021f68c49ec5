"""One thread with what may come along with mail, so that it can be photographed: a meeting, seals, an attached mail."""

from __future__ import annotations

from django.utils import timezone

from majlis.channels.actions.accept import accept
from majlis.channels.models import RawMessage
from majlis.conversations.models import Entry
from majlis.journal.actions import wake
from majlis.people.models import Mailbox
from tests.corpus.make import messages
from tests.polling import until

_WHO = b"From: Layla <layla@customer.example>"
_FIRST = "c1@majlis.photographs"
_ATTACHED = (
    "From: =?utf-8?B?2YTZitmE2Yk=?= <layla@customer.example>\r\nTo: support@shop.example\r\n"
    f"Message-ID: <a@majlis.photographs>\r\nIn-Reply-To: <{_FIRST}>\r\nSubject: Re: x\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "هذه رسالة المتجر القديمة.\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n"
).encode()


def arrive() -> None:
    """Let the messages come in, as one thread, newest of all."""
    mailbox = Mailbox.objects.order_by("pk")[0]
    corpus = messages()
    now = f"{timezone.now():%a, %d %b %Y %H:%M:%S} +0000".encode()
    thread = {
        "invitation-google": b"<m1@customer.example>",
        "invitation-repeating": b"<m7@customer.example>",
        "pgp-inline-signed": b"<g4@customer.example>",
        "smime-signature-missing": b"<g7@customer.example>",
        "related-in-alternative-in-mixed": b"<s8@customer.example>",
    }
    for place, (name, message_id) in enumerate(thread.items()):
        mine = f"<{_FIRST}>".encode() if place == 0 else message_id
        refers = b"" if place == 0 else f"\r\nIn-Reply-To: <{_FIRST}>".encode()
        raw = (
            corpus[name].replace(message_id, mine + refers, 1).replace(b"Mon, 3 Nov 2025 10:15:00 +0300", now)
        )
        raw = raw.replace(_WHO, "From: ليلى الحربي <layla@customer.example>".encode())
        accept(mailbox.pk, raw, route="lmtp", envelope_from="layla@customer.example")
    inner = corpus["alternative"].replace(_WHO, "From: سلمى <salma@shop.example>".encode())
    whole = corpus["attached-message"]
    accept(mailbox.pk, _ATTACHED + inner + b"--o\r\nContent-Type: message/rfc822\r\n\r\n" + whole + b"\r\n--o--\r\n",
           route="lmtp", envelope_from="layla@customer.example")  # fmt: skip
    wake("raw")
    waiting = RawMessage.objects.filter(mailbox=mailbox, taken_in_at=None, quarantined_at=None)
    until(lambda: not waiting.exists(), "the worker takes them in", timeout=60)
    broken = Entry.objects.filter(details__seal__kind="smime").latest("pk")
    broken.details["seal"] = {"kind": "smime", "state": "broken"}  # type: ignore[index]
    broken.save(update_fields=["details"])
