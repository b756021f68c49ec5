"""The whole corpus read by four readers, and who is right: python -m tests.corpus.differential

Prints a Markdown table by field. A message counts in a field where the corpus says what it should be; every reader is
asked in the way its own documentation shows, and where it gives HTML but no text, that is read for it.
"""

from __future__ import annotations

import base64
import email
import imaplib
import logging
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import policy
from typing import Any

import mailparser

from majlis.channels.email.bodies import digest
from majlis.channels.email.parsing import parse
from majlis.lib.html import to_text
from tests.corpus.contents import CONTENTS
from tests.corpus.expected import EXPECTED
from tests.corpus.make import messages

FIELDS = ("subject", "from", "to", "date", "text", "HTML present", "names of files", "bytes of files")
Reading = dict[str, Any]
WRONG = object()
# imap-tools lets the standard library's IMAP read lines twenty times as long, for everybody in the process.
_longest_line = imaplib._MAXLINE  # type: ignore[attr-defined]
from imap_tools import MailMessage  # noqa: E402

imaplib._MAXLINE = _longest_line  # type: ignore[attr-defined]


def _reading(found: dict[str, Callable[[], Any]]) -> Reading:
    """What a reader gives of each field; a field at which it raises is wrong."""
    out: Reading = {}
    for name, give in found.items():
        try:
            out[name] = give()
        except Exception:
            out[name] = WRONG
    return out


def _ours(raw: bytes) -> Reading:
    mail = parse(raw)
    return {
        "subject": mail.subject,
        "from": (mail.sender.name, mail.sender.address) if mail.sender else None,
        "to": [(one.name, one.address) for one in mail.to],
        "date": mail.date,
        "text": mail.text,
        "HTML present": mail.html is not None,
        "names of files": [part.name for part in mail.attachments],
        "bytes of files": [part.content for part in mail.attachments],
    }


def _stdlib(raw: bytes) -> Reading:
    mail = email.message_from_bytes(raw, policy=policy.default)

    def people(name: str) -> list[tuple[str, str]]:
        header: Any = mail[name]
        return [(one.display_name, one.addr_spec.lower()) for one in header.addresses] if header else []

    def text() -> str:
        plain = mail.get_body(("plain",))
        return str(plain.get_content()) if plain else to_text(html() or "")

    def html() -> str | None:
        found = mail.get_body(("html",))
        return str(found.get_content()) if found else None

    return _reading(
        {
            "subject": lambda: str(mail["subject"] or ""),
            "from": lambda: next(iter(people("from")), None),
            "to": lambda: people("to"),
            "date": lambda: mail["date"].datetime if mail["date"] else None,
            "text": text,
            "HTML present": lambda: html() is not None,
            "names of files": lambda: [part.get_filename() for part in mail.iter_attachments()],
            "bytes of files": lambda: [part.get_payload(decode=True) for part in mail.iter_attachments()],
        }
    )


def _mail_parser(raw: bytes) -> Reading:
    try:
        mail = mailparser.parse_from_bytes(raw)
    except Exception:
        return dict.fromkeys(FIELDS, WRONG)

    def content(part: dict[str, Any]) -> bytes:
        payload = part["payload"]
        return base64.b64decode(payload) if part["binary"] else payload.encode()

    return _reading(
        {
            "subject": lambda: mail.subject or "",
            "from": lambda: next(((name, address.lower()) for name, address in mail.from_), None),
            "to": lambda: [(name, address.lower()) for name, address in mail.to or ()],
            "date": lambda: mail.date.replace(tzinfo=mail.date.tzinfo or UTC) if mail.date else None,
            "text": lambda: "\n\n".join(mail.text_plain) or to_text("\n".join(mail.text_html)),
            "HTML present": lambda: bool(mail.text_html),
            "names of files": lambda: [part["filename"] for part in mail.attachments],
            "bytes of files": lambda: [content(part) for part in mail.attachments],
        }
    )


def _imap_tools(raw: bytes) -> Reading:
    try:
        mail = MailMessage.from_bytes(raw)
    except Exception:
        return dict.fromkeys(FIELDS, WRONG)

    def date() -> datetime | None:
        found = mail.date
        return (
            None if found.year == 1900 else found.replace(tzinfo=found.tzinfo or UTC)
        )  # its word for no date

    return _reading(
        {
            "subject": lambda: mail.subject,
            "from": lambda: (
                (mail.from_values.name, mail.from_values.email.lower()) if mail.from_values else None
            ),
            "to": lambda: [(one.name, one.email.lower()) for one in mail.to_values],
            "date": date,
            "text": lambda: mail.text or to_text(mail.html),
            "HTML present": lambda: bool(mail.html),
            "names of files": lambda: [part.filename for part in mail.attachments],
            "bytes of files": lambda: [part.payload for part in mail.attachments],
        }
    )


READERS: dict[str, Callable[[bytes], Reading]] = {
    "Majlis": _ours,
    "stdlib `email`": _stdlib,
    "mail-parser": _mail_parser,
    "imap-tools": _imap_tools,
}


def _wanted(name: str) -> Reading:
    said = EXPECTED[name]
    found: Reading = {
        field: said[key]
        for field, key in (
            ("subject", "subject"),
            ("from", "sender"),
            ("to", "to"),
            ("date", "date"),
            ("text", "text"),
        )
        if key in said
    }
    if "html" in said or "html_has" in said:
        found["HTML present"] = said.get("html", "") is not None
    if "attachments" in said:
        found["names of files"] = [file[0] for file in said["attachments"]]
    if name in CONTENTS:
        found["bytes of files"] = CONTENTS[name]
    return found


def _plain(field: str, value: Any) -> Any:
    """A value without what nobody could see a difference in: white space of texts, the zone of a moment."""
    if value is WRONG or value is None:
        return value
    if field == "date":
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)
    if field in ("subject", "text"):
        return re.sub(r"\s+", " ", value).strip()
    if field == "bytes of files":
        return [digest(content) for content in value]
    return value


@contextmanager
def _quiet() -> Iterator[None]:
    """What readers log of broken mail is of no interest here."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def right() -> tuple[dict[str, dict[str, int]], dict[str, int], list[str]]:
    """Return (reader -> field -> messages it reads rightly, field -> messages that count, where ours is wrong)."""
    scores = {reader: dict.fromkeys((*FIELDS, "whole message"), 0) for reader in READERS}
    count = dict.fromkeys((*FIELDS, "whole message"), 0)
    ours_wrong: list[str] = []
    corpus = messages()
    with warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        for name, raw in corpus.items():
            wanted = _wanted(name)
            if not wanted:
                continue
            count["whole message"] += 1
            for field in wanted:
                count[field] += 1
            for reader, read in READERS.items():
                found = read(raw)
                fits = [field for field in wanted if _same(field, found[field], wanted[field])]
                for field in fits:
                    scores[reader][field] += 1
                scores[reader]["whole message"] += len(fits) == len(wanted)
                if reader == "Majlis" and len(fits) < len(wanted):
                    ours_wrong.append(name)
    return scores, count, ours_wrong


def _same(field: str, found: Any, wanted: Any) -> bool:
    try:
        return bool(_plain(field, found) == _plain(field, wanted))
    except (TypeError, ValueError, AttributeError, OverflowError):
        return False


def table(scores: dict[str, dict[str, int]], count: dict[str, int]) -> str:
    """Return what `right` found as a table."""
    lines = [f"| field | messages | {' | '.join(READERS)} |", f"|---|--:|{'--:|' * len(READERS)}"]
    for field in (*FIELDS, "whole message"):
        shown = " | ".join(str(scores[reader][field]) for reader in READERS)
        lines.append(f"| {field} | {count[field]} | {shown} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(f"{table(*right()[:2])}\n")
