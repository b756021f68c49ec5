"""What the receiving server found when it checked where a message comes from (RFC 8601): SPF, DKIM, DMARC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from majlis.channels.email import words

MOST_FIELDS = 50
_METHOD = re.compile(r"\s*(spf|dkim|dmarc)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(?:header|smtp)\.(d|i|from|mailfrom)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_RESULTS = {"pass", "fail", "softfail", "neutral", "none", "temperror", "permerror", "policy"}
# Under a country's own ending, these stand for a kind of organisation and not for one.
_KINDS = {"co", "com", "net", "org", "gov", "edu", "ac", "mil", "sch", "med", "go", "or", "ne"}


@dataclass(frozen=True, slots=True)
class Checks:
    """The verdicts of one server. `by` is the name it gave itself, "" where it gave none (Microsoft's).

    Each of `spf`, `dkim` and `dmarc` is a result word of RFC 8601 §2.7, "" when it was not looked at. `domain` is
    whose signature counted; `is_aligned`: an SPF or DKIM pass was of the domain that From names (RFC 7489 §3.1).
    """

    by: str
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    domain: str = ""
    is_aligned: bool = False

    @property
    def verdict(self) -> str:
        """ "pass", "fail", or "" when nothing certain was found: a forwarded mail may miss SPF and be genuine."""
        if self.dmarc in ("pass", "fail"):
            return self.dmarc
        return "pass" if self.is_aligned else ""


def read(fields: Iterable[bytes], *, sender: str) -> Checks | None:
    """Return what the topmost server said in these Authentication-Results values (in order); None without any.

    A server may write a field for each method (Apple's): those right below the first, of the same organisation,
    belong to it. Whatever stands further down may have been written by anybody on the way. `sender`: From's address.
    """
    from_domain = organisation(sender.rpartition("@")[2])
    found: Checks | None = None
    for value in list(fields)[:MOST_FIELDS]:
        by, results = _parsed(words.decode(value))
        if found is None:
            found = Checks(by)
        elif organisation(by) != organisation(found.by) or not by:
            break
        found = _with(found, results, from_domain)
    return found


def _with(known: Checks, results: list[tuple[str, str, dict[str, str]]], from_domain: str) -> Checks:
    spf, dkim, dmarc, domain, is_aligned = known.spf, known.dkim, known.dmarc, known.domain, known.is_aligned
    for method, result, named in results:
        if method == "spf":
            spf = spf or result
            of = named.get("mailfrom", "").rpartition("@")[2] or named.get("mailfrom", "")
            is_aligned = is_aligned or (result == "pass" and organisation(of) == from_domain != "")
        elif method == "dkim":
            of = named.get("d") or named.get("i", "").rpartition("@")[2]
            is_ours = result == "pass" and organisation(of) == from_domain != ""
            # Of several signatures the one of the sender's own domain counts, else one that holds.
            if not dkim or is_ours or (result == "pass" and dkim != "pass"):
                dkim, domain = result, of.lower()
            is_aligned = is_aligned or is_ours
        else:
            dmarc = dmarc or result
    return Checks(known.by, spf, dkim, dmarc, domain, is_aligned)


def _parsed(value: str) -> tuple[str, list[tuple[str, str, dict[str, str]]]]:
    """Return who speaks, and (method, result, what it was about) of each result that is known here."""
    pieces = _without_comments(value).split(";")
    first = pieces[0].strip()
    by = "" if "=" in first else first.partition(" ")[0].lower().strip('"')
    results = []
    for piece in pieces if not by else pieces[1:]:
        found = _METHOD.match(piece)
        if found and found.group(2).lower() in _RESULTS:
            named = {key.lower(): text for key, text in reversed(_PROPERTY.findall(piece))}
            results.append((found.group(1).lower(), found.group(2).lower(), named))
    return by, results


def _without_comments(text: str) -> str:
    """Drop what stands in parentheses (RFC 5322 §3.2.2): anybody's words may stand there."""
    out: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for letter in text[:20_000]:
        if is_escaped:
            is_escaped = False
        elif letter == "\\":
            is_escaped = True
            continue
        elif letter == '"' and not depth:
            is_quoted = not is_quoted
        elif letter == "(" and not is_quoted:
            depth += 1
        elif letter == ")" and depth and not is_quoted:
            depth -= 1
            continue
        # A quoted semicolon separates nothing; no name that is looked for holds one.
        if not depth:
            out.append("," if is_quoted and letter == ";" else letter)
    return "".join(out)


def organisation(host: str) -> str:
    """Return the part of a host name that somebody registered: `mail.example.com.sa` is of `example.com.sa`."""
    labels = host.lower().strip(".").split(".")
    if len(labels) >= 3 and len(labels[-1]) == 2 and labels[-2] in _KINDS:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])
