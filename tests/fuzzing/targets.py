"""What is fuzzed: each target with the promise it tries, where it begins from, and its share of the time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import process_time

from majlis.channels.email import mapi, tnef
from majlis.channels.email.mail import ParsedMail
from majlis.channels.email.parsing import parse
from tests.corpus.make import messages
from tests.fuzzing import promises, servers
from tests.quoting import samples

_MOST_SECONDS = 5.0  # of the processor, for a few kilobytes
_HTML = Path(__file__).parents[1] / "quoting" / "mails.html"


@dataclass(frozen=True, slots=True)
class Target:
    """`tries` raises AssertionError where a promise is broken; anything else it raises is a finding too."""

    tries: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    share: int
    largest: int = 8192


def attempt(target: Target, data: bytes) -> None:
    """Try it, within bounded time of the processor."""
    began = process_time()
    target.tries(data)
    spent = process_time() - began
    assert spent < _MOST_SECONDS, f"{spent:.1f} s for {len(data)} bytes"


@cache
def _mails() -> list[ParsedMail]:
    return [parse(raw) for raw in messages().values()]


def _texts() -> list[bytes]:
    found = [one.text for one in _mails()] + [sample.text for sample in samples.samples()]
    return [text.encode() for text in found if text]


def _htmls() -> list[bytes]:
    own = re.split(r"<!-- .*? -->\n", _HTML.read_text(encoding="utf-8"))
    return [html.encode() for html in (*own, *(one.html for one in _mails())) if html]


def _packed() -> list[bytes]:
    parts = [part.content for one in _mails() for part in one.attachments]
    return [content for content in parts if content.startswith(tnef.SIGNATURE)]


def _rich() -> list[bytes]:
    held = [tnef._unpacked(content) for content in _packed()]
    return [one.properties[mapi.RTF].content for one in held if one and mapi.RTF in one.properties]


def _reports() -> list[bytes]:
    return [raw for raw, one in zip(messages().values(), _mails(), strict=True) if one.bounce]


_POP3 = [
    (
        b"+OK hello\r\n+OK\r\nUIDL\r\nSASL PLAIN XOAUTH2\r\n.\r\n+OK\r\n1 a\r\n2 b\r\n.\r\n+OK\r\n1 120\r\n2 99\r\n.\r\n"
        b"+OK\r\nSubject: x\r\n\r\n..dot\r\n.\r\n+OK\r\nSubject: y\r\n\r\n.\r\n+OK bye\r\n"
    ),
    b"+OK\r\n-ERR no CAPA\r\n-ERR no UIDL\r\n+OK\r\n",
    b"+OK\r\n+OK\r\n.\r\n+OK\r\n.\r\n+OK\r\n.\r\n",
    b"-ERR [SYS/TEMP] busy\r\n",
]
_SMTP = [
    (
        b"220 hello\r\n250-there\r\n250-SIZE 35882577\r\n250-DSN\r\n250 SMTPUTF8\r\n250 ok\r\n250 ok\r\n550 5.1.1 no\r\n"
        b"354 go\r\n250 2.0.0 queued as 17\r\n221 bye\r\n"
    ),
    b"220 hello\r\n502 no\r\n250 there\r\n250 ok\r\n451 4.7.1 greylisted\r\n",
    b"220 hello\r\n250 there\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n552 5.3.4 too big\r\n",
    b"220 hello\r\n250 there\r\n530 5.7.0 sign in first\r\n421 4.3.2 closing\r\n",
]
_IMAP = [
    b"\0".join(
        (
            b"* OK [CAPABILITY IMAP4rev1 IDLE] hello\r\n",
            b'* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST (\\Sent) "/" "&BkUGMQYz-"\r\n$ OK done\r\n',
            b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n$ OK [READ-ONLY] done\r\n",
            b"* SEARCH 3 8\r\n$ OK done\r\n",
            (
                b'* 1 FETCH (UID 3 RFC822.SIZE 40 INTERNALDATE "17-Jul-2025 02:44:25 +0300")\r\n'
                b'* 2 FETCH (UID 8 RFC822.SIZE 9999 INTERNALDATE "18-Jul-2025 02:44:25 -0700")\r\n$ OK done\r\n'
            ),
            b"* 1 FETCH (UID 3 BODY[] {14}\r\nSubject: x\r\n\r\n)\r\n$ OK done\r\n",
            b"* 2 FETCH (UID 8 BODY[HEADER] {14}\r\nSubject: y\r\n\r\n)\r\n$ OK done\r\n",
        )
    ),
    b"* OK\0* CAPABILITY IMAP4rev1\r\n$ OK\r\n\0$ NO no\r\n\0$ BAD what\r\n\0* BYE going down\r\n",
]
_SENDERS = [
    (
        b"LHLO there\r\nMAIL FROM:<layla@customer.example> SIZE=40 BODY=8BITMIME\r\nRCPT TO:<support@shop.example>\r\n"
        b"RCPT TO:<nobody@elsewhere.example>\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\nRSET\r\nNOOP\r\nQUIT\r\n"
    ),
    b'EHLO there\r\nMAIL FROM:<>\r\nRCPT TO:<"a b"@shop.example>\r\nDATA\r\n.\r\nVRFY x\r\nQUIT\r\n',
]


def _text(tries: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: tries(data.decode("utf-8", "ignore"))


TARGETS = {
    "mail": Target(promises.mail_is_shown, lambda: messages().values(), 8, 16384),
    "folding": Target(_text(promises.text_is_folded), _texts, 3),
    "html": Target(_text(promises.html_is_shown), _htmls, 4),
    "tnef": Target(promises.tnef_is_read, _packed, 2),
    "rtf": Target(promises.rtf_is_read, _rich, 2),
    "report": Target(promises.report_is_read, _reports, 2),
    "search": Target(_text(promises.text_is_found), _texts, 1, 1024),
    "pop3": Target(servers.pop3_answers_are_read, lambda: _POP3, 1, 2048),
    "smtp": Target(servers.smtp_answers_are_read, lambda: _SMTP, 1, 2048),
    "imap": Target(servers.imap_answers_are_read, lambda: _IMAP, 1, 4096),
    "door": Target(servers.senders_are_answered, lambda: _SENDERS, 1, 4096),
}
