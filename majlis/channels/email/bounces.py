"""Reports that a message did not arrive: the standard ones (RFC 3464) and the prose of older servers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from majlis.channels.email import headers, words
from majlis.channels.email.bodies import part_text
from majlis.channels.email.dsn import from_xtext
from majlis.channels.email.mail import Address, Bounce
from majlis.channels.email.tree import Node, split_headers

# The second is of mail to addresses beyond ASCII (RFC 6533).
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|report)|failure notice|returned (?:mail|to sender)"
    r"|mail delivery (?:failed|system|subsystem)|delivery (?:delayed|incomplete)|mail system error"
    r"|(?:message|mail) .{0,40}delayed|could not be delivered|unzustellbar|nicht zugestellt|non remis|échec de (?:la )?remise"
    r"|no se (?:puede|pudo) entregar|não (?:foi )?entregue|teslim edilemedi|недоставлен|не доставлен|недоставленн"
    r"|تعذر (?:ال)?تسليم|تعذّر|لم يتم (?:ال)?تسليم|فشل (?:في )?(?:ال)?تسليم|غير قابل للتسليم",
    re.IGNORECASE,
)
_SENDER = re.compile(r"mailer[-_]?daemon|postmaster|mail[-_]?(?:system|admin)|microsoftexchange.*|bounces?")
_ADDRESS = r"[\w.+\-=/']{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,6}"
_LINE_WITH_REASON = re.compile(
    rf"^[ \t]*<?({_ADDRESS})>?(?: on [^\n]{{0,80}})?:?[ \t]*\n?((?:[ \t]*[^\n<].*\n?){{0,6}})", re.M
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d[ -]")
_ORIGINAL = re.compile(
    r"^(?:-{2,}.{0,20}(?:copy of|original message|returned message|undelivered|headers).{0,60}-*.*"
    r"|.{0,40}(?:is a copy of (?:the|your) message).*|Original message headers:.*|Received:.*|Return-Path:.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_MESSAGE_ID = re.compile(r"^[> \t]*Message-I[dD]:[ \t]*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)


def read(
    root: Node, *, sender: Address | None, subject: str, text: str, return_path: str | None
) -> Bounce | None:
    """Return what bounced, or None when this is no bounce. A report of success is none."""
    report = next((node for node in _leaves(root) if node.content_type in _REPORTS), None)
    if report is not None:
        return _standard(root, report, text)
    is_from_a_server = return_path == "" or bool(
        sender and _SENDER.fullmatch(sender.address.partition("@")[0])
    )
    named = headers.addresses(root.all("x-failed-recipients"))
    if not named and not (is_from_a_server and _SUBJECT.search(subject)):
        return None
    return _prose(root, text, tuple(person.address for person in named))


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


def _standard(root: Node, report: Node, text: str) -> Bounce | None:
    failed: dict[str, None] = {}
    statuses: list[str] = []
    diagnostics: list[str] = []
    actions: set[str] = set()
    envelope_id = ""
    for fields in _groups(report.body):
        envelope_id = envelope_id or from_xtext(fields.get("original-envelope-id", "").strip())
        address = _typed(fields.get("final-recipient") or fields.get("original-recipient") or "")
        action = fields.get("action", "failed").split(" ")[0].lower()
        if "final-recipient" not in fields and "action" not in fields and "status" not in fields:
            continue
        if action in ("delivered", "relayed", "expanded"):
            continue
        actions.add(action)
        original = from_xtext(_typed(fields.get("original-recipient", "")))
        found = headers.addresses([(original or address).encode("utf-8", "replace")], "utf-8")
        failed |= dict.fromkeys(person.address for person in found)
        code = _STATUS.search(fields.get("status", ""))
        if code is None or code.group(1).endswith(
            ".0.0"
        ):  # «something» (RFC 3463): the server's words may know more
            code = _STATUS.search(fields.get("diagnostic-code", "")) or code
        if code:
            statuses.append(code.group(1))
        if words_of_the_server := re.sub(r"^\s*[\w-]{2,20}\s*;\s*", "", fields.get("diagnostic-code", "")):
            diagnostics.append(words_of_the_server)
    if not actions and not failed:
        named = headers.addresses(root.all("x-failed-recipients"))
        failed = dict.fromkeys(person.address for person in named)
        if not failed:
            return None if report.body.strip() else _prose(root, text, ())
    status = statuses[0] if statuses else ""
    return Bounce(
        failed=tuple(failed),
        original_message_id=_original_id(root, text),
        is_permanent=actions != {"delayed"} and not status.startswith("4"),
        diagnostic="\n".join(dict.fromkeys(diagnostics)) or _said(text),
        status=status,
        envelope_id=envelope_id[:200],
    )


def _groups(body: bytes) -> Iterator[dict[str, str]]:
    rest = body.replace(b"\r\n", b"\n").strip(b"\n")
    for block in re.split(rb"\n[ \t]*\n", rest)[:200]:
        found, _ = split_headers(block, set())
        yield {name: words.decode(value) for name, value in reversed(found)}


def _typed(value: str) -> str:
    """Take the address out of «rfc822; someone@there» (RFC 3464, 2.1.2)."""
    return value.partition(";")[2].strip() if ";" in value else value.strip()


def _prose(root: Node, text: str, named: tuple[str, ...]) -> Bounce:
    cut = _ORIGINAL.search(text)
    report = text[: cut.start()] if cut else text[:4000]
    failed = dict.fromkeys(named)
    diagnostic = ""
    for match in _LINE_WITH_REASON.finditer(report):
        address = match.group(1).lower().strip(".'")
        if named and address not in failed:
            continue
        failed[address] = None
        diagnostic = diagnostic or match.group(2).strip()
    diagnostic = re.sub(r"\s*\n\s*", "\n", diagnostic) or _said(report)
    status = _STATUS.search(report)
    code = _REPLY_CODE.search(report)
    first = status.group(1) if status else (code.group(1) if code else "5")
    is_delay = bool(
        re.search(r"\b(?:delayed|will (?:keep|continue) (?:to )?try|not yet been\s+delivered)", report)
    )
    return Bounce(
        failed=tuple(failed),
        original_message_id=_original_id(root, text),
        is_permanent=not first.startswith("4") and not is_delay,
        diagnostic=diagnostic,
        status=status.group(1) if status else "",
    )


def _said(text: str) -> str:
    """Return the line of the report that quotes the other server, or nothing."""
    for line in text.split("\n")[:200]:
        if _STATUS.search(line) or re.match(r"\W*(?:\w+:\s*)?[45]\d\d[ -]", line):
            return line.strip()[:1000]
    return ""


def _original_id(root: Node, text: str) -> str | None:
    for node in _leaves(root):
        if node.content_type in (
            "message/rfc822",
            "text/rfc822-headers",
            "message/global",
            "message/global-headers",
        ):
            found, _ = split_headers(node.body.lstrip(), set())
            ids = headers.message_ids(value for name, value in found if name == "message-id")
            if ids:
                return ids[0]
    if match := _MESSAGE_ID.search(text):
        return match.group(1)
    for leaf in _leaves(root):
        if leaf.content_type == "text/plain" and (match := _MESSAGE_ID.search(part_text(leaf))):
            return match.group(1)
    ids = headers.message_ids([*root.all("in-reply-to"), *root.all("references")])
    return ids[-1] if ids else None
