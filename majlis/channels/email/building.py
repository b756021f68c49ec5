"""A message that leaves, as bytes: text and HTML side by side, the quoted message below, files after. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Literal

from majlis.channels.email import fields, linked, looks
from majlis.channels.email.linked import Linked
from majlis.channels.email.picture_width import width_of
from majlis.lib.direction import Direction, direction
from majlis.lib.rich import text_of

Address = tuple[str, str]  # name, address
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*", re.IGNORECASE)
_INNERMOST_QUOTE = re.compile(r"<blockquote[^>]*>((?:(?!<blockquote).)*?)</blockquote>", re.DOTALL)
_MONTHS = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "en": "January February March April May June July August September October November December",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A file that goes along; with a `content_id`, a picture that the HTML shows where it names it."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that is answered, shown below the reply. `language` is "ar" or "en"; `zone` the reader's."""

    author: Address
    written_at: datetime
    text: str
    language: str
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A message that is passed on whole: shown below the words of whoever passes it on, its sender named."""

    author: Address
    to: Sequence[str]
    subject: str
    written_at: datetime
    text: str
    language: str
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Everything a message needs to leave. Ids stand in angle brackets, the chain oldest first.

    `reply_to` is where answers go, if not to the sender. `linked` are files too large to go along.
    `html` is clean already. `signature` is clean HTML that stands between the text and what is quoted. Those in
    `bcc` get it too; no header names them.
    """

    message_id: str
    sender: Address
    to: Sequence[Address]
    subject: str
    text: str
    written_at: datetime
    cc: Sequence[Address] = ()
    bcc: Sequence[Address] = ()
    html: str = ""
    signature: str = ""
    reply_to: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    quoted: Quoted | None = None
    forwarded: Forwarded | None = None
    parts: Sequence[Part] = ()
    linked: Sequence[Linked] = ()
    is_automatic: bool = False

    @property
    def recipients(self) -> list[str]:
        """Every address it goes to, the one it is meant for first, none twice."""
        return list(dict.fromkeys(address for _, address in (*self.to, *self.cc, *self.bcc)))


def build(outgoing: Outgoing) -> bytes:
    """The whole message, CRLF line ends, seven bits but for addresses that cannot be (RFC 6532).

    The same Outgoing gives the same message but for the boundaries between its parts. Raises UnicodeError
    when a domain cannot be written in ASCII.
    """
    return _header(outgoing).encode() + _body(outgoing).as_bytes(policy=SMTP.clone(cte_type="7bit"))


def attribution(quoted: Quoted) -> str:
    """The line above what is quoted, as mail programs write it, so that they fold it again."""
    name, address = quoted.author
    return _attribution(quoted, f"{fields.one_line(name)} <{address}>" if name else address)


def _attribution(quoted: Quoted, who: str) -> str:
    at = quoted.written_at.astimezone(quoted.zone)
    language = "ar" if quoted.language == "ar" else "en"
    month = _MONTHS[language].split()[at.month - 1]
    if language == "ar":
        return f"في {at.day} {month} {at.year}، {at:%H:%M} كتب {who}:"
    return f"On {at.day} {month} {at.year} at {at:%H:%M}, {who} wrote:"


def _header(outgoing: Outgoing) -> str:
    written = [
        fields.fold("Date", format_datetime(outgoing.written_at).split(" ")),
        fields.address_field("From", [outgoing.sender]),
        fields.address_field("To", outgoing.to),
    ]
    if outgoing.reply_to:
        written.append(fields.address_field("Reply-To", [(outgoing.sender[0], outgoing.reply_to)]))
    if outgoing.cc:
        written.append(fields.address_field("Cc", outgoing.cc))
    written.append(fields.text_field("Subject", outgoing.subject))
    written.append(fields.fold("Message-ID", [outgoing.message_id]))
    parent = fields.bounded([outgoing.in_reply_to])
    if parent:
        written.append(fields.fold("In-Reply-To", parent))
    chain = fields.bounded([*(known for known in outgoing.references if known not in parent), *parent])
    if chain:
        written.append(fields.fold("References", chain))
    language = "ar" if direction(outgoing.text.strip()) == "rtl" else "en"
    written.append(f"Content-Language: {language}\r\n")  # RFC 3282
    written.append("MIME-Version: 1.0\r\n")
    if outgoing.is_automatic:
        kind = "auto-replied" if outgoing.in_reply_to else "auto-generated"
        written.append(f"Auto-Submitted: {kind}\r\n")  # RFC 3834 §5
        if kind == "auto-replied":
            # For responders older than that (RFC 3834 §3.1.8). Not "bulk": readers' programs put that aside.
            written.append("Precedence: auto_reply\r\n")
        # Exchange answers an automatic mail all the same, unless this asks it not to (MS-OXCMAIL).
        written.append("X-Auto-Response-Suppress: OOF, AutoReply\r\n")
    return "".join(written)


def _body(outgoing: Outgoing) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    text = outgoing.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    way = direction(text)
    widths = {part.content_id: width_of(part.content) for part in outgoing.parts if part.content_id}
    plain = plain_of(outgoing.html) if "<blockquote" in outgoing.html and not outgoing.is_automatic else text
    html = looks.formatted(outgoing.html, way, widths) if outgoing.html else looks.paragraphs(text, way)
    if outgoing.linked:
        plain += f"\n\n{linked.as_text(outgoing.linked, way)}"
        html += f"\n{linked.as_html(outgoing.linked, way)}"
    if outgoing.signature:
        plain += f"\n\n-- \n{text_of(outgoing.signature)}"  # RFC 3676 §4.3
        signed = looks.formatted(outgoing.signature, way, widths)
        html += f'\n<div class="gmail_signature" dir="{way}" style="margin:1em 0 0">{signed}</div>'
    if outgoing.quoted is not None:
        plain += f"\n\n{attribution(outgoing.quoted)}\n{_marked(outgoing.quoted.text)}"
        html += "\n" + _quotation(outgoing.quoted)
    if outgoing.forwarded is not None:
        plain += f"\n\n{_passed_on(outgoing.forwarded)}\n\n{outgoing.forwarded.text}"
        html += "\n" + _passed_on_html(outgoing.forwarded)
    _put(message, looks.marked_lines(plain, way) + "\n", "plain")
    alternative = EmailMessage(policy=SMTP)
    _put(alternative, looks.page(html, way), "html")
    shown = [part for part in outgoing.parts if part.content_id and f"cid:{part.content_id}" in html]
    for part in shown:
        main, sub = _kind(part)
        alternative.add_related(
            part.content, maintype=main, subtype=sub, cid=f"<{part.content_id}>", disposition="inline",
            filename=fields.one_line(part.name),
        )  # fmt: skip
    message.make_alternative()
    message.attach(alternative)
    for part in outgoing.parts:
        if part not in shown:
            _attach(message, part)
    for part_of_it in message.walk():
        del part_of_it["MIME-Version"]  # said once, in the header
    return message


def _put(message: EmailMessage, text: str, subtype: Literal["plain", "html"]) -> None:
    message.set_content(text, subtype=subtype, charset="utf-8", cte=_encoding(text))


def _encoding(text: str) -> str:
    """The transfer encoding that stays readable where it can be: lines of at most 78 characters, seven bits."""
    if text.isascii() and all(len(line) <= fields.LINE for line in text.split("\n")):
        return "7bit"
    foreign = sum(1 for letter in text if not letter.isascii())
    return "base64" if foreign > len(text) / 6 else "quoted-printable"


def _kind(part: Part) -> tuple[str, str]:
    kind = part.content_type.partition(";")[0].strip().lower()
    # multipart/* and message/* may not be encoded in base64 (RFC 2046 §5), so such a file goes as plain bytes.
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    main, _, sub = kind.partition("/")
    return main, sub


def _attach(message: EmailMessage, part: Part) -> None:
    main, sub = _kind(part)
    # The name is written by RFC 2231, which every reader of today knows.
    message.add_attachment(part.content, maintype=main, subtype=sub, filename=fields.one_line(part.name))


def plain_of(html: str) -> str:
    """Clean HTML as plain text, what is quoted in it behind «>»."""
    while found := _INNERMOST_QUOTE.search(html):
        rows = escape(_marked(text_of(found.group(1)))).replace("\n", "<br>")
        html = f"{html[: found.start()]}<p>{rows}</p>{html[found.end() :]}"
    return text_of(html)


def _quotation(quoted: Quoted) -> str:
    name, address = quoted.author
    who = looks.one_way(f"<{address}>" if name else address, "ltr")
    if name:
        name = fields.one_line(name)
        who = f"{looks.one_way(name, direction(name))} {who}"
    way = direction(quoted.text)
    return looks.quotation(
        _attribution(quoted, who), _way_of(quoted.language), looks.paragraphs(quoted.text, way), way
    )


def _way_of(language: str) -> Direction:
    return "rtl" if language == "ar" else "ltr"


_PASSED_ON = {
    "ar": ("رسالة معاد توجيهها", "من", "التاريخ", "الموضوع", "إلى"),
    "en": ("Forwarded message", "From", "Date", "Subject", "To"),
}


def _head_of(message: Forwarded) -> tuple[str, list[tuple[str, str]]]:
    """The line above a message that is passed on, and the fields below it, named as mail programs name them."""
    title, *names = _PASSED_ON["ar" if message.language == "ar" else "en"]
    name, address = message.author
    at = message.written_at.astimezone(message.zone)
    said = [
        f"{fields.one_line(name)} <{address}>" if name else address,
        f"{at:%Y-%m-%d %H:%M}",
        fields.one_line(message.subject),
        ", ".join(message.to),
    ]
    return title, [(name, value) for name, value in zip(names, said, strict=True) if value]


def _passed_on(message: Forwarded) -> str:
    title, rows = _head_of(message)
    return "\n".join([f"---------- {title} ----------", *(f"{name}: {value}" for name, value in rows)])


def _passed_on_html(message: Forwarded) -> str:
    title, rows = _head_of(message)
    way, own = _way_of(message.language), direction(message.text)
    listed = "".join(
        f"<br>\n{escape(name)}: {looks.one_way(value, direction(value, way))}" for name, value in rows
    )
    head = looks.block(
        f"---------- {escape(title)} ----------{listed}", title, way, style="margin:1em 0", tag="div"
    )
    return f'<div class="gmail_quote">\n{head}\n<div dir="{own}">\n{looks.paragraphs(message.text, own)}\n</div>\n</div>'


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
