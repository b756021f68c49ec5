"""Header fields as they are written: encoded words, folded lines, ids never broken (RFC 5322, 2047). Pure.

The standard library's folding turns an id longer than a line into an encoded word, which no other program reads
as an id; so the fields are written here.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from email.utils import quote

LINE = 78
LONGEST_LINE = 998
# All ids of a very long thread would be refused by some servers as too large a header (often 16 kB in all).
REFERENCES_BYTES = 4000
_ENCODED_BYTES = 36  # 60 characters once encoded: fits beside the name of any field here
_REPLY = re.compile(r"^(?:\s*(?:re|aw|sv|antw|ردّ?|الرد)\s*(?:\[\d+\])?\s*[:：])+\s*", re.IGNORECASE)
_ARABIC_REPLY = re.compile(r"^\s*(?:ردّ?|الرد)\s*[:：]")
_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def reply_subject(subject: str) -> str:
    """`subject` marked as a reply exactly once; an Arabic mark («رد:») is kept in Arabic."""
    subject = one_line(subject)
    mark = "رد:" if _ARABIC_REPLY.match(subject) else "Re:"
    return f"{mark} {_REPLY.sub('', subject)}".rstrip()


def one_line(text: str) -> str:
    """`text` without line ends and control characters, so that it cannot begin another header field."""
    return _CONTROLS.sub(" ", text).strip()


def text_field(name: str, value: str) -> str:
    """An unstructured field, in encoded words where it is not ASCII or a word is longer than a line."""
    value = one_line(value)
    is_plain = value.isascii() and "=?" not in value
    if is_plain and all(len(word) < LINE - len(name) for word in value.split()):
        return fold(name, value.split(" "))
    return fold(name, encoded_words(value))


def address_field(name: str, addresses: Iterable[tuple[str, str]]) -> str:
    """A field of (name, address) pairs; an address that is not ASCII before its @ stands raw (RFC 6532).

    Raises UnicodeError when a domain cannot be written in ASCII.
    """
    pairs = list(addresses)
    words: list[str] = []
    for number, (display, address) in enumerate(pairs):
        comma = "," if number < len(pairs) - 1 else ""
        words += [*_phrase(one_line(display)), f"<{ascii_domain(one_line(address))}>{comma}"]
    return fold(name, words)


def bounded(ids: Sequence[str], *, limit_bytes: int = REFERENCES_BYTES) -> list[str]:
    """The chain without doubles, cut in the middle when too long: the first and as many of the last as fit.

    The first ties a thread together, the last ones lead to the parent (RFC 5322 §3.6.4; RFC 5537 §3.4.4 keeps
    the same ones). What is no id, or one that a line cannot hold, is left out.
    """
    chain = [value for value in dict.fromkeys(ids) if _ID.fullmatch(value) and len(value) < LONGEST_LINE - 40]
    if not chain or sum(len(value) + 1 for value in chain) <= limit_bytes:
        return chain
    room = limit_bytes - len(chain[0]) - 1
    kept: list[str] = []
    for value in reversed(chain[1:]):
        room -= len(value) + 1
        if room < 0:
            break
        kept.append(value)
    return [chain[0], *reversed(kept)]


def fold(name: str, words: Sequence[str]) -> str:
    """`words` after `name:`, on as many lines of 78 characters as they need; a word is never broken."""
    lines = [f"{name}:"]
    for number, word in enumerate(words):
        if number and len(lines[-1]) + 1 + len(word) > LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines) + "\r\n"


def encoded_words(text: str) -> list[str]:
    """`text` as RFC 2047 encoded words, each of whole words where that goes and never of half a letter.

    The blank between two words of the text lies inside an encoded word: readers drop what stands between two.
    """
    pieces: list[str] = []
    for word in re.findall(r"\S+\s*|\s+", text):
        if pieces and len((pieces[-1] + word).encode()) <= _ENCODED_BYTES:
            pieces[-1] += word
            continue
        pieces.append("")
        for letter in word:
            if len((pieces[-1] + letter).encode()) > _ENCODED_BYTES:
                pieces.append("")
            pieces[-1] += letter
    return [f"=?utf-8?b?{base64.b64encode(piece.encode()).decode()}?=" for piece in pieces]


def ascii_domain(address: str) -> str:
    """The address with its domain in ASCII (IDNA). Raises UnicodeError when that cannot be."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain if domain.isascii() else domain.encode('idna').decode()}"


def _phrase(display: str) -> list[str]:
    """A display name as words: bare, quoted, or encoded (RFC 2047 §5.3)."""
    if not display:
        return []
    if not display.isascii() or len(display) > LONGEST_LINE // 2 or "=?" in display:
        return encoded_words(display)
    if _PLAIN_NAME.fullmatch(display):
        return display.split()
    return [f'"{quote(display)}"']
