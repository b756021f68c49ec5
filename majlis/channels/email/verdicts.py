"""What a server's answer means: by its enhanced code first (RFC 3463, 5248), then by its words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Scope = Literal["", "host", "mailbox"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means.

    kind: "" when only its class is known; else unknown_address, unknown_domain, closed, mailbox_full, greylisted, busy,
    throttled, spam, unauthenticated, policy, relay, sender, too_big, expired or loop. is_permanent: trying again will
    not help. scope: what should rest besides this message. wait_seconds: how long the server asks for, when it says so.
    """

    kind: str
    is_permanent: bool
    scope: Scope = ""
    wait_seconds: int | None = None


# Those that are about the address itself: nothing arrives there, whoever writes.
ABOUT_THE_ADDRESS = frozenset({"unknown_address", "unknown_domain", "closed"})

_ANSWER = re.compile(r"(?<!\d)([245]\d\d)(?:[ -]|$)")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_WAIT = re.compile(
    r"(?:retry|try again|wait|come back|again)\D{0,30}?(\d{1,6})\s*(s|m|h)(?:ec(?:ond)?|in(?:ute)?|(?:ou)?r)?s?\b",
    re.I,
)
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LONGEST_WAIT_SECONDS = 6 * 3600

_WORDS: list[tuple[str, re.Pattern[str]]] = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("greylisted", r"gr[ae]y-?\s?list|postgrey|policyd-weight"),
        ("busy", r"(?:user|recipient)[^.]{0,60}receiving (?:mail|messages) (?:too quickly|at a rate)"),
        (
            "throttled",
            (
                r"too many|rate.?limit|throttl|slow down|(?:sending|message|hourly|daily|connection) (?:limit|quota|rate)"
                r"|(?:limit|quota) (?:on|of) messages|too fast|too frequent|unusual rate|exceeded the rate"
            ),
        ),
        (
            "mailbox_full",
            r"(?:mailbox|inbox|account)[^.]{0,30}(?:is )?full|over ?quota|quota exceeded|out of storage",
        ),
        ("relay", r"relay(?:ing)? (?:not|is not|access|denied)|unable to relay"),
        ("too_big", r"(?:message|size|mail)[^.]{0,40}(?:too (?:big|large)|exceeds)"),
        (
            "unknown_address",
            (
                r"no such (?:user|person|mailbox|recipient|address)|(?:user|recipient|mailbox|address) (?:is )?(?:unknown|not found)"
                r"|unknown (?:user|recipient)|(?:does not|doesn't) (?:exist|have an account)|invalid (?:recipient|mailbox)"
                r"|unrouteable address"
            ),
        ),
        (
            "unknown_domain",
            r"(?:domain|host) (?:name )?(?:not found|unknown)|unrouteable (?:mail )?domain|no (?:valid )?mx",
        ),
        ("closed", r"(?:mailbox|account|user)[^.]{0,30}(?:disabled|suspended|inactive|closed|no longer)"),
        ("unauthenticated", r"\b(?:spf|dkim|dmarc)\b|unauthenticated|reverse dns|ptr record"),
        ("spam", r"spam|black-?list|block-?list|reputation|spamhaus|junk|blocked using"),
    )
]
# Of the whole server, not of one account there.
_OF_THE_HOST = re.compile(
    r"connection|your (?:ip|host)|client host|from this (?:ip|host)|\[\d+\.\d+", re.IGNORECASE
)
_BY_STATUS = {
    (1, 1): "unknown_address", (1, 2): "unknown_domain", (1, 3): "unknown_address", (1, 6): "unknown_address",
    (1, 7): "sender", (1, 8): "sender", (1, 10): "unknown_address", (2, 1): "closed", (2, 2): "mailbox_full",
    (2, 3): "too_big", (3, 4): "too_big", (4, 4): "unknown_domain", (4, 5): "throttled", (4, 6): "loop",
    (4, 7): "expired", (7, 20): "unauthenticated", (7, 23): "unauthenticated", (7, 25): "unauthenticated",
    (7, 26): "unauthenticated", (7, 27): "unauthenticated", (7, 30): "unauthenticated", (7, 509): "unauthenticated",
}  # fmt: skip


def read(words: str, *, status: str = "") -> Verdict:
    """Read an answer as servers write it («550 5.1.1 no such person»), or a report's diagnostic with its `status`.

    The enhanced code decides before the three digits do. A full mailbox and a used-up sending limit are temporary
    whatever the server calls them: both pass by themselves.
    """
    answer = _ANSWER.search(words)
    code = int(answer.group(1)) if answer else 0
    found = _STATUS.search(status) or _STATUS.search(words)
    number = int(found.group(1)) if found else code // 100
    detail = (int(found.group(2)), int(found.group(3))) if found else None
    said = next((kind for kind, pattern in _WORDS if pattern.search(words)), "")
    kind = _temporary(code, detail, said) if number == 4 else _final(detail, said)
    if kind in ("throttled", "mailbox_full"):
        number = 4
    scope: Scope = ""
    if kind == "throttled":
        scope = "host" if code == 421 or _OF_THE_HOST.search(words) else "mailbox"
    return Verdict(kind, number == 5, scope, _wait(words))


def _temporary(code: int, detail: tuple[int, int] | None, said: str) -> str:
    """4.2.1 and 4.7.x slow the sender down, unless the words tell of one recipient or of greylisting."""
    if said in ("greylisted", "busy"):
        return said
    if detail == (2, 2):
        return "mailbox_full"
    if said == "throttled" or code == 421 or detail == (2, 1) or (detail is not None and detail[0] == 7):
        return "throttled"
    return said if said == "mailbox_full" else ("expired" if detail == (4, 7) else "")


def _final(detail: tuple[int, int] | None, said: str) -> str:
    if detail is None or detail == (0, 0):
        return "" if said in ("greylisted", "busy") else said
    if known := _BY_STATUS.get(detail):
        return known
    if detail[0] == 7:
        return said if said in ("relay", "unauthenticated", "spam", "throttled") else "policy"
    return said if said in ("throttled", "too_big", "mailbox_full", *ABOUT_THE_ADDRESS) else ""


def _wait(words: str) -> int | None:
    found = _WAIT.search(words)
    if found is None:
        return None
    return min(_LONGEST_WAIT_SECONDS, int(found.group(1)) * _SECONDS[found.group(2).lower()])
