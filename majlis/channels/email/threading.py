"""Which conversation an incoming message belongs to: signed Message-IDs, and the decision made from what they find."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from majlis.channels.email.mail import ParsedMail
from majlis.lib.arabic import BIDI_MARKS

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(
    r"(?<![0-9a-z])mj-([0-9a-z]{1,13})-([0-9a-z]{1,13})-([a-z2-7]{16})(?![0-9a-z])", re.IGNORECASE
)
_NOTICE = re.compile(
    r"(?<![0-9a-z])mn-([0-9a-z]{1,13})-([0-9a-z]{1,13})-([a-z2-7]{16})(?![0-9a-z])", re.IGNORECASE
)
# How FreeScout names its replies and acknowledgements; what stands behind the number is its secret's or long gone.
_BROUGHT = re.compile(r"<(?:FS_)?(?:auto)?reply-(\d{1,12})-[0-9a-z-]{1,64}@([^<>@\s]+)>", re.IGNORECASE)
_PREFIX = re.compile(
    r"\s*(?:re|fwd?|aw|wg|sv|vs|vl|tr|rv|enc|ynt|i̇lt|ilt|antw|odp|الرد|رد|إعادة توجيه|اعادة توجيه|إعادة التوجيه"
    r"|إعادة إرسال|توجيه|محول|תגובה)(?:\s*[\[(]\s*[\d٠-٩]{1,3}\s*[\])])?\s*[:：]\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """What our own Message-ID says about itself, once its signature has been proved."""

    conversation_id: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What the Message-ID of a letter to a teammate says about itself, once its signature has been proved."""

    reference: int
    teammate_id: int


@dataclass(frozen=True, slots=True)
class Match:
    """A conversation that one of the message's ids led to.

    participants: the addresses taking part in it, any case. by: which trace led there; "token" only where
    `read_token` proved the signature.
    """

    conversation_id: int
    mailbox_id: int
    participants: frozenset[str]
    by: Literal["token", "in_reply_to", "references"]


@dataclass(frozen=True, slots=True)
class Decision:
    """join: the conversation to go into, None for a new one. as_new_participant: the sender was not part of it yet.
    maybe: for a new conversation, the one it may belong to, to be offered as a link and never joined by itself."""

    join: int | None
    as_new_participant: bool
    maybe: int | None


def token_for(entry_ref: str | int, key: bytes) -> str:
    """Return the signature of `entry_ref`: 16 letters and digits that survive any change of case.

    HMAC-SHA256 (RFC 2104) cut to 80 bits, in base32 (RFC 4648).
    """
    return _signature(b"majlis message-id", str(entry_ref), key)


def _signature(label: bytes, named: str, key: bytes) -> str:
    signature = hmac.new(key, label + b"\x00" + named.encode(), hashlib.sha256).digest()
    return base64.b32encode(signature[:10]).decode("ascii").lower()


def make_message_id(conversation_id: int, entry_id: int, *, domain: str, key: bytes) -> str:
    """Return the Message-ID of an outgoing entry, `<…@domain>`; the same entry always has the same one.

    The signed token is the local part, so it comes back in In-Reply-To or References whatever a mail program does
    with subjects and addresses.
    """
    if conversation_id < 0 or entry_id < 0:
        raise ValueError("ids are not negative")
    signature = token_for(f"{conversation_id}/{entry_id}", key)
    return f"<mj-{_base36(conversation_id)}-{_base36(entry_id)}-{signature}@{domain}>"


def _base36(number: int) -> str:
    out = ""
    while number:
        number, rest = divmod(number, 36)
        out = _DIGITS[rest] + out
    return out or "0"


def read_token(message_id: str, key: bytes) -> Token | None:
    """Return what a Message-ID of ours names, or None for others' ids and for forged ones.

    Finds the token anywhere in `message_id`: servers on the way change case, drop the brackets, put things around it
    or another domain behind it.
    """
    for match in _TOKEN.finditer(re.sub(r"\s+", "", message_id)):
        conversation_id, entry_id = int(match.group(1), 36), int(match.group(2), 36)
        wanted = token_for(f"{conversation_id}/{entry_id}", key)
        if hmac.compare_digest(wanted, match.group(3).lower()):
            return Token(conversation_id, entry_id)
    return None


def make_notice_id(reference: int, teammate_id: int, *, domain: str, key: bytes) -> str:
    """Return the Message-ID of a letter to a teammate, `<…@domain>`: an answer to that letter is known by it.

    It is signed under a label of its own, so that it never passes for the id of an entry, nor the reverse.
    """
    if reference < 0 or teammate_id < 0:
        raise ValueError("ids are not negative")
    signature = _signature(b"majlis notice-id", f"{reference}/{teammate_id}", key)
    return f"<mn-{_base36(reference)}-{_base36(teammate_id)}-{signature}@{domain}>"


def read_notice(message_id: str, key: bytes) -> Notice | None:
    """Return which letter a Message-ID of ours is of, or None for all other ids. Found as `read_token` finds."""
    if "mn-" not in message_id.lower():
        return None
    for match in _NOTICE.finditer(re.sub(r"\s+", "", message_id)):
        reference, teammate_id = int(match.group(1), 36), int(match.group(2), 36)
        wanted = _signature(b"majlis notice-id", f"{reference}/{teammate_id}", key)
        if hmac.compare_digest(wanted, match.group(3).lower()):
            return Notice(reference, teammate_id)
    return None


def candidates(mail: ParsedMail) -> list[str]:
    """Return the ids of the messages this one may answer, likeliest first: In-Reply-To, then References newest first.

    An id as FreeScout made them is followed by the one its reply has when it was brought along (`brought_id`).
    """
    ids = [*mail.in_reply_to, *reversed(mail.references)]
    return list(dict.fromkeys(named for value in ids for named in (value, *brought(value))))


def brought_id(number: int, domain: str) -> str:
    """Return the id that stands for whichever FreeScout gave the mail of its thread `number`, sent from `domain`."""
    return f"<freescout-{number}@{domain.lower()}>"


def brought(value: str) -> tuple[str, ...]:
    match = _BROUGHT.fullmatch(value)
    return (brought_id(int(match.group(1)), match.group(2)),) if match else ()


def normalise_subject(subject: str) -> str:
    """Return `subject` without «Re:», «Fwd:», «رد:», «إعادة توجيه:» and their kin, however many, in one line."""
    text = re.sub(r"\s+", " ", BIDI_MARKS.sub("", subject)).strip()
    while match := _PREFIX.match(text):
        text = text[match.end() :]
    return text.strip()


def decide(matches: Sequence[Match], *, sender: str, mailbox_id: int) -> Decision:
    """Return where a message goes. Pure: the caller looks up what the ids lead to, likeliest first.

    matches: in the order of `candidates`. sender: the From address. mailbox_id: of the mailbox that received it.
    A header joins only somebody who takes part already; a signed token lets its bearer in as a new participant. What
    leads into another mailbox is only linked: one message to two mailboxes is two conversations. Subjects never join.
    """
    order = {"token": 0, "in_reply_to": 1, "references": 2}
    here = sorted(
        (match for match in matches if match.mailbox_id == mailbox_id), key=lambda match: order[match.by]
    )
    person = sender.strip().casefold()
    for match in here:
        takes_part = bool(person) and person in {address.casefold() for address in match.participants}
        if takes_part or match.by == "token":
            return Decision(join=match.conversation_id, as_new_participant=not takes_part, maybe=None)
    known = here or sorted(matches, key=lambda match: order[match.by])
    return Decision(join=None, as_new_participant=False, maybe=known[0].conversation_id if known else None)
