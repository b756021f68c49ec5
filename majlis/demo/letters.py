"""The made-up customers' mail as a mail program would write it, with quotations, pictures and papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from random import Random

from majlis.demo import mime, pictures
from majlis.demo.story import Letter
from majlis.demo.words.oddities import FORWARDED
from majlis.lib.arabic import is_arabic
from majlis.people.demo import DOMAIN

_ARABIC_DAYS = ("الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")


@dataclass(frozen=True, slots=True)
class Said:
    """The last reply, which an answer quotes."""

    author: str
    text: str
    at: datetime


def letter(
    random: Random,
    written: Letter,
    *,
    to: tuple[str, str],
    at: datetime,
    ids: Sequence[str],
    said: Said | None,
) -> tuple[str, bytes]:
    """The Message-ID and the bytes of a letter to `to`; an answer names `ids`, oldest first, and quotes `said`."""
    message_id = f"<{random.getrandbits(80):020x}@{written.address.partition('@')[2]}>"
    headers = [
        mime.header("From", mime.named(written.name, written.address)),
        mime.header("To", mime.named(*to)),
        mime.header("Subject", f"Re: {written.subject}" if written.is_answer else written.subject),
        mime.header("Date", format_datetime(at)),
        mime.header("Message-ID", message_id),
        *(mime.header(name, value) for name, value in written.headers),
    ]
    if written.copies:
        headers.append(mime.header("Cc", ", ".join(written.copies)))
    if written.is_answer and ids:
        headers.append(mime.header("In-Reply-To", ids[-1]))
        headers.append(mime.header("References", "\r\n ".join(ids)))
    quoted = said if written.is_answer else None
    text = written.text + (_forwarded(random, at) if written.forwards else "")
    body = mime.text("text/plain", text + (_quotation(quoted) if quoted else ""))
    if written.has_html:
        body = mime.several("alternative", [body, _html(random, written, text, quoted)], _mark(random))
    if written.shows:
        body = mime.several("mixed", [body, _file(random, written.shows)], _mark(random))
    return message_id, "".join([*headers, "MIME-Version: 1.0\r\n"]).encode() + body


def enclosure(random: Random, what: str, name: str) -> tuple[str, str, bytes]:
    """A file to go along: its name, content type and bytes."""
    number = random.randrange(1000, 9999)
    if what == "picture":
        return f"IMG_{number}.png", "image/png", pictures.photo(random)
    titles = {
        "receipt": ("Payment receipt", f"receipt-{number}.pdf"),
        "invoice": ("Tax invoice", f"invoice-{number}.pdf"),
        "quotation": ("Quotation", f"quotation-{number}.pdf"),
        "leaflet": ("Ingredients", "ingredients.pdf"),
        "letterhead": ("Enclosure", f"enclosure-{number}.pdf"),
    }
    title, file_name = titles[what]
    lines = [f"No. {number}", f"Total {random.randrange(90, 900)}.00 SAR", "Waha, a made-up shop"]
    return file_name, "application/pdf", pictures.paper(title, [*lines, name] if name.isascii() else lines)


def report(random: Random, *, to: str, failed: str, message_id: str, at: datetime) -> bytes:
    """A mail server says that a reply did not arrive (RFC 3464)."""
    host, mark = f"mx.{DOMAIN}", _mark(random)
    lines = [
        f"From: Mail Delivery System <MAILER-DAEMON@{host}>",
        f"To: {to}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{mark}@{host}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{mark}"',
        *("", f"--{mark}", "Content-Type: text/plain; charset=us-ascii", ""),
        f"This is the mail system at host {host}. <{failed}>: 550 5.2.2 mailbox is full",
        *("", f"--{mark}", "Content-Type: message/delivery-status", ""),
        *(f"Reporting-MTA: dns; {host}", "", f"Final-Recipient: rfc822; {failed}", "Action: failed"),
        *("Status: 5.2.2", "Diagnostic-Code: smtp; 550 5.2.2 mailbox is full"),
        *("", f"--{mark}", "Content-Type: message/rfc822", ""),
        *(f"From: {to}", f"Message-ID: {message_id}", "Subject: Re:", "", "...", f"--{mark}--", ""),
    ]
    return "\r\n".join(lines).encode()


def _mark(random: Random) -> str:
    return f"=_{random.getrandbits(64):016x}"


def _html(random: Random, written: Letter, text: str, quoted: Said | None) -> bytes:
    way = "rtl" if is_arabic(text) else "ltr"
    body = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
    if written.inline:
        body += '<p><img src="cid:photo" alt="" width="320"></p>'
    body = f'<div dir="{way}">{body}</div>'
    if quoted:
        said = escape(quoted.text).replace("\n", "<br>")
        above = escape(_attribution(quoted))
        body += f'<div class="gmail_quote"><div>{above}</div><blockquote>{said}</blockquote></div>'
    html = mime.text("text/html", body)
    if not written.inline:
        return html
    place = ("Content-ID: <photo>\r\n", 'Content-Disposition: inline; filename="photo.png"\r\n')
    return mime.several(
        "related", [html, mime.part("image/png", pictures.photo(random), *place)], _mark(random)
    )


def _file(random: Random, what: str) -> bytes:
    name, kind, content = enclosure(random, what, "")
    return mime.part(kind, content, f'Content-Disposition: attachment; filename="{name}"\r\n')


def _quotation(quoted: Said) -> str:
    said = "".join(f"> {line}\n" for line in quoted.text.splitlines())
    return f"\n\n{_attribution(quoted)}\n\n{said}"


def _attribution(quoted: Said) -> str:
    at, author = quoted.at, quoted.author
    if is_arabic(quoted.text):
        return f"في {_ARABIC_DAYS[at.weekday()]}، {at.day}/{at.month}/{at.year} في {at:%H:%M} كتب {author}:"
    return f"On {at:%a, %d %b %Y at %H:%M}, {author} wrote:"


def _forwarded(random: Random, at: datetime) -> str:
    return (
        f"\n\n{random.choice(FORWARDED)}\n\n---------- Forwarded message ---------\n"
        f"From: Parcel Desk <desk@parcel.{DOMAIN}>\nDate: {at:%d %b %Y}\nSubject: Shipment {random.randrange(10**6)}\n\n"
        "Your parcel is held at our depot. Please contact the sender.\n"
    )
