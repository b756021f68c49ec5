"""What a received message says, once read: the values that `parsing.parse` returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from majlis.channels.email.checks import Checks

AutoKind = Literal["auto-reply", "auto-generated", "list", "bulk", "bounce"]


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody named in a header. `address` is in lower case, so that two spellings are one person."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Part:
    """Something attached. `is_inline`: the HTML shows it in its place (refers to it by `content_id`, no brackets)."""

    name: str
    content_type: str
    content: bytes
    content_id: str | None
    is_inline: bool


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a message did not arrive, or not yet.

    failed: the addresses in question, in lower case. original_message_id: of the message that did not arrive.
    is_permanent: False for a delay, and where the other server called it temporary (status 4.x.x, RFC 3463).
    diagnostic: the server's own words. status: the enhanced status code, "" when none was given.
    """

    failed: tuple[str, ...]
    original_message_id: str | None
    is_permanent: bool
    diagnostic: str
    status: str
    envelope_id: str = ""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A message as read. No string in it holds NUL or a lone surrogate; line ends in `text` and `html` are \\n.

    message_id, in_reply_to, references: normalised `<x@y>`. date: aware, UTC; None if missing or broken.
    text: the best plain text. html: as written, NOT sanitised; None for a text-only message.
    return_path: the envelope sender as noted by the last server; "" for the null one, None when not noted.
    defects: what was broken and repaired, short words for the log.
    is_spam: the mail server that handed it over had marked it.
    checks: what the topmost server says it found of SPF, DKIM and DMARC; whether it is believed is not decided here.
    seal: what it is signed or encrypted with and what that is worth (`sealing`), None for neither.
    invitations: the meetings in it (`invitations`).
    as_written: (text, html, attachments) before anything was taken out of the parts, None where nothing was.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None
    text: str
    html: str | None
    attachments: tuple[Part, ...]
    auto: AutoKind | None
    bounce: Bounce | None
    return_path: str | None
    defects: tuple[str, ...]
    is_spam: bool = False
    checks: Checks | None = None
    seal: dict[str, str] | None = None
    invitations: tuple[dict[str, Any], ...] = ()
    as_written: tuple[str, str | None, tuple[Part, ...]] | None = None

    @property
    def is_bounce(self) -> bool:
        """Whether this message reports on another one that did not arrive."""
        return self.bounce is not None
