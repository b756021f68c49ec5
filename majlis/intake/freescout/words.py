"""What FreeScout's numbers and texts mean. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from email.parser import HeaderParser
from email.utils import getaddresses
from html import unescape
from typing import Any
from urllib.parse import unquote

ADMIN = 2  # users.role
USER_ACTIVE = 1  # users.status; 2 is disabled, 3 deleted
ROBOT = 2  # users.type

CUSTOMER_WROTE, REPLY, NOTE, LINE = 1, 2, 3, 4  # threads.type
DRAFT, PUBLISHED, DELETED = 1, 2, 3  # state of conversations; threads: 3 is hidden, 4 held for review
SPAM, CLOSED = 4, 3
STATUSES = {1: "open", 2: "waiting", 3: "closed", 4: "open"}  # active, pending, closed, spam
STATUS_CHANGED, USER_CHANGED, THROWN_AWAY, RESTORED = 1, 2, 10, 11  # threads.action_type
SOCIAL = {
    1: "Twitter", 2: "Facebook", 3: "LinkedIn", 4: "About.me", 5: "Google", 6: "Google+", 7: "Tungle.me", 8: "Quora",
    9: "Foursquare", 10: "YouTube", 11: "Flickr", 12: "Social", 13: "VK",
}  # fmt: skip
_SIGNED = {"{%user.fullName%}": "{name}", "{%user.firstName%}": "{name}"}
_SOURCE = re.compile(r"""(<img\b[^>]*?\bsrc\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def repaired(text: str) -> str:
    """Return `text`, UTF-8 that was kept as if it were Latin 1 put right; all other text as it is.

    MySQL's latin1 is Windows 1252 with the five gaps filled by the control characters of the same number.
    """
    if text.isascii():
        return text
    try:
        return b"".join(_byte(letter) for letter in text).decode("utf-8")
    except UnicodeError:
        return text


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def listed(value: Any) -> list[Any]:
    """What a column holds that is a JSON list, or an object whose values count; none for what cannot be read."""
    try:
        found = json.loads(value) if value else []
    except ValueError:
        return []
    return list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []


def addresses(value: Any) -> list[str]:
    """The addresses of a JSON list, in lower case, once each."""
    found = (str(one).strip().lower() for one in listed(value))
    return list(dict.fromkeys(one for one in found if "@" in one))


def aliases(value: str | None) -> list[str]:
    """The further addresses of a mailbox, as they were typed: parted by commas, some with a name in brackets."""
    plain = re.sub(r"\([^)]*\)", "", value or "")
    return [address.lower() for _, address in getaddresses(re.split(r"[,;\s]+", plain)) if "@" in address]


def signature(html: str | None, mailbox: str) -> str:
    """A signature with {name} for whoever writes; other placeholders go."""
    text = html or ""
    for theirs, ours in _SIGNED.items():
        text = text.replace(theirs, ours)
    text = text.replace("{%mailbox.name%}", mailbox)
    return re.sub(r"\{%[^%]*%\}", "", text)


def name(row: dict[str, Any]) -> str:
    """A person's whole name."""
    return " ".join(f"{row.get('first_name') or ''} {row.get('last_name') or ''}".split())


def attributes(row: dict[str, Any]) -> dict[str, str]:
    """What is kept of a customer that has no place of its own here."""
    found: dict[str, str] = {}

    def put(name: str, value: Any) -> None:
        text = " ".join(str(value or "").split())
        if text and text not in found.values():
            number = sum(1 for one in found if one == name or one.startswith(f"{name} "))
            found[name if not number else f"{name} {number + 1}"] = text

    for phone in listed(row.get("phones")):
        put("phone", phone.get("value") if isinstance(phone, dict) else phone)
    for site in listed(row.get("websites")):
        put("website", site.get("value") if isinstance(site, dict) else site)
    for profile in listed(row.get("social_profiles")):
        if isinstance(profile, dict):
            kind = str(profile.get("type") or "")
            put(SOCIAL.get(int(kind), "Social") if kind.isdigit() else "Social", profile.get("value"))
    for field in ("address", "city", "state", "zip", "country"):
        put(field, row.get(field))
    return found


def shown_here(html: str, files: dict[str, str]) -> str:
    """`html` with pictures that lie in FreeScout's own storage shown from here.

    `files` is {what stands in the address of such a picture, folder and name: content id}.
    """

    def shown(match: re.Match[str]) -> str:
        address = unquote(unescape(match.group(2) if match.group(2) is not None else match.group(3)))
        for place, content_id in files.items():
            if f"attachment/{place}" in address:
                return f'{match.group(1)}"cid:{content_id}"'
        return match.group()

    return _SOURCE.sub(shown, html) if files else html


def ids_of(headers: str | None) -> list[bytes]:
    """The ids a mail names in its header: its own first, then those it answers."""
    if not headers:
        return []
    found = HeaderParser().parsestr(headers.replace("\r\n", "\n").lstrip("\n"))
    values = (found[field] for field in ("Message-ID", "In-Reply-To", "References"))
    return [str(value or "").encode(errors="replace") for value in values]


def digest(*values: object) -> str:
    """A short name of these values, to tell whether they changed."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]
