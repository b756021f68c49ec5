"""Bytes at the door become a message one can work with: whatever the bytes, `parse` returns."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from majlis.channels.email import (
    automatic,
    bodies,
    bounces,
    checks,
    headers,
    inside,
    invitations,
    sealing,
    spam,
    tree,
    words,
)
from majlis.channels.email.inside import Contents
from majlis.channels.email.mail import Address, AutoKind, Bounce, ParsedMail, Part
from majlis.lib import charsets

__all__ = ["Address", "AutoKind", "Bounce", "ParsedMail", "Part", "message_key", "parse"]


def parse(raw: bytes) -> ParsedMail:
    """Return what the message in `raw` says. Never raises: what is broken is repaired and named in `defects`.

    raw: the message as the server stored it, line ends of any kind.
    """
    defects: set[str] = set()
    root = tree.read(raw, defects)
    hint = _declared_charset(root)
    return_path = _return_path(root)
    sender = _sender(root, return_path, hint, defects)
    subject = words.decode(root.header("subject") or b"", hint)
    date = headers.date(root.header("date"))
    if date is None:
        defects.add("date")
    before, seal = _unsealed(root, hint, date, defects) if sealing.is_sealed(root) else (None, None)
    read = bodies.read(root)
    as_written = before or read
    (text, html, attachments), seal_in_text = inside.take_out(*read)
    bounce = bounces.read(root, sender=sender, subject=subject, text=text, return_path=return_path)
    ids = headers.message_ids(root.all("message-id"))
    if not ids:
        defects.add("no-message-id")
    return ParsedMail(
        message_id=ids[0] if ids else None,
        in_reply_to=headers.message_ids(root.all("in-reply-to")),
        references=headers.message_ids(root.all("references")),
        sender=sender,
        reply_to=headers.addresses(root.all("reply-to"), hint),
        to=headers.addresses(root.all("to"), hint),
        cc=headers.addresses(root.all("cc"), hint),
        subject=subject,
        date=date,
        text=text,
        html=html,
        attachments=attachments,
        auto="bounce"
        if bounce
        else automatic.kind(root, sender=sender, subject=subject, return_path=return_path),
        bounce=bounce,
        return_path=return_path,
        defects=tuple(sorted(defects)),
        is_spam=spam.is_marked(root),
        checks=checks.read(root.all("authentication-results"), sender=sender.address if sender else ""),
        seal=seal or seal_in_text,
        invitations=tuple(invitations.read_all(attachments)),
        as_written=None if (text, html, attachments) == as_written else as_written,
    )


def _declared_charset(root: tree.Node) -> str | None:
    """Return the charset the message's text claims: raw 8-bit headers were mostly written in the same one."""
    waiting = [root]
    while waiting:
        node = waiting.pop(0)
        if node.content_type.startswith("text/") and charsets.codec_for(node.params.get("charset")):
            return node.params["charset"]
        waiting += node.children
    return None


def _unsealed(
    root: tree.Node, hint: str | None, date: datetime | None, defects: set[str]
) -> tuple[Contents | None, dict[str, str] | None]:
    """Return (what stood there before it was opened, if it was opened; the seal)."""
    written_by = headers.addresses(root.all("from"), hint)
    before = bodies.read(root) if sealing.may_open(root) else None
    sender = written_by[0].address if written_by else ""
    return before, sealing.open_seal(root, sender=sender, at=date, defects=defects)


def _return_path(root: tree.Node) -> str | None:
    value = root.header("return-path")
    if value is None:
        return None
    found = headers.addresses([value])
    return found[0].address if found else ""


def _sender(root: tree.Node, return_path: str | None, hint: str | None, defects: set[str]) -> Address | None:
    if len(root.all("from")) != 1:
        defects.add("from")
    for name in ("from", "sender", "reply-to"):
        if found := headers.addresses(root.all(name), hint):
            return found[0]
        defects.add("from")
    return Address("", return_path) if return_path else None


def message_key(mail: ParsedMail, raw: bytes | None = None) -> str:
    """Return the name under which a mailbox keeps this message once: 64 hexadecimal digits.

    The same message has the same key whichever way it came (trace headers, line ends and trailing spaces do not
    count); another message that reuses a Message-ID has another. Without a Message-ID the date stands in for it.
    `raw` is looked at only for a message in which nothing at all could be read.
    """
    identity = mail.message_id or (mail.date.isoformat() if mail.date else "")
    sender = mail.sender.address if mail.sender else ""
    # As it was written: what is taken out of its parts differs with the version that does so.
    text, html, attachments = mail.as_written or (mail.text, mail.html, mail.attachments)
    contents = [_folded(mail.subject), _folded(text), _folded(html or "")]
    contents += [bodies.digest(part.content) for part in attachments]
    if raw is not None and not (identity or sender or any(contents)):
        contents.append(bodies.digest(raw.strip()))
    whole = "\x00".join([identity, sender, *contents])
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def _folded(text: str) -> str:
    # White space goes entirely, and «>» with it: a server that trims the ends of lines changes where
    # format=flowed text joins, and with that which quote marks stay.
    return re.sub(r"[\s>]+", "", text)
