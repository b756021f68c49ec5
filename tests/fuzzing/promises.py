"""The promises of reading, folding and cleaning, each a function that raises AssertionError where one is not kept."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from majlis.channels.email import quoting, quoting_html, rtf, threading, tnef, verdicts
from majlis.channels.email.bodies import unflow
from majlis.channels.email.mail import ParsedMail
from majlis.channels.email.parsing import message_key, parse
from majlis.channels.email.words import storable
from majlis.lib.arabic import BIDI_MARKS, normalise, sort_key
from majlis.lib.html import rewrite_remote, sanitise
from majlis.lib.plain import from_text, to_text
from majlis.lib.stems import stems, tsquery

# How much may come of a byte: what is packed in winmail.dat unfolds, and stands in the text, the HTML and the files.
_GROWTH, _GROUND = 60, 200_000
_RUNNING = re.compile(
    r"<\s*/?\s*(?:script|svg|iframe|form|input|button|meta|base|object|embed|link|math|textarea|noscript|html|body)\b",
    re.IGNORECASE,
)
_STYLE_BITES = re.compile(
    r"expression\(|@import|javascript:|data:text|image/svg"
    r"|(?:^|[;{}])\s*(?:-moz-binding|behavior)\s*:|(?:^|[;{}])\s*position\s*:\s*(?:fixed|sticky)\b",
    re.IGNORECASE,
)
_ADDRESS_BITES = re.compile(r"[\s\x00-\x20]*(?:javascript|vbscript|data:(?!image/(?!svg)))", re.IGNORECASE)
_FETCHES = re.compile(r"(?<![\w\x80-\U0010ffff-])url\(\s*[\"']?(?!data:image/)", re.IGNORECASE)
_SHEET = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_TAG = re.compile(r"<(?:\"[^\"]*\"|[^\">])*>")
_VOID = ("area", "br", "col", "hr", "img", "wbr")


def mail_is_read(raw: bytes) -> ParsedMail:
    """Reading returns, what it returns can be stored and is bounded, and the message has one key."""
    mail = parse(raw)
    size = 0
    for text in _strings(mail):
        assert "\x00" not in text
        size += len(text.encode())  # a lone surrogate would raise
    size += sum(len(part.content) for part in mail.attachments)
    assert size < _GROUND + _GROWTH * len(raw), f"{size} of {len(raw)}"
    assert "\r" not in mail.text
    assert mail.is_bounce == (mail.auto == "bounce")
    for part in mail.attachments:
        assert part.name
        assert not set(part.name) & set("/\\\n\r")
        assert part.name not in (".", "..")
        assert len(part.name) <= 200
    assert len(message_key(mail, raw)) == 64
    assert all(one.address == one.address.lower() for one in (*mail.to, *mail.cc, *mail.reply_to))
    assert mail.date is None or mail.date.utcoffset() is not None
    for one in threading.candidates(mail):
        threading.read_token(one, b"key")
        threading.read_notice(one, b"key")
    threading.normalise_subject(mail.subject)
    return mail


def mail_is_shown(raw: bytes) -> None:
    """A mail is read, and its text and HTML are folded and cleaned as for a page."""
    mail = mail_is_read(raw)
    text_is_folded(mail.text, subject=mail.subject)
    if mail.html:
        html_is_shown(mail.html, subject=mail.subject)
    text_is_found(mail.text[:2000])


def report_is_read(raw: bytes) -> None:
    """A report of delivery names addresses in lower case, and its verdict is one."""
    mail = mail_is_read(raw)
    if mail.bounce is not None:
        bounce = mail.bounce
        assert all(address == address.lower() and address for address in bounce.failed)
        assert bounce.original_message_id != ""
        verdict = verdicts.read(bounce.diagnostic, status=bounce.status)
        assert verdict.wait_seconds is None or 0 <= verdict.wait_seconds <= 6 * 3600


def text_is_folded(text: str, *, subject: str = "") -> None:
    """The four pieces joined are the text; folding what is visible changes nothing."""
    found = quoting.fold(text, subject=subject)
    assert found.above + found.text + found.signature + found.quoted == text
    assert found.text.strip() or found.text == text
    assert quoting.fold(found.text, subject=subject).text == found.text
    assert _letters(unflow(text)) == _letters(text)


def html_is_shown(html: str, *, subject: str = "") -> None:
    """Cleaned HTML runs nothing and stays clean, loads nothing of its own accord, and folding drops no word of it."""
    clean = sanitise(html)
    assert not _Looking(clean).bites, _Looking(clean).bites
    again = sanitise(clean)
    assert words(again) == words(clean)
    assert not _Looking(again).bites, _Looking(again).bites
    folded = quoting_html.shown(
        clean, lambda signature, quotation: "<details><summary></summary>", subject=subject
    )
    assert words(folded) == words(clean)
    assert is_balanced(folded)
    pieces = quoting_html.fold(clean, subject=subject)
    assert words(pieces.above + pieces.text + pieces.signature + pieces.quoted) == words(clean)
    assert quoting_html.fold(pieces.text, subject=subject).text == pieces.text
    rewritten, _ = rewrite_remote(folded, cid=lambda _: None, remote=lambda _: None)
    seen = _Looking(rewritten)
    assert not seen.bites, seen.bites
    assert not seen.fetches, seen.fetches
    said = to_text(html)
    assert len(said) < _GROUND + 4 * len(html)
    sanitise(from_text(said))


def tnef_is_read(content: bytes) -> None:
    """What is packed is read the same each time, bounded, and can be stored."""
    found = tnef.read(content)
    assert found == tnef.read(content)
    if found is None:
        return
    for text in _strings((found.text, found.html or "")):
        assert storable(text) == text
    size = len(found.text) + len(found.html or "") + sum(len(one.content) for one in found.files)
    assert size < _GROUND + _GROWTH * len(content), f"{size} of {len(content)}"


def rtf_is_read(content: bytes) -> None:
    """Packed rich text unfolds into a bounded one, which is read to a bounded text."""
    unpacked = rtf.decompress(content)
    assert len(unpacked) <= rtf.MAX_BYTES + 64
    for data in (unpacked, content):
        said, _ = rtf.read(data)
        assert len(said) <= _GROUND + 16 * len(data)


def text_is_found(text: str) -> None:
    """Cleaning for search comes to rest at once, and gives words that the database takes."""
    folded = normalise(text)
    assert normalise(folded) == folded
    sort_key(text)
    tsquery(storable(text))
    found = stems(text)
    assert len(found) == len(set(found))
    assert all(stem and len(stem.encode()) < 2046 and not stem.isspace() for stem in found)


def _letters(text: str) -> str:
    """Without what joining lines may change: white space, quotation marks and marks of direction."""
    return "".join(BIDI_MARKS.sub("", text).replace(">", "").split())


def words(html: str) -> str:
    """What stands outside of tags and sheets, without white space."""
    return re.sub(r"\s+", "", _TAG.sub("", _SHEET.sub("", html)))


def is_balanced(html: str) -> bool:
    """Claims that every element ends inside of the one it began in."""
    open_now: list[str] = []
    for end, tag in re.findall(r'<(/?)([a-z0-9]+)(?:[^">]|"[^"]*")*>', html):
        if not end and tag not in _VOID:
            open_now.append(tag)
        elif end and (not open_now or open_now.pop() != tag):
            return False
    return not open_now


class _Looking(HTMLParser):
    """Gathers what would run, and what a browser would fetch by itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        sheets = "".join(_SHEET.findall(html))
        self.bites = _RUNNING.findall(html) + _STYLE_BITES.findall(sheets)
        self.fetches = _FETCHES.findall(sheets)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, given in attrs:
            value = given or ""
            is_address = name in ("href", "src", "srcset", "background", "cite", "poster")
            if (
                name.startswith("on")
                or (is_address and _ADDRESS_BITES.match(value))
                or (name == "style" and _STYLE_BITES.search(value))
            ):
                self.bites.append(f"{tag} {name}={value}")
            is_fetched = name in ("src", "srcset", "background", "poster") and not value.startswith(
                "data:image/"
            )
            if is_fetched or (name == "style" and _FETCHES.search(value)):
                self.fetches.append(f"{tag} {name}={value}")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name))
